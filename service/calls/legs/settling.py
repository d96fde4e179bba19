"""What is done at the carrier when a ringing group has ended: its legs are ended, and the caller leaves the queue."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from provisioning.contract.calling import Calling, OutgoingCall
from provisioning.contract.errors import Conflict
from service.callback_addresses import Carried, Step, addresses
from service.calls.events import taken_on
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.calls.legs.orders import BUFFER, order_for
from service.errors import NotFound
from service.queue import task
from service.services import Services
from service.time import now

PLACED: Final = (LegState.PLACING, LegState.RINGING)

TALKED: Final = timedelta(seconds=10)
"""A person who took a call and hung up after this time has talked with the caller."""


@task
def settle_ringing(services: Services, *, ringing_id: int) -> None:
    """End the legs that ring in vain, and fetch the caller once nothing rings or a leg has taken the call.

    The caller is fetched once for each of the two: a second time would end the talk.
    """
    with services.sessions.begin() as session:
        ringing = session.get(Ringing, ringing_id, with_for_update=True)
        if ringing is None or _still_rings(ringing):
            return
        _note_who_took_it(session, ringing)
        fetched = begin_to_fetch(ringing)
        needless = [leg for leg in ringing.legs if _is_needless(ringing, leg)]
        known = [leg.reference for leg in needless if leg.reference]
        lost = [order_for(services, ringing, leg) for leg in needless if leg.state is LegState.PLACING]
        carrier, reference, since = ringing.carrier, ringing.call_reference, ringing.begun_at
        waited = addresses(services, carrier).voice(Carried(Step.WAITED, line=ringing.line_id, ringing=ringing.tag))
    calling = services.network(carrier).calling
    if fetched:
        with suppress(Conflict):  # one that has hung up need not be fetched
            calling.take_elsewhere(reference, waited)
    for leg_reference in [*known, *_found(services, calling, lost, since)]:
        with suppress(Conflict):
            calling.end(leg_reference)
    _note_ended(services, known)


def _note_ended(services: Services, references: list[str]) -> None:
    """Note that legs have ended: of one that was still queued the carrier does not tell it."""
    ended = {"state": LegState.ENDED, "ended_at": now()}
    with services.sessions.begin() as session:
        session.execute(update(Leg).where(Leg.reference.in_(references), Leg.state.in_(PLACED)).values(ended))


def begin_to_fetch(ringing: Ringing) -> bool:
    """Note that the caller leaves the queue for what has happened; False if they have left it for that before."""
    if ringing.fetched_for is ringing.state or has_talked(ringing):
        return False
    ringing.fetched_for, ringing.fetched_at = ringing.state, now()
    return True


def _still_rings(ringing: Ringing) -> bool:
    """Whether the group rings on. It is over when no leg is left, or when the one that took the call is lost again."""
    taker = ringing.taker
    lost = taker is not None and taker.state is LegState.ENDED
    if lost or (ringing.state is RingingState.RINGING and not is_alive(ringing)):
        ringing.state = RingingState.OVER
    return ringing.state is RingingState.RINGING


def give_up(session: Session, ringing: Ringing) -> None:
    """Have a group ring no more, if it still does."""
    if ringing.state is not RingingState.OVER:
        ringing.state = RingingState.OVER
        settle_ringing.defer_once(session, ringing_id=ringing.id)


def is_alive(ringing: Ringing) -> bool:
    """Whether a phone may still take the call: one rings or will, and the deadline has not passed."""
    return now() < ringing.deadline_at + BUFFER and any(leg.state is not LegState.ENDED for leg in ringing.legs)


def has_talked(ringing: Ringing) -> bool:
    """Whether the person who took the call has talked with the caller: they were connected for a while."""
    taker = ringing.taker
    ended = taker.ended_at if taker else None
    return ringing.taken_at is not None and (ended or now()) - ringing.taken_at >= TALKED


def _found(services: Services, calling: Calling, lost: list[OutgoingCall], since: datetime) -> Iterator[str]:
    """Legs at the carrier whose order was not answered, or whose worker died meanwhile. Those of other groups stay."""
    for order in lost:
        found = calling.find(order, since)
        with services.sessions() as session:
            others = set(session.scalars(select(Leg.reference).where(Leg.reference.in_(found))))
        yield from (reference for reference in found if reference not in others)


def _note_who_took_it(session: Session, ringing: Ringing) -> None:
    if ringing.taker and ringing.state is RingingState.TAKEN:
        with suppress(NotFound):  # its arrival is not read yet: the end of the talk says it again
            taken_on(session, ringing.call_reference, ringing.taker.number, ringing.line_id, ringing.taken_at)


def _is_needless(ringing: Ringing, leg: Leg) -> bool:
    takes_it = leg.id == ringing.taken_by and ringing.state is RingingState.TAKEN
    return not takes_it and leg.state in PLACED
