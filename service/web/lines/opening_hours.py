"""The form of opening hours: how hours are typed, and how they are shown."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import available_timezones

import holidays
from babel import Locale
from babel.core import get_global
from flask_babel import gettext
from marshmallow import ValidationError, pre_load
from werkzeug.datastructures import MultiDict

from service.calls.nodes import Hours, Span
from service.calls.starting_plans import OFFICE_HOURS
from service.web.shell.fields import Typed, paragraphs, text
from service.web.shell.form import FormSchema
from service.web.shell.languages import language

DAYS: Final = tuple(f"day-{day}" for day in range(7))

SWITCHES: Final = {day: f"open-{number}" for number, day in enumerate(DAYS)}
"""The field that says whether there are hours on a day, by the field that has them."""

_UNUSED: Final = {*DAYS, "zone", "holidays", "closed_on"}
"""Fields of a line that closes, of no use for one that is always open."""

_WRONG_HOURS: Final = "Write hours like 9-5, 9:00–17:00 or 8.30-12, 13-17. Leave it empty when closed."
_WRONG_DAY: Final = "Write one day on each line, like 2026-12-24."
_SEPARATOR: Final = re.compile(r"[,;&]")
_RANGE: Final = re.compile(r"\s*(?:-|–|—|to)\s*")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
_HALF: Final = re.compile(r"[ap]\.?m", re.IGNORECASE)
_NOON: Final = 12
_DAY: Final = 24 * 60


def spans(typed: str) -> tuple[Span, ...]:
    """Hours of one day, such as 9:00–12:00, 13–17. An empty field means closed all day.

    A span that goes on after midnight closes later than 24:00. Of hours such as 9-12, 1-5 the second are in the
    afternoon, as nobody closes at noon to have opened at night.
    """
    if typed.strip().lower() in {"closed", gettext("closed").lower()}:
        return ()
    found: list[Span] = []
    for part in (part for part in _SEPARATOR.split(typed) if part.strip()):
        span = _span(part)
        found.append(_later(span) if found and not _HALF.search(part) and _before_noon(span, found[-1]) else span)
    return tuple(sorted(found, key=lambda one: one.opens))


def days(typed: str) -> tuple[date, ...]:
    """Dates in ISO 8601, one a line."""
    try:
        return tuple(sorted({date.fromisoformat(line.strip()) for line in typed.splitlines() if line.strip()}))
    except ValueError:
        raise ValidationError([_WRONG_DAY]) from None


class _Hours(FormSchema):
    """A line that is open at any time has no hours, and a day that is switched off none, whatever stands in fields."""

    @pre_load
    def _as_switched(self, data: Mapping[str, Any], **_: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- marshmallow's own
        shut = {day for day, switch in SWITCHES.items() if not data.get(switch)}
        unused = _UNUSED if data.get("always") else shut
        return {name: value for name, value in data.items() if name not in unused}


HoursForm = _Hours.from_dict(
    {
        "always": Typed(text),
        "opening": Typed(text),
        "closed": Typed(text),
        "zone": Typed(text),
        "holidays": Typed(paragraphs),
        "closed_on": Typed(days, longest=2000),
        **{name: Typed(spans) for name in DAYS},
        **{switch: Typed(text) for switch in SWITCHES.values()},
    }
)
"""When a line is open, and which nodes come first when it is open and closed."""


def hours_of(form_data: Mapping[str, Any]) -> Hours | None:
    """The hours of a valid form, None for a line that is always open."""
    if form_data["always"]:
        return None
    week = _split_at_midnight([form_data[name] for name in DAYS])
    return Hours(form_data["zone"], week, form_data["holidays"], form_data["closed_on"])


def hours_shown(hours: Hours | None, zone: str) -> dict[str, Any]:
    """What the form shows. A line that is always open is offered office hours in the workspace's zone."""
    shown = hours or Hours(zone, OFFICE_HOURS)
    return {
        "always": "" if hours else "true",
        "zone": shown.zone,
        "holidays": shown.holidays,
        "closed_on": "\n".join(day.isoformat() for day in shown.closed_on),
        **{name: ", ".join(map(_written, spans)) for name, spans in zip(DAYS, shown.week, strict=True)},
        **{SWITCHES[name]: "true" if spans else "" for name, spans in zip(DAYS, shown.week, strict=True)},
    }


def with_first_day_copied(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with the hours of Monday on all days that are switched on."""
    first = typed.get(DAYS[0], "")
    return MultiDict(typed.to_dict() | {day: first for day, switch in SWITCHES.items() if typed.get(switch)})


def time_zones(kept: str) -> list[tuple[str, str]]:
    """Time zones of countries (IANA), without former names, and the one that is kept; each with its words."""
    known = {zone for zone in get_global("zone_territories") if "/" in zone and not zone.startswith("Etc/")}
    return [(zone, zone.replace("_", " ")) for zone in sorted(known & available_timezones() | ({kept} - {""}))]


def holiday_regions(country: str, kept: str) -> list[tuple[str, str]]:
    """Regions of a country (ISO code) whose public holidays a line can follow, as code and name."""
    name = Locale(language().value).territories.get(country, country)
    parts = holidays.list_supported_countries(include_aliases=False).get(country, [])
    offered = [(country, name), *((f"{country}-{part}", f"{name}, {part}") for part in parts)]
    return offered if not kept or kept in dict(offered) else [*offered, (kept, kept)]


def _split_at_midnight(week: Sequence[tuple[Span, ...]]) -> tuple[tuple[Span, ...], ...]:
    """The same week with no span longer than its day: what comes after midnight opens the next day."""
    days: list[list[Span]] = [[] for _ in week]
    for number, spans_of_day in enumerate(week):
        for span in spans_of_day:
            days[number].append(Span(span.opens, min(span.closes, _DAY)))
            if span.closes > _DAY:
                days[(number + 1) % len(days)].append(Span(0, span.closes - _DAY))
    return tuple(tuple(sorted(day, key=lambda one: one.opens)) for day in days)


def _span(typed: str) -> Span:
    ends = _RANGE.split(typed.strip())
    if len(ends) != len(("opens", "closes")):
        raise ValidationError([_WRONG_HOURS])
    opens, closes = map(_minute, ends)
    if opens == closes or max(opens, closes) > _DAY:
        raise ValidationError([_WRONG_HOURS])
    if closes < opens:
        closes += _NOON * 60 if _means_afternoon(typed, opens, closes) else _DAY
    return Span(opens, closes)


def _means_afternoon(typed: str, opens: int, closes: int) -> bool:
    """Whether hours such as 9–5 end in the afternoon, as people write who do not count to 24."""
    says_when_it_closes = _HALF.search(_RANGE.split(typed.strip())[-1])
    return not says_when_it_closes and closes > 0 and opens < _NOON * 60 and opens < closes + _NOON * 60


def _before_noon(span: Span, before: Span) -> bool:
    """Whether a span opens before the one that stands before it, and both fit into the day twelve hours later."""
    return span.opens < before.opens and span.opens + _NOON * 60 >= before.closes and span.closes <= _NOON * 60


def _later(span: Span) -> Span:
    return Span(span.opens + _NOON * 60, span.closes + _NOON * 60)


def _minute(typed: str) -> int:
    found = _TIME.fullmatch(typed.strip())
    if not found:
        raise ValidationError([_WRONG_HOURS])
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()[:1]
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    return hour * 60 + minute


def _written(span: Span) -> str:
    return "–".join(f"{minute // 60}:{minute % 60:02}" for minute in (span.opens, span.closes))
