"""Places the legs of ringing groups, in the order and at the pace that the account at the carrier allows.

The jobs of all callers share the work: each places what is to ring next, whichever caller it is for. The first phone of
every group comes before the second of any. A call has no idempotency key, so a leg is never ordered twice: one of which
nothing is heard counts as lost.

Everywhere a group is locked before its legs, and these before the call and its conversation.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallPlaced
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import CarrierError, Unavailable
from service.alerts import AlertKind, alert_once_in
from service.calls.legs.models import CallPace, Leg, LegState, Ringing, RingingState
from service.calls.legs.orders import SHORTEST, order_for
from service.calls.legs.settling import GONE, PLACED, SLACK, leg_tagged, ring_again, settle_ringing
from service.config import Settings
from service.db import database_now
from service.queue import task
from service.services import Services
from service.time import now

AGAIN: Final = timedelta(seconds=1)
"""After this time a leg is tried again for which the account or the carrier had no room."""

LONGEST_TALK: Final = timedelta(hours=4)
"""A call that was taken earlier than that counts as over, as its end was not reported."""


@dataclass(frozen=True, slots=True)
class Order:
    """A leg that counts as placed and is about to be."""

    leg_id: int
    ringing_id: int
    call: OutgoingCall


@task
def place_legs(services: Services, *, ringing_id: int) -> None:
    """Call the phones that wait at the carrier of this group, until none waits or the account holds no more calls."""
    with services.sessions() as session:
        carrier = session.scalar(select(Ringing.carrier).where(Ringing.id == ringing_id))
    while carrier and (order := _next_order(services, carrier)) is not None:
        if isinstance(order, timedelta):
            time.sleep(order.total_seconds())
        elif not _place(services, carrier, order):
            return


def _next_order(services: Services, carrier: str) -> Order | timedelta | None:
    """The next leg, or how long to wait before it may be placed; None if there is none, or no room for it."""
    with services.sessions.begin() as session:
        leg = _next_leg(session, carrier)
        if leg is None:
            return None
        ringing = leg.ringing
        if leg.state is not LegState.WAITING or not leg.is_wanted:
            return timedelta()
        if not _has_room(session, services.settings, carrier):
            _hold_back(session, ringing, f"CALLS_AT_ONCE={services.settings.calls_at_once}")
            return None
        if wait := _until_next(session, services.settings, carrier):
            return wait
        if ringing.held_back:
            ringing.deadline_at = now() + timedelta(seconds=ringing.seconds) + SLACK
        leg.state, leg.placed_at = LegState.PLACING, now()
        return Order(leg.id, ringing.id, order_for(services, ringing, leg))


def _next_leg(session: Session, carrier: str) -> Leg | None:
    """The leg whose turn it is, with its group locked; that of a group which another process holds only if need be."""
    waiting = _NEXT.where(Ringing.carrier == carrier, Ringing.deadline_at > now() + SHORTEST)
    leg = session.scalar(waiting.with_for_update(of=Ringing, skip_locked=True))
    leg = leg or session.scalar(waiting.with_for_update(of=Ringing))
    if leg:
        session.refresh(leg)  # it was read before the group was locked
    return leg


_NEXT: Final = (
    select(Leg)
    .join(Leg.ringing)
    .where(
        Leg.state == LegState.WAITING,
        case(
            (Leg.joins, Ringing.state.in_([RingingState.TAKEN, RingingState.HELD])),
            else_=Ringing.state == RingingState.RINGING,
        ),
    )
    .order_by(Leg.place, Ringing.id)
    .limit(1)
)


def _place(services: Services, carrier: str, order: Order) -> bool:
    """Place a leg and note what became of it; False if there was no room for it."""
    try:
        reference = services.network(carrier).calling.place(order.call)
    except Unavailable as error:
        return not error.not_made or _put_back(services, order, str(error))
    except CarrierError as error:
        if error.not_made:
            _note_refused(services, order)
    else:
        _note_placed(services, order, reference)
    return True


def _has_room(session: Session, settings: Settings, carrier: str) -> bool:
    """Whether the account may hold one more call beside the callers of groups and their phones."""
    if not settings.calls_at_once:
        return True
    lately = Ringing.begun_at > now() - LONGEST_TALK
    under_way = Ringing.carrier == carrier, Ringing.state != RingingState.OVER, lately
    callers = select(func.count()).where(*under_way)
    phones = select(func.count()).select_from(Leg).join(Leg.ringing).where(*under_way, Leg.state.in_(PLACED))
    held = callers.scalar_subquery() + phones.scalar_subquery()
    return bool(session.execute(select(held)).scalar_one() < settings.calls_at_once)


def _until_next(session: Session, settings: Settings, carrier: str) -> timedelta:
    """Zero if the account may place a call now, which then counts as placed; else how long until it may (real time)."""
    pause = timedelta(seconds=1 / settings.calls_per_second)
    free_at = func.clock_timestamp() + pause
    first = insert(CallPace).values(carrier=carrier, free_at=free_at)
    due = CallPace.free_at <= func.clock_timestamp()
    placed = first.on_conflict_do_update(index_elements=["carrier"], set_={"free_at": free_at}, where=due)
    if session.scalar(placed.returning(CallPace.carrier)):
        return timedelta()
    left = session.get_one(CallPace, carrier, populate_existing=True).free_at - database_now(session)
    return max(left, timedelta(milliseconds=1))


def _put_back(services: Services, order: Order, why: str) -> bool:
    """Have a leg tried again that the carrier did not take, as when the account holds too many calls.

    True if it was let go meanwhile, so that it has ended and the next one may be tried.
    """
    with services.sessions.begin() as session:
        leg = _locked(session, order)
        let_go = leg.state is not LegState.PLACING
        leg.placed_at = None
        if let_go:
            leg.state, leg.ended_at = LegState.ENDED, leg.ended_at or now()
        else:
            leg.state = LegState.WAITING
            _hold_back(session, leg.ringing, why)
    return let_go


def _hold_back(session: Session, ringing: Ringing, why: str) -> None:
    """Have the phones of a group ring in turn from now on, each for its full time, as far as there is room."""
    if not ringing.held_back:
        ringing.held_back, ringing.deadline_at = True, ringing.deadline_at + SLACK
    note_limit(session, ringing, why)
    place_legs.defer_once_in(session, AGAIN, ringing_id=ringing.id)


def ring_back(session: Session, ringing: Ringing) -> bool:
    """Ring the phone that passed a caller on, once no other phone rings; False if there is none, or it has rung."""
    others_ring = now() < ringing.deadline_at and any(leg.state not in GONE for leg in ringing.legs)
    number = ringing.passed_on_by
    if ringing.state is not RingingState.RINGING or not number or others_ring:
        return False
    ring_again(ringing, number, ringing.seconds)
    place_legs.defer(session, ringing_id=ringing.id)
    return True


def ring_also(session: Session, ringing: Ringing, number: str) -> None:
    """Ring one more phone, as long as the others, for a caller for whom phones ring."""
    ringing.legs.append(Leg(number=number))
    ringing.deadline_at = max(ringing.deadline_at, now() + timedelta(seconds=ringing.seconds))
    place_legs.defer(session, ringing_id=ringing.id)


def note_limit(session: Session, ringing: Ringing, why: str) -> None:
    """Tell the operators that phones did not ring together, at most once a day."""
    alert_once_in(session, AlertKind.RING_GROUP_HELD_BACK, ringing.carrier, timedelta(days=1), why=why)


def _note_placed(services: Services, order: Order, reference: str) -> None:
    """Note the carrier's id of a leg; its callbacks may have told more by now. It may ring in vain already."""
    with services.sessions.begin() as session:
        leg = _locked(session, order)
        leg.reference = leg.reference or reference or None
        if leg.state is LegState.PLACING:
            leg.state = LegState.RINGING
        if leg.ringing.state is not RingingState.RINGING:
            settle_ringing.defer_once(session, ringing_id=order.ringing_id)


def leg_placed(session: Session, event: CallPlaced, tag: str) -> None:
    """Note the carrier's id of a leg, told by a callback. One that rings in vain can be ended by it."""
    leg = leg_tagged(session, tag)
    if leg and not leg.reference:
        leg.reference = event.reference
        if leg.ringing.state is not RingingState.RINGING:
            settle_ringing.defer_once(session, ringing_id=leg.ringing_id)


def _note_refused(services: Services, order: Order) -> None:
    """Note that a phone cannot be called: it does not ring, and the others do."""
    with services.sessions.begin() as session:
        leg = _locked(session, order)
        leg.state, leg.placed_at, leg.ended_at = LegState.ENDED, None, now()
        ring_back(session, leg.ringing)
        settle_ringing.defer_once(session, ringing_id=order.ringing_id)


def _locked(session: Session, order: Order) -> Leg:
    """A leg whose group is locked, as before every change of a leg."""
    session.get_one(Ringing, order.ringing_id, with_for_update=True)
    return session.get_one(Leg, order.leg_id)
