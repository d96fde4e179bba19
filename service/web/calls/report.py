"""The report on calls, for owners and admins, as a page and as a table to download."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask import Blueprint, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.calls.report import PERIODS, Period, Tally, daily_rows, report_on
from service.lines.models import Line
from service.time import now
from service.web.shell.context import member_in_charge, services
from service.web.shell.languages import language
from service.web.shell.plot import Stack
from service.web.shell.requests import row_id
from service.web.shell.spreadsheets import Cell, spreadsheet
from service.web.shell.words import day

USUAL: Final = 30
"""Days that are shown unless others are chosen."""

blueprint = Blueprint("call_report", __name__, url_prefix="/calls/report")


@blueprint.get("/")
def show() -> str:
    """The page. `days` in the address chooses the period, `line` one line."""
    with services().sessions.begin() as session:
        lines, only, period = _asked(session)
        report = report_on(session, [only] if only else lines, period)
        return render_template(
            "calls/report.html",
            lines=lines,
            only=only and only.id,
            period=period,
            periods=PERIODS,
            report=report,
            days=_stacks(report.days),
            hours=_stacks(report.hours),
            described=_described,
            named_day=day,
            named_hour=_hour,
        )


@blueprint.get("/calls.csv")
def download() -> Response:
    """The same as a table. Days are ISO 8601, in the workspace's time zone.

    `by` in the address chooses its rows: `days` of each line, `hours` of the day, or `members` of the team.
    """
    with services().sessions.begin() as session:
        lines, only, period = _asked(session)
        by = asked if (asked := request.args.get("by", "")) in _TABLES else "days"
        rows = _TABLES[by](session, [only] if only else lines, period)
    return spreadsheet(f"calls-{by}-{period.last}.csv", rows)


def _asked(session: Session) -> tuple[list[Line], Line | None, Period]:
    """The lines, the chosen one of them, and the period that the address asks for."""
    here = member_in_charge(session)
    lines, chosen = lines_for(session, here), request.args.get("line", 0, row_id)
    days = request.args.get("days", USUAL, int)
    zone = ZoneInfo(here.workspace.zone)
    period = Period(now().astimezone(zone).date(), days if days in PERIODS else USUAL, zone)
    return lines, next((line for line in lines if line.id == chosen), None), period


def _hour(hour: int) -> str:
    return str(format_time(time(hour), "short", locale=language().value))


def _stacks(tallies: Mapping[Any, Tally]) -> dict[Any, Stack]:
    """Calls that came in, as plots stack them."""
    return {
        key: {"answered": tally.answered, "voicemails": tally.voicemails, "missed": tally.missed}
        for key, tally in tallies.items()
    }


def _described(stack: Stack) -> str:
    return str(gettext("%(answered)s answered, %(voicemails)s voicemail, %(missed)s missed", **stack))


def _by_days(session: Session, lines: Sequence[Line], period: Period) -> list[list[Cell]]:
    rows = daily_rows(session, lines, period)
    return [_heads(gettext("Day"), gettext("Line")), *([day, line.name, *_cells(tally)] for day, line, tally in rows)]


def _by_hours(session: Session, lines: Sequence[Line], period: Period) -> list[list[Cell]]:
    hours = report_on(session, lines, period).hours
    return [_heads(gettext("Hour")), *([f"{hour:02}:00", *_cells(tally)] for hour, tally in hours.items())]


def _by_members(session: Session, lines: Sequence[Line], period: Period) -> list[list[Cell]]:
    members = report_on(session, lines, period).members
    return [_heads(gettext("Name")), *([user.name or user.email, *_cells(tally)] for user, tally in members)]


_TABLES: Final = {"days": _by_days, "hours": _by_hours, "members": _by_members}


def _heads(*of_rows: str) -> list[Cell]:
    return [
        *of_rows,
        gettext("Answered"),
        gettext("Voicemail"),
        gettext("Missed"),
        gettext("Calls out"),
        gettext("Seconds to answer"),
        gettext("Minutes talked"),
    ]


def _cells(tally: Tally) -> list[Cell]:
    """A tally under these heads."""
    minutes = round(tally.seconds_talked / 60, 1)
    return [tally.answered, tally.voicemails, tally.missed, tally.called, tally.seconds_to_answer, minutes]
