"""Legs and callers that have hung up, as callbacks tell, and those of which no callback told."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallEnded, PickedUp, RingEnded
from service.calls.costs import count_again
from service.calls.events import taken_on, talked_out
from service.calls.legs.models import Leg, LegState, Pause, Ringing, RingingState
from service.calls.legs.placing import LONGEST_TALK, place_legs, ring_back
from service.calls.legs.recording import steer_recording
from service.calls.legs.settling import MUSIC, PLACED, give_up, has_talked, leg_tagged, settle_ringing
from service.errors import NotFound
from service.time import now

RINGS_AT_MOST: Final = timedelta(minutes=2)
"""A leg that was placed longer ago rings no more, whatever callbacks told."""

FORGOTTEN_AFTER: Final = timedelta(days=2)


def leg_ended(session: Session, event: CallEnded, tag: str) -> None:
    """A leg has ended: there is room for another one. After the last one the caller need not wait any longer."""
    leg = leg_tagged(session, tag)
    if leg is None:
        return
    leg.seconds = event.seconds
    if leg.is_callers:
        _contact_gone(session, leg, event.seconds)
        return
    count_again(session, leg.ringing.call_reference)
    if leg.state is LegState.ENDED:
        return
    leg.reference = leg.reference or event.reference
    _end(session, leg, _end_of(leg))


def _contact_gone(session: Session, leg: Leg, seconds: int) -> None:
    """A contact who was called and had picked up has hung up, so the call out is over."""
    give_up(session, leg.ringing)
    talked_out(session, leg.ringing.call_reference, seconds)


def machine_picked_up(session: Session, event: PickedUp, tag: str) -> None:
    """A leg was picked up by a voicemail or fax, and so has to end. A person who has pressed the key stays."""
    leg = leg_tagged(session, tag)
    if leg is None or not event.by_machine or leg.state not in PLACED:
        return
    leg.reference = leg.reference or event.reference
    if leg.id != leg.ringing.taken_by and leg.joined_at is None:
        leg.state = LegState.LEAVING
        ring_back(session, leg.ringing)
        settle_ringing.defer_once(session, ringing_id=leg.ringing_id)


def leg_left(session: Session, leg: Leg) -> None:
    """A leg has left the room for good, whose callback may come much later: the caller is led to it no more."""
    if leg.state is not LegState.ENDED:
        _end(session, leg, now())


def _end(session: Session, leg: Leg, at: datetime) -> None:
    leg.state, leg.ended_at = LegState.ENDED, at
    ring_back(session, leg.ringing)
    settle_ringing.defer_once(session, ringing_id=leg.ringing_id)
    if leg.ringing.held_back:
        place_legs.hurry(session, ringing_id=leg.ringing_id)


def _end_of(leg: Leg) -> datetime:
    """When a leg has ended: as it left the room for the last time, unless the caller was led to it again since."""
    led_at = leg.ringing.fetched_at
    is_last = leg.ended_at is not None and (led_at is None or led_at <= leg.ended_at)
    return leg.ended_at if leg.ended_at and is_last else now()


def room_ended(session: Session, event: RingEnded, tag: str) -> None:
    """The caller has left the room. They have talked, unless the other one was gone before they came."""
    ringing = session.scalar(select(Ringing).where(Ringing.tag == tag))
    if ringing and ringing.taker and has_talked(ringing):
        taken_on(session, event.reference, ringing.taker.number, ringing.line_id, ringing.taken_at)


def call_of(session: Session, tag: str) -> str:
    """The call (the carrier's id) of a ring group. Raises `NotFound`."""
    reference = session.scalar(select(Ringing.call_reference).where(Ringing.tag == tag))
    if reference is None:
        raise NotFound("no ring group has this tag")
    return reference


def caller_gone(session: Session, reference: str) -> None:
    """The caller (the carrier's id of the call) has hung up, so no phone has to ring for them."""
    open_still = Ringing.call_reference == reference, Ringing.state != RingingState.OVER
    for ringing in session.scalars(select(Ringing).where(*open_still).with_for_update()):
        give_up(session, ringing)


def chase_groups(session: Session) -> None:
    """Place and settle what should be by now: the job for it was lost with its worker, or a callback on its way."""
    lately = select(Ringing.id).where(Ringing.begun_at > now() - LONGEST_TALK)
    waits = Ringing.state.in_([RingingState.RINGING, *MUSIC])
    over, others = Ringing.state == RingingState.OVER, Leg.id != func.coalesce(Ringing.taken_by, 0)
    in_vain = _has_leg(Leg.state.in_(PLACED), Leg.placed_at > now() - RINGS_AT_MOST, over | (others & ~Leg.joins))
    rings_in_vain = (Ringing.state != RingingState.RINGING) & in_vain
    let_go = _has_leg(Leg.state == LegState.LEAVING, Leg.reference.is_not(None))
    talks = Ringing.state.in_([RingingState.TAKEN, *MUSIC])
    elsewhere = talks & Ringing.fetched_for.is_distinct_from(Ringing.state)
    unsettled = (waits & (Ringing.deadline_at < now())) | rings_in_vain | let_go | elsewhere
    for ringing_id in session.scalars(lately.where(unsettled)):
        settle_ringing.defer_once(session, ringing_id=ringing_id)
    unpaused = Ringing.state == RingingState.TAKEN, Ringing.pause == Pause.ASKED
    for ringing_id in session.scalars(lately.where(*unpaused)):
        steer_recording.hurry(session, ringing_id=ringing_id)
    unplaced = _has_leg(Leg.state == LegState.WAITING)
    for ringing_id in session.scalars(lately.where(~over, Ringing.deadline_at > now(), unplaced)):
        place_legs.hurry(session, ringing_id=ringing_id)


def _has_leg(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Leg.ringing_id == Ringing.id, *conditions)


def forget_ringings(session: Session) -> None:
    """Delete groups and legs of calls that are long over."""
    session.execute(delete(Ringing).where(Ringing.begun_at < now() - FORGOTTEN_AFTER))
