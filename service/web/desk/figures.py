"""The page of figures of past transfers, as plots, tables and a table to download."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from babel.dates import format_skeleton
from flask import Blueprint, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from provisioning.contract.porting import NumberKind, ReasonCode
from service.desk.figures import PERIODS, Figures, Past, rows_by_reason
from service.porting.question_sets import AMERICAN, CANADIAN, COMMON, PIN, SWEDISH, Questions
from service.time import now
from service.web.shell.context import must_be_desk, services
from service.web.shell.languages import language
from service.web.shell.plot import Stack
from service.web.shell.spreadsheets import Cell, spreadsheet
from service.web.shell.words import carrier_title, reasons, territory

blueprint = Blueprint("desk_figures", __name__, url_prefix="/desk/figures")

blueprint.before_request(must_be_desk)

SHOWN: Final = 50
"""Groups and old operators on the page: those with most transfers, or rejections. The table to download has all."""

KINDS: Final[Mapping[NumberKind, str]] = {
    NumberKind.LOCAL: "Local number",
    NumberKind.MOBILE: "Mobile number",
    NumberKind.TOLL_FREE: "Toll-free number",
    NumberKind.UNKNOWN: "Unknown",
}

FIELDS: Final[Questions] = {**SWEDISH, **CANADIAN, **AMERICAN, "pin": PIN, **COMMON}
"""The questions of forms by their fields."""

_WANTED: Final = ("provider", "country", "kind", "carrier")

_HEADS: Final = (
    "Week",
    "Provider",
    "Country",
    "Kind of number",
    "Carrier",
    "Arrived",
    "Right first time",
    "Asked for a day",
    "Promised the day asked for",
    "Promised a day",
    "Arrived on the day promised",
    "Days from filing to date, median",
    "Days from filing to date, 9 in 10",
    "Days from date to arrival, median",
    "Days from date to arrival, 9 in 10",
    "Rejections",
    "Business days lost",
)


@blueprint.get("/")
def show() -> str:
    """The page. `weeks` in the address chooses the period, the other values which transfers."""
    with services().sessions.begin() as session:
        past = Past(session, _period(), **_wanted())
        together, weeks = past.together(), past.by_week
        return render_template(
            "desk/figures.html",
            asked={**_wanted(), "weeks": _period()},
            period=_period(),
            periods=PERIODS,
            choices=_choices(past.choices()),
            together=together,
            arrivals={week: _arrivals(figures) for week, figures in weeks.items()},
            rejections={week: {"rejected": figures.reasons["rejected"].total()} for week, figures in weeks.items()},
            waits={week: _wait(figures) for week, figures in weeks.items()},
            weeks=past.weeks,
            groups=past.by_group[:SHOWN],
            why=list(rows_by_reason(together)),
            providers=past.by_provider()[:SHOWN],
            **_words(),
        )


@blueprint.get("/transfers.csv")
def download() -> Response:
    """The same by week, old operator, country, kind and carrier, as a table. Weeks are their Mondays (ISO 8601)."""
    with services().sessions.begin() as session:
        rows = Past(session, _period(), **_wanted()).by_week_and_group()
    return spreadsheet(f"figures-{now().date()}.csv", _table(rows))


def _period() -> int:
    weeks = request.args.get("weeks", PERIODS[0], int)
    return weeks if weeks in PERIODS else PERIODS[0]


def _wanted() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:100] for name in _WANTED}


def _choices(found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """What may be asked for, under its label."""
    return {
        "provider": (gettext("Provider"), [(one, one) for one in found["provider"]]),
        "country": (gettext("Country"), [(one, territory(one)) for one in found["country"]]),
        "kind": (gettext("Kind of number"), [(one, gettext(KINDS[NumberKind(one)])) for one in found["kind"]]),
        "carrier": (gettext("Carrier"), [(one, carrier_title(one)) for one in found["carrier"]]),
    }


def _arrivals(figures: Figures) -> Stack:
    right = figures.counts["right_first"]
    return {"right": right, "corrected": figures.counts["arrived"] - right}


def _wait(figures: Figures) -> Stack:
    span = figures.span("filed_to_arrival")
    return {"days": span.median if span else 0}


def _words() -> dict[str, Any]:
    """What the template calls things by."""
    return {
        "named_week": _week,
        "named_reason": _reason,
        "named_field": lambda name: gettext(FIELDS[name].label),
        "kinds": KINDS,
        "describe_arrivals": lambda stack: gettext(
            "%(right)s right first time, %(corrected)s after a correction", **stack
        ),
        "describe_rejections": lambda stack: ngettext("%(num)d rejection", "%(num)d rejections", stack["rejected"]),
        "describe_waits": lambda stack: ngettext("%(num)d business day", "%(num)d business days", stack["days"]),
    }


def _reason(code: str) -> str:
    words = reasons([ReasonCode(code).value])[0].short
    return words[:1].upper() + words[1:]


def _week(monday: date) -> str:
    return str(format_skeleton("MMMd", monday, locale=language().value))


def _table(rows: Sequence[tuple[tuple[Any, ...], Figures]]) -> Iterator[Sequence[Cell]]:
    yield [gettext(head) for head in _HEADS]
    for (week, provider, country, kind, carrier), figures in rows:
        yield [week, provider, country, gettext(KINDS[kind]), carrier_title(carrier), *_cells(figures)]


def _cells(figures: Figures) -> list[Cell]:
    """Figures under these heads."""
    counts = ("arrived", "right_first", "wished", "wished_kept", "promised", "promised_kept")
    spans = [figures.span(name) for name in ("filed_to_date", "date_to_arrival")]
    days = [days for span in spans for days in ((span.median, span.p90) if span else (None, None))]
    return [
        *(figures.counts[name] for name in counts),
        *days,
        *(figures.reasons[name].total() for name in ("rejected", "lost")),
    ]
