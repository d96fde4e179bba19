"""Saying facts in a person's language: days, moments, numbers and reasons, as templates put them into sentences.

What a language needs beside its templates stands in `templates/<language>.toml`. A day stays a day: a clock time is
said only where a fact has one, and then its zone is named.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list

from provisioning.contract.porting import ReasonCode
from service.language import Language

TEMPLATES = Path(__file__).parent / "templates"


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
    """Why it does not go on: `short` follows a colon, `full` is a sentence that says what to do."""

    short: str
    full: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says facts in a language, with clock times in a person's zone."""

    language: Language
    zone: ZoneInfo

    def numbers(self, numbers: Sequence[str]) -> Numbers:
        """E.164 numbers as people write them, joined as the language joins a list."""
        written = [self.number(number) for number in numbers]
        short = written[0] if written else ""
        if written[1:]:
            short = _phrases(self.language)["shortened"].format(first=short, rest=len(written) - 1)
        return Numbers(format_list(written, locale=self.language), short, len(written) > 1)

    def number(self, number: str) -> str:
        """One E.164 number as people write it, with its country code. Raises ValueError when it is none."""
        return written(number)

    def when(self, stated: str) -> str:
        """An ISO 8601 day, or moment with its offset. Raises ValueError when it is neither."""
        try:
            return self._day(date.fromisoformat(stated))
        except ValueError:
            return self.moment(stated)

    def moment(self, stated: str) -> str:
        """An ISO 8601 moment with its offset, in the person's zone. Raises ValueError when it is none."""
        moment = datetime.fromisoformat(stated)
        if moment.tzinfo is None:
            raise ValueError("a moment without its offset")
        local = moment.astimezone(self.zone)
        phrases = _phrases(self.language)
        time = format_time(local, phrases["time"], tzinfo=self.zone, locale=self.language)
        zone = get_timezone_name(local, locale=self.language)
        return str(phrases["moment"]).format(day=self._day(local.date()), time=time, zone=zone)

    def reasons(self, codes: Sequence[str]) -> list[Reason]:
        """What carriers objected to. A code we do not know, or none at all, is said as "other"."""
        return [_reason(code, self.language) for code in codes or [ReasonCode.OTHER]]

    def standing(self, state: str) -> str:
        """Where a number is, to follow a colon. Raises ValueError for a state there is none of."""
        try:
            return str(_phrases(self.language)["states"][state])
        except KeyError:
            raise ValueError("not a state") from None

    def phrase(self, name: str) -> str:
        """A phrase of the language's own file."""
        return str(_phrases(self.language)[name])

    def _day(self, day: date) -> str:
        return format_date(day, _phrases(self.language)["day"], locale=self.language)


def written(number: str) -> str:
    """One E.164 number as people of any language write it, with its country code. Raises ValueError when it is none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number in E.164") from error
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _reason(code: str, language: Language) -> Reason:
    reasons = _phrases(language)["reasons"]
    return Reason(**reasons.get(code, reasons[ReasonCode.OTHER]))


@cache
def _phrases(language: Language) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / f"{language}.toml").read_text(encoding="utf-8"))
