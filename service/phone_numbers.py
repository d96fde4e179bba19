"""Phone numbers as people and carriers write them, read in one place. Nothing is dropped or changed in silence.

`read` takes what a person typed: it is one number, or a `NotANumber` says why it is none. `known_as` takes what a
carrier tells of the other end, which is never refused: numbers become E.164, everything else stays as it came.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, timezone

from service.errors import Sentence
from service.plain_text import plain
from service.written_numbers import written

HOME: Final = "US"
"""The country (ISO) whose numbers are written without its code, where nothing else says which."""

LONGEST: Final = 32
"""Characters by which a sender or caller without a number is known."""

NO_NUMBER: Final = "anonymous"
"""What a caller is known as who hides everything."""

SHORTEST_SOUGHT: Final = 3
"""Fewest digits that are searched as a number."""

_NO_COUNTRY: Final = "001"
"""Satellites, international networks and freephone, in the library's words."""

_LONGEST_SHORT_CODE: Final = 6
_MOST_DIGITS: Final = 15
_MEXICO: Final = 52
_OLD_MEXICAN_MOBILE: Final = 11
_MOST_LOOKED_THROUGH: Final = 200
_FEWEST_DIGITS: Final = 7
_VANITY_LETTERS: Final = 3

_E164: Final = re.compile(r"\+\d{7,15}")
_NORTH_AMERICAN: Final = re.compile(r"\+1[2-9][0-9]{9}")  # how nearly all come: reading it would take a call long
_ARGENTINE: Final = re.compile(r"\+54(9?)(\d{10})")
_ONLY_A_NUMBER: Final = re.compile(r"\+?[\d ().\-/\[\]~*]+")
_WELL_KNOWN_SHORT: Final = re.compile(r"[2-9]11|112|999|\d{5,6}")
_SEPARATORS: Final = re.compile(r"[,;|&\n]|/ | /|\b(?:or|and|och|eller|o|y|ou|et)\b", re.IGNORECASE)
_LABELED: Final = re.compile(
    r"[\s,;]*(?:\b|(?<=\d))(?:extension|extensi[oó]n|extn?|xtn|x|anknytning|ankn?|poste|int|anexo)[\s.:=]*(\d{1,6})#?",
    re.IGNORECASE,
)
_PAUSED: Final = re.compile(r"\s*[#,;pw]+\s*(\d{1,6})#?(?!\d)", re.IGNORECASE)
_VANITY: Final = re.compile(r"(?:\+?1[-. ]*)?\(?\d{3}\)?[-. ]*([0-9A-Z](?:[-. ]?[0-9A-Z])*)", re.IGNORECASE | re.ASCII)
_LETTER_APART: Final = re.compile(r"\d[. ]+[A-Z]|[A-Z][. ]+\d", re.IGNORECASE | re.ASCII)


class Refusal(StrEnum):
    """Why something is not a phone number that can be used."""

    INCOMPLETE = "incomplete"
    LETTERS = "letters"
    SEVERAL = "several"
    EXTENSION = "extension"
    SHORT_CODE = "short_code"
    NO_COUNTRY = "no_country"
    UNKNOWN_COUNTRY = "unknown_country"
    FROM_ABROAD = "from_abroad"
    BY_LETTERS = "by_letters"


SENTENCES: Final[Mapping[Refusal, str]] = {
    Refusal.INCOMPLETE: "That’s not a complete phone number. Include the area code.",
    Refusal.LETTERS: "There are letters next to the number. Enter only the number.",
    Refusal.SEVERAL: "That’s more than one number. Enter just one.",
    Refusal.EXTENSION: "Extensions don’t work here. Enter the number without the extension.",
    Refusal.SHORT_CODE: "That’s a short code, which works in one country only. Enter a full phone number.",
    Refusal.NO_COUNTRY: "This number doesn’t belong to a country, so we can’t use it here.",
    Refusal.UNKNOWN_COUNTRY: ("We don’t know that country code. Check it and enter the number again."),
    Refusal.FROM_ABROAD: (
        "For a number outside the US and Canada, start with + and the country code, like +46 for Sweden."
    ),
    Refusal.BY_LETTERS: "In digits, that’s {number}. If it’s right, send it like that.",
}
"""What is said of each, in English; `number` is what the letters of 1-800-FLOWERS come to."""


