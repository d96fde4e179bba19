"""The report on calls, for owners and admins, as a page and as a table to download."""

from collections.abc import Mapping
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
    """The same by day and line, as a table. Days are ISO 8601, in the workspace's time zone."""
    with services().sessions.begin() as session:
        lines, only, period = _asked(session)
        rows = daily_rows(session, [only] if only else lines, period)
    cells = ([day, line.name, *_cells(tally)] for day, line, tally in rows)
    return spreadsheet(f"calls-{period.last}.csv", [_heads(), *cells])


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


def _heads() -> list[Cell]:
    return [
        gettext("Day"),
        gettext("Line"),
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
