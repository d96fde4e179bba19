"""What is done at the carrier for a ringing group: legs are placed and ended, and the caller is fetched from the queue.

A call has no idempotency key, so a leg is never ordered twice: one of which nothing is heard counts as lost.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import CarrierError, Conflict
from service.callback_addresses import Addresses, Carried, Step, addresses
from service.calls.events import taken_on
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.errors import NotFound
from service.queue import task
from service.services import Services
from service.time import now

BUFFER: Final = timedelta(seconds=5)
"""So much longer than it is told to does a carrier let a phone ring."""

SHORTEST: Final = timedelta(seconds=5)

TALKED: Final = timedelta(seconds=10)
"""A person who took a call and hung up after this time has talked with the caller."""


@task
def place_legs(services: Services, *, ringing_id: int) -> None:
    """Call the phones one after the other, as long as nobody has taken the call."""
    while order := _next_order(services, ringing_id):
        leg_id, carrier, call = order
        try:
            reference = services.network(carrier).calling.place(call)
        except CarrierError as error:
            if error.not_made:
                _note(services, leg_id, LegState.ENDED)
        else:
            _note(services, leg_id, LegState.RINGING, reference)
    settle_ringing(services, ringing_id=ringing_id)


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
        needless = [leg.reference for leg in ringing.legs if _is_needless(ringing, leg) and leg.reference]
        carrier, reference = ringing.carrier, ringing.call_reference
        waited = addresses(services, carrier).voice(Carried(Step.WAITED, line=ringing.line_id, ringing=ringing.tag))
    calling = services.network(carrier).calling
    if fetched:
        with suppress(Conflict):  # one that has hung up need not be fetched
            calling.take_elsewhere(reference, waited)
    for leg in needless:
        with suppress(Conflict):
            calling.end(leg)


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


def _next_order(services: Services, ringing_id: int) -> tuple[int, str, OutgoingCall] | None:
    """The next leg to be placed, which from now on counts as placed; None if no phone needs to ring any more."""
    with services.sessions.begin() as session:
        ringing = session.get(Ringing, ringing_id, with_for_update=True)
        if ringing is None or ringing.state is not RingingState.RINGING or now() + SHORTEST > ringing.deadline_at:
            return None
        leg = next((leg for leg in ringing.legs if leg.state is LegState.WAITING), None)
        if leg is None:
            return None
        leg.state, leg.placed_at = LegState.PLACING, now()
        return leg.id, ringing.carrier, _worded(addresses(services, ringing.carrier), ringing, leg)


def _worded(to: Addresses, ringing: Ringing, leg: Leg) -> OutgoingCall:
    """The order for a leg. It shows the caller's number where the carrier lets us, else the number that was called."""
    ringing_for = max(ringing.deadline_at - now() - BUFFER, SHORTEST)
    return OutgoingCall(
        sender=ringing.shown if ringing.token else ringing.called,
        recipient=leg.number,
        answer_url=to.voice(Carried(Step.LEG, ringing.line_id, leg=leg.tag)),
        status_url=to.call_status(Carried(Step.LEG, ringing.line_id, leg=leg.tag)),
        seconds=int(ringing_for.total_seconds()),
        token=ringing.token,
    )


def _note(services: Services, leg_id: int, state: LegState, reference: str | None = None) -> None:
    """Note what became of placing a leg; its callbacks may have told more by now."""
    with services.sessions.begin() as session:
        leg = session.get_one(Leg, leg_id, with_for_update=True)
        leg.reference = leg.reference or reference
        if leg.state is LegState.PLACING:
            leg.state, leg.ended_at = state, now() if state is LegState.ENDED else None


def _note_who_took_it(session: Session, ringing: Ringing) -> None:
    if ringing.taker and ringing.state is RingingState.TAKEN:
        with suppress(NotFound):  # its arrival is not read yet: the end of the talk says it again
            taken_on(session, ringing.call_reference, ringing.taker.number, ringing.line_id)


def _is_needless(ringing: Ringing, leg: Leg) -> bool:
    takes_it = leg.id == ringing.taken_by and ringing.state is RingingState.TAKEN
    return not takes_it and leg.state is not LegState.ENDED
