"""Consent in incoming texts: the keywords STOP, START and HELP, and sentences that ask for no more texts.

47 CFR 64.1200(a)(10) names the words that revoke consent to texts (stop, quit, end, revoke, opt out, cancel,
unsubscribe), and counts any other wording that a reasonable person would understand so: a keyword takes effect at
once, a sentence is for the team to judge.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """The wish that a keyword expresses."""

    STOP = "stop"
    START = "start"
    HELP = "help"


# without accents, blanks and marks. The first row of each is what carriers and the law name,
# the others are Swedish, Spanish and French
_KEYWORDS: Final = {
    Wish.STOP: """
        stop stopall unsubscribe cancel end quit revoke optout
        stopp sluta avsluta avregistrera
        alto baja parar pare cancelar
        arret arreter arretez desabonner annuler
        """,
    Wish.START: """
        start unstop yes optin resume subscribe
        starta borja
        alta iniciar comenzar empezar
        commencer demarrer reprendre
        """,
    Wish.HELP: "help info hjalp ayuda aide",
}
_WISHES: Final = {word: wish for wish, words in _KEYWORDS.items() for word in words.split()}

# over words without accents, with single blanks between them
_ENDINGS: Final = re.compile(
    # English
    r"(?:please|pls|plz) stop$|^stop (?:it|this|now|please|pls|plz|already)\b|^stop all\b"
    r"|\b(?:stop|quit|cease) (?:texting|sending|messaging|contacting|spamming|bothering|harassing)\b"
    r"|\b(?:stop|quit|cease) (?:calling|writing)(?: to)? (?:me|us|this number|here)\b"
    r"|\bstop (?:the|these|those|your|all|any|with) (?:\w+ ){0,2}(?:texts?|messages?|sms|texting|spam)\b"
    r"|\b(?:do not|don t|dont|never) (?:ever )?(?:text|message|contact|write)(?: to)? (?:me|us|this|again|any ?more)\b"
    r"|\b(?:do not|don t|dont|no longer) want (?:to (?:get|receive|have) )?(?:\w+ ){0,3}(?:texts?|messages?|sms)\b"
    r"|\bno more (?:texts?|messages?|sms|texting)\b|\bleave me alone\b|\blose my number\b"
    r"|\b(?:remove|delete) (?:me|us|my number|this number)\b"
    r"|\btake (?:me|us|my number|this number) (?:off|out of|from)\b"
    r"|\bunsubscribe\b|\bopt(?:ing|ed)? (?:\w+ )?out\b|\b(?:revoke|withdraw)\b.*\bconsent\b"
    # Swedish
    r"|\bsluta (?:att )?(?:sms\w*|messa|texta|skriva|skicka|kontakta|hora av|ringa|spamma|stora)\b"
    r"|\b(?:skicka|skriv|sms\w*|messa|kontakta) (?:mig )?(?:inte|aldrig)\b|\binga fler (?:sms|meddelanden|mess)\b"
    r"|\bvill inte (?:langre )?(?:ha|fa|ta emot)\b.*\b(?:sms|meddelanden|mess)\b|\bta bort (?:mig|mitt nummer)\b"
    r"|\bavregistrera\b|\bavanmal\b"
    # Spanish
    r"|\b(?:deje|dejen|deja) de (?:enviar|mandar|escribir|textear|contactar|molestar)\w*"
    r"|\bno me (?:vuelva\w* a )?(?:escrib|mand|envi|text|contact)\w*|\bno mas (?:mensajes|textos|sms)\b"
    r"|\b(?:ya )?no quiero (?:recibir )?(?:\w+ ){0,2}(?:mensajes|textos|sms)\b"
    r"|\b(?:dar|deme|darme|den) (?:me )?de baja\b"
    r"|\b(?:quiteme|quitenme|borreme|borrenme|eliminenme|elimineme)\b"
    # French
    r"|\b(?:arrete[zr]?|cesse[zr]?) (?:de |d )(?:m |me )?(?:ecrire|envoyer|texter|contacter|harceler|deranger)\b"
    r"|\bne (?:me |m )(?:textez|ecrivez|contactez|envoyez|texte|ecris|contacte|envoie) (?:plus|pas)\b"
    r"|\bplus de (?:textos?|messages?|sms)\b|\bne veux plus (?:de|recevoir)\b|\bdesabonne[zr]? ?(?:moi)?\b"
    r"|\b(?:retirez|enlevez|supprimez) (?:moi|mon numero)\b"
)


def wish_in(text: str, opt_out: str = "") -> Wish | None:
    """The wish in a text that is a keyword: as the carrier read it (`opt_out`), else by its words.

    Case, accents, blanks and punctuation around or between the letters are ignored. A question is never START, because
    it gives no consent.
    """
    if opt_out in list(Wish):
        return Wish(opt_out)
    words = _words(text)
    wish = _WISHES.get("".join(words)) or _repeated(words)
    return None if wish is Wish.START and "?" in text else wish


def asks_to_stop(text: str) -> bool:
    """Whether a text that is not a keyword reads as if its sender wants no more texts."""
    if wish_in(text):
        return False
    alone = any(wish_in(line) is Wish.STOP for line in text.splitlines())
    return alone or _ENDINGS.search(" ".join(_words(text))) is not None


def _repeated(words: list[str]) -> Wish | None:
    """The wish in a text that repeats one keyword."""
    wishes = {_WISHES.get(word) for word in words}
    return wishes.pop() if len(wishes) == 1 else None


def _words(text: str) -> list[str]:
    """The words of a text in lower case without accents; characters without width do not separate words."""
    unfolded = unicodedata.normalize("NFKD", text).casefold()
    shown = (sign for sign in unfolded if unicodedata.category(sign) not in {"Mn", "Me", "Cf"})
    return "".join(sign if sign.isalnum() else " " for sign in shown).split()
