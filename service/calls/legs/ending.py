"""Legs and callers that have hung up, as callbacks tell, and those of which no callback told."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallEnded, RingEnded
from service.calls.events import taken_on
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.calls.legs.placing import place_legs
from service.calls.legs.settling import give_up, has_talked, settle_ringing
from service.time import now

OVERDUE: Final = timedelta(seconds=30)
FORGOTTEN_AFTER: Final = timedelta(days=2)


def leg_ended(session: Session, event: CallEnded, tag: str) -> None:
    """A leg has ended: there is room for another one. After the last one the caller need not wait any longer."""
    leg = session.scalar(select(Leg).where(Leg.tag == tag).with_for_update())
    if leg is None or leg.state is LegState.ENDED:
        return
    leg.reference = leg.reference or event.reference
    leg.state, leg.ended_at = LegState.ENDED, now()
    settle_ringing.defer_once(session, ringing_id=leg.ringing_id)
    if leg.ringing.held_back:
        place_legs.hurry(session, ringing_id=leg.ringing_id)


def room_ended(session: Session, event: RingEnded, tag: str) -> None:
    """The caller has left the room. They have talked, unless the other one was gone before they came."""
    ringing = session.scalar(select(Ringing).where(Ringing.tag == tag))
    if ringing and ringing.taker and has_talked(ringing):
        taken_on(session, event.reference, ringing.taker.number, ringing.line_id, ringing.taken_at)


def caller_gone(session: Session, reference: str) -> None:
    """The caller (the carrier's id of the call) has hung up, so no phone has to ring for them."""
    open_still = Ringing.call_reference == reference, Ringing.state != RingingState.OVER
    for ringing in session.scalars(select(Ringing).where(*open_still).with_for_update()):
        give_up(session, ringing)


def settle_overdue(session: Session) -> None:
    """Settle groups that should have stopped ringing: the job for it was lost with its worker."""
    overdue = Ringing.state == RingingState.RINGING, Ringing.deadline_at < now() - OVERDUE
    for ringing_id in session.scalars(select(Ringing.id).where(*overdue)):
        settle_ringing.defer_once(session, ringing_id=ringing_id)


def forget_ringings(session: Session) -> None:
    """Delete groups and legs of calls that are long over."""
    session.execute(delete(Ringing).where(Ringing.begun_at < now() - FORGOTTEN_AFTER))
