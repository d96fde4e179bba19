"""The page of all transfers that have not ended: filtered, searched, and acted on several at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.porting import ReasonCode
from provisioning.time_zones import zone_of
from service.accounts.change_log import Action
from service.accounts.models import User, Workspace
from service.accounts.platforms import platforms
from service.desk import cases, queue
from service.desk.queue import COUNTED, PER_PAGE, Filters, Lateness
from service.errors import Invalid
from service.porting.models import PortProject
from service.porting.states import FINAL, State
from service.time import now, today
from service.web.desk.choice_words import whys
from service.web.desk.forms import AssignForm, PlanForm, ViewForm
from service.web.desk.overview import STATES
from service.web.desk.queue_words import COLORS, LATENESS, next_step, standing
from service.web.shell.context import must_be_desk, person, services
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.spreadsheets import Cell, spreadsheet
from service.web.shell.words import carrier_title, reasons, spelled, territory, translated
from service.web.transfer.port_log import note_port

blueprint = Blueprint("queue", __name__, url_prefix="/desk/transfers")

blueprint.before_request(must_be_desk)

AGES: Final = (1, 3, 7, 14, 30)
"""Days that a transfer may be asked to have been in its state at least."""

_FILTERS: Final = ("q", "state", "carrier", "provider", "reason", "country", "days", "due", "who", "platform")
"""The filters in the address of the page."""

_HEADS: Final = (
    "Number",
    "Where it is",
    "Since",
    "Due",
    "Who has it",
    "Next step",
    "Next step on",
    "Customer",
    "Numbers",
    "Provider",
    "Carrier",
    "Country",
    "Order",
    "Reasons",
)

Word = TypeVar("Word", bound=StrEnum)


@blueprint.get("/")
def show() -> str:
    """The page. `after` in the address is the row after which it begins; the other values are filters."""
    filters, day = _filters(), today_here()
    with services().sessions.begin() as session:
        after = request.args.get("after", "")
        listed = queue.Queue(session, filters, day)
        found = listed.rows(after=after, most=PER_PAGE + 1)
        return render_template(
            "desk/queue.html",
            rows=found[:PER_PAGE],
            following=found[PER_PAGE - 1].after if len(found) > PER_PAGE else "",
            counts=listed.counts(),
            views=cases.views_of(session, person().id),
            staff=(staff := queue.staff_for(session, g.works_for) if g.works_for else queue.staff(session)),
            choices=_choices(listed, staff, [] if g.works_for else platforms(session)),
            asked=_asked(),
            **_words(day),
        )


@blueprint.get("/transfers.csv")
def download() -> Response:
    """All transfers that the filters let through, as a table. Days are ISO 8601."""
    filters, day = _filters(), today_here()
    return spreadsheet(f"transfers-{day}.csv", _table(filters, day))


@blueprint.post("/selected")
def act() -> Response:
    """Do what the pressed button says with the selected transfers."""
    try:
        with services().sessions.begin() as session:
            chosen = cases.projects_named(session, request.form.getlist("transfer"), g.works_for)
            _ACTS[next((button for button in _ACTS if button in request.form), "assign")](session, chosen)
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    return redirect(url_for("queue.show", **_asked()))


@blueprint.post("/views")
def save_view() -> Response:
    """Save the filters of the page under a name."""
    try:
        name = Form(ViewForm(), request.form).data()["name"]
        with services().sessions.begin() as session:
            cases.save_view(session, person().id, name, _asked())
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    return redirect(url_for("queue.show", **_asked()))


@blueprint.post("/views/<int:view_id>/remove")
def remove_view(view_id: int) -> Response:
    """Remove a saved view of this person."""
    with services().sessions.begin() as session:
        cases.remove_view(session, person().id, view_id)
    return redirect(url_for("queue.show"))


def today_here() -> date:
    """The day in the zone of the person's own workspace."""
    return today(ZoneInfo(g.get("zone", "UTC")))


def _asked() -> dict[str, Any]:
    """The filters of the address that say something."""
    return {name: typed for name in _FILTERS if (typed := request.args.get(name, "").strip())}


def _filters() -> Filters:
    asked = _asked()
    days = request.args.get("days", 0, int)
    return Filters(
        words=asked.get("q", "")[:100],
        state=_word(State, asked.get("state")),
        carrier=asked.get("carrier", ""),
        provider=asked.get("provider", ""),
        reason=_word(ReasonCode, asked.get("reason")),
        country=asked.get("country", ""),
        days=days if days in AGES else 0,
        lateness=_word(Lateness, asked.get("due")),
        assignee=_who(asked.get("who", "")),
        platform=g.works_for or _who(asked.get("platform", "")) or 0,
    )


