"""Requests of other operators for numbers of ours, from when we learn of them until they have ended."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.change_log import Action, note
from service.accounts.models import IN_CHARGE
from service.brands import brand_of_workspace
from service.errors import Conflict, Invalid
from service.lines.inventory import number_held
from service.lines.models import PhoneNumber
from service.notifications.leaving_notices import LeavingNotice, PortOutAsked, PortOutStopped
from service.port_outs.disputing import have_it_disputed
from service.port_outs.links import path_of
from service.port_outs.locking import is_locked
from service.port_outs.models import OPEN, PortOut, PortOutState
from service.port_outs.owners import notify_those_in_charge
from service.services import Services
from service.team_notices.models import TeamEvent
from service.team_notices.notify import notify_member
from service.time import now


def note_request(
    session: Session,
    services: Services,
    number: str,
    operator: str = "",
    leaves_on: date | None = None,
    reference: str = "",
) -> PortOut:
    """Note that another operator asks for a number (E.164), and notify those in charge. A locked one is disputed.

    `reference` is the carrier's id of the request, "" where its API knows none.

    Raises:
        Invalid: we do not hold the number, or such a request is open already.
    """
    held = number_held(session, number)
    if held is None:
        raise Invalid({"number": ["No line has this number."]})
    session.refresh(held, with_for_update=True)
    if any((one.operator, one.reference) == (operator, reference) for one in open_requests_for(session, held)):
        raise Invalid({"number": ["A request for this number is open already."]})
    port_out = PortOut(number=held, operator=operator, leaves_on=leaves_on, reference=reference, locked=is_locked(held))
    session.add(port_out)
    session.flush()
    if port_out.locked:
        have_it_disputed(session, services, port_out)
    _notify(session, services, port_out, _asked(port_out))
    _push(session, services, port_out)
    return port_out


def open_request(session: Session, number: PhoneNumber) -> PortOut | None:
    """The open request for a number, of several the newest to which its customer has not objected; or None."""
    return next(iter(open_requests_for(session, number)), None)


def open_requests_for(session: Session, number: PhoneNumber) -> Sequence[PortOut]:
    """The open requests for a number: those to which its customer has not objected before others, then the newest."""
    theirs = PortOut.phone_number_id == number.id, PortOut.state.in_(OPEN)
    disputed = PortOut.state == PortOutState.DISPUTED
    return session.scalars(select(PortOut).where(*theirs).order_by(disputed, PortOut.id.desc())).all()


def open_requests(session: Session) -> Sequence[PortOut]:
    """All open requests, oldest first."""
    return session.scalars(select(PortOut).where(PortOut.state.in_(OPEN)).order_by(PortOut.id)).all()


def dispute(session: Session, services: Services, port_out: PortOut) -> None:
    """Lock a number, and have the carrier refuse the request for it, because its customer says it is not theirs.

    Idempotent. Raises `Conflict` once the request has ended.
    """
    _lock(session, port_out)
    if port_out.state is PortOutState.DISPUTED:
        return
    have_it_disputed(session, services, port_out)
    number = port_out.number
    number.unlocked_until = None
    here = number.line.workspace_id
    note(session, workspace_id=here, user_id=None, action=Action.PORT_OUT_DISPUTED, subject=number.number)


def end(session: Session, services: Services, port_out: PortOut, state: PortOutState) -> None:
    """Note that the carrier has REFUSED a request or its operator WITHDRAWN it. Raises `Conflict` once it has ended."""
    _lock(session, port_out)
    port_out.state, port_out.ended_at = state, now()
    _notify(session, services, port_out, PortOutStopped(operator=port_out.operator, ended_at=now()))


def _lock(session: Session, port_out: PortOut) -> None:
    session.refresh(port_out, with_for_update=True)
    if port_out.state not in OPEN:
        raise Conflict("This request has ended.")


def _asked(port_out: PortOut) -> PortOutAsked:
    return PortOutAsked(
        operator=port_out.operator,
        leaves_on=port_out.leaves_on,
        asked_at=port_out.made_at,
        locked=port_out.locked,
    )


def _notify(session: Session, services: Services, port_out: PortOut, notice: LeavingNotice) -> None:
    brand = brand_of_workspace(session, services.settings, port_out.number.line.workspace_id)
    link = f"{brand.base_url}{path_of(services, port_out)}"
    notify_those_in_charge(session, services, port_out.number, notice, link, f"port_out:{port_out.id}")


def _push(session: Session, services: Services, port_out: PortOut) -> None:
    """Notify the devices and services of those in charge at once."""
    line = port_out.number.line
    facts = {"who": port_out.number.number, "path": path_of(services, port_out), "at": port_out.made_at.isoformat()}
    for member in members_on(session, line):
        if member.role in IN_CHARGE:
            notify_member(session, member, line, TeamEvent.PORT_OUT, f"port_out:{port_out.id}", facts)
