"""The report on calls, for owners and admins, as a page and as a table to download."""

import csv
from datetime import time
from io import StringIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from service.accounts.access import lines_for
from service.calls.report import PERIODS, Period, Tally, daily_rows, report_on
from service.lines.models import Line
from service.time import now
from service.web.shell.context import member_in_charge, services
from service.web.shell.languages import language
from service.web.shell.requests import row_id
from service.web.shell.words import day

USUAL: Final = 30
"""Days that are shown unless others are chosen."""

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheets do not read a file as UTF-8."""

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
            named_day=day,
            named_hour=_hour,
        )


@blueprint.get("/calls.csv")
def download() -> Response:
    """The same by day and line, as a table. Days are ISO 8601, in the workspace's time zone."""
    with services().sessions.begin() as session:
        lines, only, period = _asked(session)
        rows = daily_rows(session, [only] if only else lines, period)
    written = StringIO(newline="")
    written.write(BYTE_ORDER_MARK)
    csv.writer(written).writerows(
        [_heads(), *([day, _as_text(line.name), *_cells(tally)] for day, line, tally in rows)]
    )
    headers = {"Content-Disposition": f'attachment; filename="calls-{period.last}.csv"', "Cache-Control": "no-store"}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


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


def _heads() -> list[str]:
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


def _cells(tally: Tally) -> list[Any]:
    """A tally under these heads."""
    minutes = round(tally.seconds_talked / 60, 1)
    return [tally.answered, tally.voicemails, tally.missed, tally.called, tally.seconds_to_answer, minutes]


def _as_text(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