def _word(kind: type[Word], typed: str | None) -> Word | None:
    return kind(typed) if typed in list(kind) else None


def _who(typed: str) -> int | None:
    with suppress(ValueError):
        return row_id(typed)
    return None


def _choices(
    listed: queue.Queue, staff: Sequence[User], platforms: Sequence[Workspace]
) -> Mapping[str, tuple[str, Sequence[tuple[str, str]]]]:
    """What each filter can be, under its label; of platforms only where there are some."""
    opened = [(str(one.id), one.name) for one in platforms]
    people = [(str(one.id), one.name or one.email) for one in staff]
    states = [(one.value, gettext(words)) for one, words in STATES.items() if one not in FINAL]
    return {
        "due": (gettext("Target"), [(one.value, gettext(words)) for one, words in LATENESS.items()]),
        "state": (gettext("Where it is"), states),
        "who": (gettext("Who has it"), [("0", gettext("No one")), *people]),
        "provider": (gettext("Provider"), [(name, name) for name in listed.providers]),
        "carrier": (gettext("Carrier"), [(name, carrier_title(name)) for name in services().carriers]),
        "reason": (gettext("Rejected for"), [(one.value, reasons([one.value])[0].short) for one in ReasonCode]),
        "country": (gettext("Country"), [(one, territory(one)) for one in listed.countries]),
        "days": (gettext("In this state"), [(str(days), _at_least(days)) for days in AGES]),
        **({"platform": (gettext("Platform"), opened)} if opened else {}),
    }


def _at_least(days: int) -> str:
    return str(ngettext("%(num)d day or more", "%(num)d days or more", days))


def _words(day: date) -> dict[str, Any]:
    """What the template calls things by."""
    return {
        "today": day,
        "states": STATES,
        "lateness": queue.lateness,
        "words": LATENESS,
        "colors": COLORS,
        "standing": standing,
        "next_step": next_step,
        "whys": whys,
        "most": COUNTED,
        "now": now(),
    }


def _table(filters: Filters, day: date) -> Iterator[Sequence[Cell]]:
    yield [gettext(head) for head in _HEADS]
    with services().sessions.begin() as session:
        yield from (_cells(row) for row in queue.Queue(session, filters, day).all_rows())


def _cells(row: queue.Row) -> Sequence[Cell]:
    """A row under these heads."""
    listed, case, number = row.listed, row.case, row.listed.number
    return [
        number.number,
        gettext(STATES[listed.state]),
        listed.since.astimezone(zone_of(number.number)).date(),
        listed.due_on,
        case.assignee.name or case.assignee.email if case and case.assignee else "",
        (case.next_step if case else "") or next_step(listed),
        case.next_on if case else None,
        listed.project.workspace.name,
        listed.count,
        listed.operator,
        carrier_title(listed.carrier),
        listed.country,
        number.order.reference if number.order else "",
        ", ".join(reason.short for reason in reasons(listed.reasons)),
    ]


def _assign(session: Session, chosen: Sequence[PortProject]) -> None:
    to = Form(AssignForm(), request.form).data()["assignee"]
    cases.assign(session, chosen, to, person().id)
    flash(ngettext("%(num)d transfer assigned.", "%(num)d transfers assigned.", len(chosen)))


def _plan(session: Session, chosen: Sequence[PortProject]) -> None:
    planned = Form(PlanForm(), request.form).data()
    cases.plan(session, chosen, planned["next_step"], planned["next_on"], person().id)
    flash(ngettext("%(num)d transfer changed.", "%(num)d transfers changed.", len(chosen)))


def _cancel(session: Session, chosen: Sequence[PortProject]) -> None:
    refused = cases.cancel_each(session, services(), chosen, person().id)
    kept = {one.project.id for one in refused}
    canceled = [project for project in chosen if project.id not in kept]
    for project in canceled:
        note_port(session, project, Action.PORT_CANCELED)
    if done := len(canceled):
        flash(ngettext("%(num)d transfer is being canceled.", "%(num)d transfers are being canceled.", done))
    for one in refused[:_NAMED]:
        flash(f"{_called(one.project)}: {translated(one.why)}", "wrong")


_NAMED: Final = 10
"""Transfers that could not be canceled are named so far."""


def _called(project: PortProject) -> str:
    return spelled(project.numbers[0].number) if project.numbers else project.workspace.name


_ACTS: Final[Mapping[str, Callable[[Session, Sequence[PortProject]], None]]] = {
    "cancel": _cancel,
    "plan": _plan,
    "assign": _assign,
}
"""What each button does, by its name."""
