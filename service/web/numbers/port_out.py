"""Taking a number to another provider: its lock, and what the new provider asks for."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import number_for
from service.accounts.change_log import Action, note
from service.accounts.models import Member
from service.lines.models import PhoneNumber
from service.port_outs.locking import is_locked, lock, must_be_owner, unlock
from service.port_outs.losing_side import losing_side
from service.port_outs.pins import draw_pin, has_own_pin
from service.web.shell.context import member_in_charge, services

blueprint = Blueprint("port_out", __name__, url_prefix="/numbers/<int:number_id>/port-out")


@blueprint.get("/")
def show(number_id: int) -> str:
    """The page for the owner of what a new provider asks for. That it was seen is logged."""
    with services().sessions.begin() as session:
        mine, number = _mine(session, number_id)
        must_be_owner(mine)
        _note(session, mine, number)
        facts = losing_side(session, services(), number)
        own_pin = has_own_pin(services(), number)
        return render_template(
            "numbers/port_out.html", number=number, facts=facts, locked=is_locked(number), own_pin=own_pin
        )


@blueprint.post("/unlock")
def open_lock(number_id: int) -> Response:
    """Unlock the number for two weeks."""
    with services().sessions.begin() as session:
        unlock(session, *_mine(session, number_id))
    flash(gettext("Unlocked. It locks again by itself after two weeks."))
    return redirect(url_for("port_out.show", number_id=number_id))


@blueprint.post("/pin")
def new_pin(number_id: int) -> Response:
    """Give the number a new PIN, where it can have one of its own."""
    with services().sessions.begin() as session:
        mine, number = _mine(session, number_id)
        draw_pin(session, services(), mine, number)
    flash(gettext("New PIN made. The one before stops counting in about a minute."))
    return redirect(url_for("port_out.show", number_id=number_id))


@blueprint.post("/lock")
def close_lock(number_id: int) -> Response:
    """Lock the number again."""
    with services().sessions.begin() as session:
        lock(session, *_mine(session, number_id))
    flash(gettext("Locked."))
    return redirect(url_for("number.show", number_id=number_id))


def _mine(session: Session, number_id: int) -> tuple[Member, PhoneNumber]:
    mine = member_in_charge(session)
    return mine, number_for(session, mine, number_id)


def _note(session: Session, mine: Member, number: PhoneNumber) -> None:
    here, who, action = mine.workspace_id, mine.user_id, Action.PORT_OUT_FACTS_SEEN
    note(session, workspace_id=here, user_id=who, action=action, subject=number.number)
