"""Choosing the moment at which the numbers of an order come, where its carrier lets us, or bringing them in now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action, differences
from service.errors import Invalid
from service.porting.activation import can_start, order_to_choose, orders_to_choose, windows_of
from service.porting.models import CarrierOrder, PortNumber, PortProject
from service.porting.moments import choose_moment, start_now
from service.time import now
from service.web.shell.context import member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.transfer.forms import MomentForm
from service.web.transfer.port_log import note_port

blueprint = Blueprint("moment", __name__, url_prefix="/ports/<public_id>/time/<int:order_id>")

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choosing:
    """An order whose moment can be chosen, and the first of its numbers."""

    order: CarrierOrder
    number: PortNumber


def choosings_of(project: PortProject) -> list[Choosing]:
    """The orders of a project whose moment can be chosen."""
    return [Choosing(order, _first(project, order)) for order in orders_to_choose(project)]


@blueprint.get("")
def ask(public_id: str, order_id: int) -> str:
    """The page that asks for the moment."""
    with services().sessions.begin() as session:
        project, order = _choosable(session, public_id, order_id)
        now_set = order.chosen_at or _first(project, order).committed_at
        return _page(project, order, Form(MomentForm(), kept={"moment": now_set and _local(project, now_set)}))


@blueprint.post("")
def choose(public_id: str, order_id: int) -> Answer:
    """Choose the moment."""
    form = Form(MomentForm(), request.form)
    try:
        with services().sessions.begin() as session:
            project, order = _choosable(session, public_id, order_id)
            at = form.data()["moment"].replace(tzinfo=ZoneInfo(project.workspace.zone))
            _note(session, project, order, at)
            choose_moment(session, order, at)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(*_choosable(session, public_id, order_id), form.refused(refusal)), 422
    flash(gettext("Thank you. We’re setting that time."))
    return redirect(url_for("ports.show", public_id=public_id))


@blueprint.post("/now")
def start(public_id: str, order_id: int) -> Response:
    """Have the numbers come now. Raises `Conflict` where that is not possible."""
    with services().sessions.begin() as session:
        project, order = _choosable(session, public_id, order_id)
        _note(session, project, order, now())
        start_now(session, order)
    flash(gettext("We’re starting the move now. It takes a few minutes."))
    return redirect(url_for("ports.show", public_id=public_id))


def _choosable(session: Session, public_id: str, order_id: int) -> tuple[PortProject, CarrierOrder]:
    member_in_charge(session)
    project = my_project(session, public_id)
    return project, order_to_choose(project, order_id)


def _note(session: Session, project: PortProject, order: CarrierOrder, at: datetime) -> None:
    before = {"moment": _first(project, order).committed_at}
    note_port(session, project, Action.PORT_TIMED, differences(before, {"moment": at}))


def _page(project: PortProject, order: CarrierOrder, form: Form) -> str:
    return render_template(
        "transfer/moment.html",
        project=project,
        order=order,
        number=_first(project, order),
        count=sum(number.order_id == order.id for number in project.numbers),
        windows=windows_of(order),
        can_start=can_start(order),
        form=form,
    )


def _first(project: PortProject, order: CarrierOrder) -> PortNumber:
    return next(number for number in project.numbers if number.order_id == order.id)


def _local(project: PortProject, at: datetime) -> str:
    """A moment as a `datetime-local` field has it, in the workspace's zone."""
    here = at.astimezone(ZoneInfo(project.workspace.zone))
    return here.replace(tzinfo=None).isoformat(timespec="minutes")
