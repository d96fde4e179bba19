"""Facts in a person's language: days, moments, numbers and reasons, as templates put them into sentences.

The patterns and phrases of a language are in `phrases/<language>.toml`. A clock time is said only where a fact has
one, together with its zone.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list

from provisioning.contract.porting import ReasonCode
from service.language import Language
from service.written_numbers import written

PHRASES = Path(__file__).parent / "phrases"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Phone numbers in a sentence: all of them, or `short` for a text; `many` for the plural."""

    all: str
    short: str
    many: bool

    def __str__(self) -> str:
        return self.all


@dataclass(frozen=True, slots=True)
class Reason:
    """A carrier's objection: `short` follows a colon, `full` is a sentence that says what to do."""

    short: str
    full: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says facts in a language, with clock times in a person's zone."""

    language: Language
    zone: ZoneInfo

    def numbers(self, numbers: Sequence[str]) -> Numbers:
        """E.164 numbers as people write them, as a list in the language."""
        written = [self.number(number) for number in numbers]
        short = written[0] if written else ""
        if written[1:]:
            short = _phrases(self.language)["shortened"].format(first=short, rest=len(written) - 1)
        return Numbers(format_list(written, locale=self.language), short, len(written) > 1)

    def number(self, number: str) -> str:
        """One E.164 number as people write it. Raises ValueError for any other text."""
        return written(number)

    def when(self, when: date | datetime) -> str:
        """A day, or an aware moment. Raises ValueError for a moment without a zone."""
        return self.moment(when) if isinstance(when, datetime) else self.day(when)

    def moment(self, moment: datetime) -> str:
        """An aware moment in the person's zone, which is named. Raises ValueError for a moment without a zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        local = moment.astimezone(self.zone)
        phrases = _phrases(self.language)
        time = format_time(local, phrases["time"], tzinfo=self.zone, locale=self.language)
        zone = get_timezone_name(local, locale=self.language)
        return str(phrases["moment"]).format(day=self.day(local.date()), time=time, zone=zone)

    def day(self, day: date) -> str:
        """A day, without a clock time."""
        return format_date(day, _phrases(self.language)["day"], locale=self.language)

    def reasons(self, codes: Sequence[str]) -> list[Reason]:
        """What carriers objected to. An unknown code is said as "other", and so is an empty list."""
        return [_reason(code, self.language) for code in codes or [ReasonCode.OTHER]]

    def standing(self, state: str) -> str:
        """Where a number is, to follow a colon. Raises ValueError for an unknown state."""
        try:
            return str(_phrases(self.language)["states"][state])
        except KeyError:
            raise ValueError("not a state") from None

    def phrase(self, name: str) -> str:
        """A phrase of the language's file."""
        return str(_phrases(self.language)[name])


def _reason(code: str, language: Language) -> Reason:
    reasons = _phrases(language)["reasons"]
    return Reason(**reasons.get(code, reasons[ReasonCode.OTHER]))


@cache
def _phrases(language: Language) -> dict[str, Any]:
    return tomllib.loads((PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
