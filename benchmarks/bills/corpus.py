"""The corpus: layouts in four languages, each written out with many dates in many forms, and the right answer beside.

The layouts are text files of our own; no operator's document is among them. The first line names language and country.
`layouts/` may be looked at while the reader is improved; `held_out/` was written before it was read, and is only
measured.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final
from unicodedata import combining, normalize

from babel.dates import format_date

HERE: Final = Path(__file__).parent
VARIANTS: Final = 150
"""Bills made from each layout."""

LIMIT: Final = timedelta(days=30)
"""A bill of more days ago is old: the old operators' rule, told once more so that the reader is not its own judge."""

# forms of dates, in the notation of Unicode (CLDR), by language and country
_FORMS: Final = {
    "en US": ("MMM d, y", "MMMM d, y", "MM/dd/y", "MM/dd/yy", "M/d/y", "M-d-y", "dd-MMM-y", "MMM {th}, y", "y-MM-dd"),
    "en CA": ("MMM d, y", "MMMM d, y", "y-MM-dd", "y/MM/dd", "dd/MM/y", "MM/dd/y", "d MMM y", "dd-MMM-y"),
    "sv SE": ("y-MM-dd", "yy-MM-dd", "yMMdd", "d MMMM y", "d MMM y", "'den' d MMMM y", "dd.MM.y", "y/MM/dd"),
    "es ES": ("dd/MM/y", "dd/MM/yy", "d 'de' MMMM 'de' y", "d MMM y", "dd-MM-y", "dd.MM.y", "dd-MMM-y"),
    "es US": ("MM/dd/y", "MMMM d, y", "d 'de' MMMM 'de' y", "d MMM y", "y-MM-dd"),
    "fr CA": ("{er} MMMM y", "y-MM-dd", "{er} MMM y", "d MMMM y", "y/MM/dd", "dd/MM/y"),
    "fr FR": ("{er} MMMM y", "dd/MM/y", "dd/MM/yy", "{er} MMM y", "dd-MM-y", "dd.MM.y"),
}
_RARER_FORMS: Final = {
    "en US": (
        *("MMM. d, y", "EEEE, MMMM d, y", "ddMMMy", "MMMM {th}, y", "MMM d y", "MM-dd-yy"),
        *("MMM dd, y", "MMM d ''yy", "dd MMM y", "MMMM d y"),
    ),
    "en CA": (
        *("MMM. d, y", "y MMM dd", "d MMMM y", "{th} MMMM y", "EEE, MMM d, y"),
        *("MMM dd/yy", "MMMM dd, y", "dd/MM/yy"),
    ),
    "sv SE": (
        *("EEEE 'den' d MMMM y", "d MMM. y", "dd/MM/y", "d.M.y", "'den' d MMM y"),
        *("d/M y", "d MMM yy", "dd-MM-y"),
    ),
    "es ES": (
        *("EEEE, d 'de' MMMM 'de' y", "d 'de' MMMM 'del' y", "d-MMM-yy", "d/M/y"),
        *("d MMM, y", "dd MMMM y", "d.M.yy"),
    ),
    "es US": ("d 'de' MMMM 'del' y", "MM-dd-y", "MMM d, y", "M/d/yy"),
    "fr CA": ("EEEE {er} MMMM y", "'le' {er} MMMM y", "dd-MM-y", "d MMM. y"),
    "fr FR": ("d/M/y", "EEE d MMM y", "d MMM yy"),
}


@dataclass(frozen=True, slots=True)
class Bill:
    """The text of a bill as it was read, its language and country (ISO), the day it is read, and the day it is of."""

    layout: str
    language: str
    country: str
    words: str
    today: date
    billed: date

    @property
    def old(self) -> bool:
        """Whether it is of too long ago."""
        return self.today - self.billed > LIMIT


def bills(folder: str) -> Iterator[Bill]:
    """Every bill of `layouts` or `held_out`, the same ones each time."""
    for path in sorted((HERE / folder).glob("*.txt")):
        head, _, layout = path.read_text(encoding="utf-8").partition("\n")
        forms = _FORMS[head] + _RARER_FORMS[head]
        for variant in range(VARIANTS):
            # seeded by its name: a layout that is added changes no other
            chance = Random(f"{path.stem} {variant}")  # noqa: S311 -- samples, no secrets
            yield _bill(path.stem, head, layout, forms[variant % len(forms)], chance)


def _bill(name: str, head: str, layout: str, form: str, chance: Random) -> Bill:
    language, country = head.split()
    today = date(2026, 1, 1) + timedelta(days=chance.randrange(730))
    billed = today - timedelta(days=_age(chance))
    as_read = chance.choice(_READ)
    written = {what: as_read(_written(day, form, language)) for what, day in _days(billed, chance).items()}
    text = layout.format(**written)
    return Bill(name, language, country, _as_a_whole(text, chance), today, billed)


def _age(chance: Random) -> int:
    """Days since the bill: half of them fresh, and many just before or after the limit."""
    return chance.choice(
        (chance.randint(0, 30), chance.randint(26, 30), chance.randint(31, 45), chance.randint(31, 400))
    )


def _days(billed: date, chance: Random) -> dict[str, date]:
    """The days that stand on a bill, by their names in the layouts. Some are billed in advance."""
    begin = billed + timedelta(days=chance.choice((-32, -31, -30, 0, 1, 3)))
    after = {
        "bill": 0,
        "due": chance.randint(14, 30),
        "previous": -chance.randint(28, 31),
        "next": chance.randint(28, 31),
        "paid": -chance.randint(3, 20),
        "rates": chance.randint(-60, 60),
        "contract": chance.randint(-1500, 700),
        "call": -chance.randint(3, 25),
        "birth": -chance.randint(8000, 25000),
    }
    ends = {"from": begin, "to": begin + timedelta(days=30)}
    return {what: billed + timedelta(days=days) for what, days in after.items()} | ends


def _written(day: date, form: str, language: str) -> str:
    th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    form = form.replace("{th}", f"d'{th}'").replace("{er}", "d'er'" if day.day == 1 else "d")
    # some languages' short names bring a full stop of their own
    return str(format_date(day, form, locale=language)).replace("..", ".")


def _broken(written: str) -> str:
    """In a narrow column, with a line break in the place of its last blank."""
    head, blank, tail = written.rpartition(" ")
    return f"{head}\n{tail}" if blank else written


_READ: Final[tuple[Callable[[str], str], ...]] = (
    str,
    str,
    str,
    lambda written: written.replace(" ", "\N{NO-BREAK SPACE}"),
    lambda written: written.replace("-", "\N{NON-BREAKING HYPHEN}"),
    _broken,
)
"""What becomes of a date as a PDF's text is read."""


def _without_accents(text: str) -> str:
    return "".join(letter for letter in normalize("NFD", text) if not combining(letter))


def _as_a_whole(text: str, chance: Random) -> str:
    """What becomes of the whole text: often nothing, else capitals, no accents, or accents apart from their letters."""
    as_read: tuple[Callable[[str], str], ...] = (
        str,
        str,
        str.upper,
        _without_accents,
        lambda whole: normalize("NFD", whole),
    )
    return chance.choice(as_read)(text)
