"""Keywords in every spelling that people and their phones produce; sentences, which a person has to judge."""

import unicodedata

import pytest

from service.optout_words import Wish, asks_to_stop, wish_in

LAW = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
STOPS = (*LAW, "opt-out", "optout", "stop all", "stopall", "ARRET", "ARRÊT", "Arrêter", "PARAR", "BAJA", "ALTO")
STOPS += ("CANCELAR", "STOPP", "SLUTA", "Avsluta", "s t o p", "S.T.O.P.", "STOP STOP STOP", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏")
STARTS = ("start", "UNSTOP", "yes", "opt in", "opt-in", "Starta", "ALTA", "Comenzar", "Démarrer")
ORNAMENTS = (
    "{}", " {} ", "{}.", "{}!!!", "'{}'", '"{}"', "“{}”", "‘{}’", "«\xa0{}\xa0»", "„{}“", "`{}`", "*{}*", "({})",
    "{} 🛑", "\u200b{}\u200d", "\ufeff{}", "\u202a{}\u202c", "{}\u2060.", "\n{}\r\n", "{}…", "¡{}!", "_{}_ 👍",
)  # fmt: skip


@pytest.mark.parametrize("ornament", ORNAMENTS)
@pytest.mark.parametrize(("words", "wish"), [(STOPS, Wish.STOP), (STARTS, Wish.START)])
def test_a_keyword_counts_in_whatever_it_is_wrapped(ornament, words, wish):
    for word in words:
        for form in ("NFC", "NFD"):
            for spelling in (word, word.upper(), word.capitalize()):
                assert wish_in(unicodedata.normalize(form, ornament.format(spelling))) is wish, spelling


@pytest.mark.parametrize("text", ["Hjälp!", "HELP", "info?", "Ayuda", "aide"])
def test_a_call_for_help(text):
    assert wish_in(text) is Wish.HELP


def test_a_joiner_inside_a_word_is_nothing():
    assert wish_in("ST\u200bOP") is Wish.STOP


def test_a_question_ends_consent_but_never_gives_it():
    assert wish_in("Stop?") is Wish.STOP
    assert wish_in("Yes?") is None


def test_the_carriers_own_reading_goes_first():
    assert wish_in("Basta", "stop") is Wish.STOP


SENTENCES = (
    "please stop texting me",
    "Please stop",
    "STOP it",
    "Stop sending me these messages!",
    "stop all the texts",
    "Don’t text me again",
    "do not contact me anymore",
    "I don't want any more texts",
    "I no longer want to receive your messages",
    "No more texts please",
    "Take me off your list",
    "remove my number",
    "I want to unsubscribe from this",
    "I'd like to opt out of these",
    "I am opting out",
    "I revoke my consent to this",
    "leave me alone",
    "STOP\n\nSent from my iPhone",
    "Sluta skicka sms till mig",
    "Skicka inte fler sms",
    "Jag vill inte ha fler meddelanden",
    "ta bort mig från listan",
    "Por favor deje de enviarme mensajes",
    "No me escriban más",
    "ya no quiero recibir sus mensajes",
    "Quiero darme de baja",
    "Arrêtez de m'envoyer des textos",
    "Ne m’écrivez plus",
    "Je ne veux plus recevoir de messages",
    "Retirez mon numéro",
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_that_asks_for_an_end_is_no_keyword_and_is_noticed(text, form):
    text = unicodedata.normalize(form, text)
    assert wish_in(text) is None
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "please stop by at noon",
        "Can you stop by tomorrow?",
        "Stop calling it that",
        "starting when?",
        "The bus stop is closed",
        "Cancel my appointment on Monday",
        "Please cancel the order",
        "At the end of the street",
        "Text me when you are there",
        "Don't forget the cake",
        "I don't want nuts in it",
        "The message never came",
        "You can take me at noon?",
        "Remove the nuts from my order",
        "Slutar ni klockan fem?",
        "Ska jag skicka en bild?",
        "¿Está en la planta baja?",
        "El precio es muy alto",
        "No me gusta el chocolate",
        "À quel arrêt de bus ?",
        "Plus de pain, merci",
    ],
)
def test_a_sentence_about_something_else_is_neither(text):
    assert wish_in(text) is None
    assert not asks_to_stop(text)


@pytest.mark.parametrize("text", ["STOP", "Opt-out.", "start", "help"])
def test_a_keyword_is_no_mere_suggestion(text):
    assert not asks_to_stop(text)
