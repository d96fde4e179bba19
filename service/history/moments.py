"""When something was, of a date and time as people and programs of our four languages write it."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.parser import parser, parserinfo

from service.time import now

LONGEST: Final = 60
"""Characters of a date and time."""

OLDEST: Final = datetime(1990, 1, 1, tzinfo=UTC)

_MONTH_FIRST: Final = frozenset({"US", "CA"})
"""Countries (ISO 3166) in which 04/05 is the fifth of April."""

_FROM_GREENWICH: Final = re.compile(r"\b(?:UTC|GMT)\s*(?=[+-]\d)")
"""UTC-7 is seven hours behind; the library would take the sign for the other one, as POSIX does."""

_AT_THE: Final = re.compile(r"\ba las?\b")
"""Before an hour in Spanish, where the library would take the "a" for AM."""

_OTHERWISE: Final = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001 -- what a text does not say
"""Two days, either of which the library puts in place of the parts that a date lacks."""

_HOURS: Final = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "AST": -4,
    "ADT": -3,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}
"""How far those time zones are ahead of UTC that people write by their letters."""

_PLACES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


# the library knows two or three words for each, and takes any number
_WEEKDAYS: Final[list[Any]] = [
    ("Mon", "Monday", "måndag", "lunes", "lundi"),
    ("Tue", "Tuesday", "tisdag", "martes", "mardi"),
    ("Wed", "Wednesday", "onsdag", "miércoles", "mercredi"),
    ("Thu", "Thursday", "torsdag", "jueves", "jeudi"),
    ("Fri", "Friday", "fredag", "viernes", "vendredi"),
    ("Sat", "Saturday", "lördag", "sábado", "samedi"),
    ("Sun", "Sunday", "söndag", "domingo", "dimanche"),
]
_MONTHS: Final[list[Any]] = [
    ("Jan", "January", "januari", "enero", "ene", "janvier", "janv"),
    ("Feb", "February", "februari", "febrero", "février", "févr"),
    ("Mar", "March", "mars", "marzo"),
    ("Apr", "April", "abril", "abr", "avril", "avr"),
    ("May", "May", "maj", "mayo", "mai"),
    ("Jun", "June", "juni", "junio", "juin"),
    ("Jul", "July", "juli", "julio", "juillet", "juil"),
    ("Aug", "August", "augusti", "agosto", "ago", "août"),
    ("Sep", "Sept", "September", "septiembre", "septembre"),
    ("Oct", "October", "oktober", "okt", "octubre", "octobre"),
    ("Nov", "November", "noviembre", "novembre"),
    ("Dec", "December", "diciembre", "dic", "décembre", "déc"),
]


class _Words(parserinfo):
    """The words of dates in English, Swedish, Spanish and French."""

    JUMP = [*parserinfo.JUMP, "de", "del", "le", "à", "den", "kl", "er"]  # noqa: RUF012 -- as the library has it
    WEEKDAYS = _WEEKDAYS
    MONTHS = _MONTHS


_PARSER: Final = parser(_Words())


def moment(written: str, country: str, zone: str) -> datetime | None:
    """When (in UTC), of a date and time in any usual spelling; None if its date is not whole, or not of the past.

    `country` (ISO 3166) says whether 04/05 begins with the month; `zone` (IANA) counts where none is written. One with
    a time zone that we do not know is None, rather than some hours off.
    """
    try:
        at, other = (_read(written[:LONGEST], country, otherwise) for otherwise in _OTHERWISE)
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
        is_whole = at.date() == other.date()
        return at.astimezone(UTC) if is_whole and OLDEST < at <= now() else None
    except (ArithmeticError, ValueError):
        return None


def _read(written: str, country: str, otherwise: datetime) -> datetime:
    """What the library reads, with parts of another day where the text has none. Raises `ValueError`."""
    text = _AT_THE.sub("", _FROM_GREENWICH.sub("", written))
    return _PARSER.parse(text, default=otherwise, dayfirst=_is_day_first(written, country), tzinfos=_zone)


def _is_day_first(written: str, country: str) -> bool:
    """Not where the year comes first: the library would take 2024-05-04 for the fifth of April then."""
    return country not in _MONTH_FIRST and not written[:4].isdecimal()


def _zone(letters: str | None, seconds: int | None) -> tzinfo | None:
    """The time zone of what is written. Raises `ValueError` for letters that we do not know."""
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    if letters is None:
        return None
    if letters in _PLACES:
        return ZoneInfo(_PLACES[letters])
    if letters not in _HOURS:
        raise ValueError("a time zone that we do not know")
    return timezone(timedelta(hours=_HOURS[letters]))