class NotANumber(ValueError):
    """What was typed is not one phone number that can be used; `refusal` says why.

    A number written with letters for keys is refused once, with its `digits`, which its writer has not seen yet.
    """

    def __init__(self, refusal: Refusal, digits: str = "") -> None:
        self.refusal = refusal
        self.digits = digits
        super().__init__(refusal.value)

    @property
    def sentence(self) -> Sentence:
        """What is said of it."""
        return Sentence(SENTENCES[self.refusal], instead=self.digits, number=self.digits)


@dataclass(frozen=True, slots=True)
class Written:
    """A number that a person wrote: in E.164, with its extension (digits, or "")."""

    number: str
    extension: str = ""

    @property
    def dialed(self) -> str:
        """The number with its extension behind it, as RFC 3966 writes it: `+14155552671;ext=12`."""
        return f"{self.number};ext={self.extension}" if self.extension else self.number


def read(typed: str, country: str = HOME) -> Written:
    """The one number that was typed; without a country code it is one of `country` (ISO), or else of `HOME`.

    Raises `NotANumber`.
    """
    try:
        return _read_in(typed, country)
    except NotANumber:
        with suppress(NotANumber):
            return _read_in(typed, HOME)
        raise


def _read_in(typed: str, country: str) -> Written:
    text, extension = _without_extension(plain(typed))
    _one_alone(text, country)
    if any(map(str.isalpha, text)):
        parsed = _parsed(_keyed(text), country)
        raise NotANumber(Refusal.BY_LETTERS, written(phonenumbers.format_number(parsed, PhoneNumberFormat.E164)))
    return Written(_e164(_parsed(text, country)), extension)


def read_alone(typed: str, country: str = HOME) -> Written:
    """The same where no extension can be dialed. Raises `NotANumber`."""
    written = read(typed, country)
    if written.extension:
        raise NotANumber(Refusal.EXTENSION)
    return written


@lru_cache(maxsize=1024)
def known_as(sender: str, country: str) -> str:
    """How a sender or caller is known: in E.164, read as in `country` (ISO), from a `tel:` or `sip:` address too.

    Short codes, senders' names and callers who hide their number have no E.164 and stay as they came. Cached, because
    it is asked several times during a call.
    """
    if _NORTH_AMERICAN.fullmatch(sender):
        return sender
    text = plain(_user_part(sender))
    if _digits(text) > _LONGEST_SHORT_CODE and _ONLY_A_NUMBER.fullmatch(text):
        for spelling in (text, f"+{text}", f"+{text.removeprefix('00')}"):
            number = _possible(spelling, country)
            if number and (text.startswith("+") or phonenumbers.is_valid_number(number)):
                return _e164(number)
    return sender.strip()[:LONGEST].strip() or NO_NUMBER


def spellings(number: str) -> tuple[str, ...]:
    """A number (E.164) and the other spelling under which networks pass the same phone on, if it has one.

    Calls from a mobile in Argentina come with a 9 after the country code or without it
    (https://en.wikipedia.org/wiki/Telephone_numbers_in_Argentina).
    """
    if found := _ARGENTINE.fullmatch(number):
        return number, f"+54{found[2]}" if found[1] else f"+549{found[2]}"
    return (number,)


def shortest_spelling(number: str) -> str:
    """The one of a number's spellings (E.164) by which it is kept where it is not dialed."""
    return min(spellings(number), key=len)


def digits_sought(wanted: str) -> str:
    """The digits of a search by number in any spelling; "" if it has letters, or fewer than `SHORTEST_SOUGHT`."""
    digits = re.sub(r"\D", "", wanted).lstrip("0")
    return "" if len(digits) < SHORTEST_SOUGHT or re.search(r"[^\W\d_]", wanted) else digits


def is_dialable(number: str) -> bool:
    """Whether a number can be texted and shown as a caller, unlike a short code, a name or an empty text."""
    return _E164.fullmatch(number) is not None


def is_callable(number: str) -> bool:
    """Whether this identifies a caller: a number or a SIP address, not the name of a hidden number."""
    return is_dialable(number) or number.lower().startswith(("sip:", "sips:"))


def zone_near(number: str) -> str:
    """The time zone (IANA) of the place of a number (E.164); "" for one of several places, or of none."""
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else ""


def without_extension(dialed: str) -> str:
    """The number (E.164) of what is dialed, without the extension that may follow it."""
    return dialed.partition(";")[0]


def _without_extension(text: str) -> tuple[str, str]:
    """What was typed before an extension, and the extension's digits."""
    text = re.sub(r"^(tel|callto):\s*", "", text, flags=re.IGNORECASE)
    for found in (*_LABELED.finditer(text), *_PAUSED.finditer(text)):
        before = text[: found.start()]
        if found.end() == len(text) and sum(map(str.isalnum, before)) >= _FEWEST_DIGITS:
            return before, found[1]
    return text, ""


def _one_alone(text: str, country: str) -> None:
    """Refuse several numbers, and what is too short to be one."""
    whole = [piece for piece in _SEPARATORS.split(text) if _digits(piece) >= _FEWEST_DIGITS]
    if len(whole) > 1 or text.count("+") > 1:
        raise NotANumber(Refusal.SEVERAL)
    if _digits(text) > _MOST_DIGITS:
        found = phonenumbers.PhoneNumberMatcher(text[:_MOST_LOOKED_THROUGH], country)
        raise NotANumber(Refusal.SEVERAL if len(list(found)) > 1 else Refusal.INCOMPLETE)
    if _WELL_KNOWN_SHORT.fullmatch(text):
        raise NotANumber(Refusal.SHORT_CODE)


def _keyed(text: str) -> str:
    """A North American number whose letters stand for keys, in digits. Raises `NotANumber` for other letters."""
    if not _digits(text):
        raise NotANumber(Refusal.INCOMPLETE)
    found = _VANITY.fullmatch(text)
    word = found[1] if found else ""
    keys, letters = sum(map(str.isalnum, word)), sum(map(str.isalpha, word))
    if keys != _FEWEST_DIGITS or letters < _VANITY_LETTERS or _LETTER_APART.search(word):
        raise NotANumber(Refusal.LETTERS)
    return phonenumbers.convert_alpha_characters_in_number(text)


def _parsed(text: str, country: str) -> PhoneNumber:
    """A number that exists in a country. Raises `NotANumber`."""
    if not _ONLY_A_NUMBER.fullmatch(text.removeprefix("(")):
        raise NotANumber(Refusal.INCOMPLETE)
    try:
        number = _as_of_today(phonenumbers.parse(text, country))
    except NumberParseException as error:
        unknown = text.startswith("+") and error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        raise NotANumber(Refusal.UNKNOWN_COUNTRY if unknown else Refusal.INCOMPLETE) from None
    if phonenumbers.region_code_for_country_code(number.country_code or 0) == _NO_COUNTRY:
        raise NotANumber(Refusal.NO_COUNTRY)
    if not phonenumbers.is_valid_number(number):
        raise NotANumber(Refusal.FROM_ABROAD if _from_abroad(text, country) else Refusal.INCOMPLETE)
    return number


def _from_abroad(text: str, country: str) -> bool:
    """Whether it may be a number of another country: it begins with 0, or would be one with a + before it."""
    if country != HOME or text.startswith("+"):
        return False
    abroad = _possible(f"+{text}", country)
    return text.lstrip("(").startswith("0") or (abroad is not None and phonenumbers.is_valid_number(abroad))


def _as_of_today(number: PhoneNumber) -> PhoneNumber:
    """Without the 1 of Mexican mobiles, which ended in 2019 and is still passed on by networks."""
    mexican = number.country_code == _MEXICO and phonenumbers.national_significant_number(number)
    if mexican and len(mexican) == _OLD_MEXICAN_MOBILE and mexican.startswith("1"):
        return PhoneNumber(_MEXICO, int(mexican[1:]))
    return number


def _possible(text: str, country: str) -> PhoneNumber | None:
    try:
        number = _as_of_today(phonenumbers.parse(text, country))
    except NumberParseException:
        return None
    return number if _digits(text) <= _MOST_DIGITS else None


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _user_part(address: str) -> str:
    """Who is meant by an address such as `sip:+14155552671@example.com;user=phone`."""
    user = re.sub(r"^(tel|sips?):", "", address.strip().strip("<>"), flags=re.IGNORECASE)
    return re.split(r"[@;]", user, maxsplit=1)[0]
