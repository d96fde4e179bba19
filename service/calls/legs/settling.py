"""What is done at the carrier when the state of a ringing group has changed: legs end, and the caller is led on."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select, union, update
from sqlalchemy.orm import Session

from provisioning.contract.calling import Calling, OutgoingCall
from provisioning.contract.errors import CarrierError, Conflict
from service.callback_addresses import Carried, Step, addresses
from service.calls.events import taken_on
from service.calls.legs.models import Leg, LegState, Pause, Ringing, RingingState
from service.calls.legs.orders import BUFFER, order_for, status_url
from service.calls.legs.waking import take_back
from service.errors import NotFound
from service.inbox.models import Call
from service.queue import task
from service.services import Services
from service.time import now

PLACED: Final = (LegState.PLACING, LegState.RINGING)
GONE: Final = (LegState.LEAVING, LegState.ENDED)
MUSIC: Final = (RingingState.HELD, RingingState.PARKED)
"""The states in which a caller hears music."""

SLACK: Final = timedelta(seconds=10)
"""So much longer than the phone that rings last does a caller wait, for the callback that it has stopped."""

PARKED_FOR: Final = timedelta(minutes=5)
"""After this time a parked caller is led on, as if no phone had answered."""

TALKED: Final = timedelta(seconds=10)
"""A person who took a call and hung up after this time has talked with the caller."""


@task
def settle_ringing(services: Services, *, ringing_id: int) -> None:
    """End the legs that ring in vain, and lead the caller to where they belong now.

    The caller is led once for each state: a second time would end the talk. A request that fails keeps no other from
    being made, and is then raised, so that the job is tried again.
    """
    with services.sessions.begin() as session:
        ringing = session.get(Ringing, ringing_id, with_for_update=True)
        if ringing is None:
            return
        _see_who_is_left(session, ringing)
        _note_who_took_it(session, ringing)
        if ringing.state is not RingingState.RINGING:
            take_back(session, ringing)
        led_before = ringing.fetched_for
        led = begin_to_lead(ringing)
        needless = [leg for leg in ringing.legs if _is_needless(ringing, leg)]
        known = [leg.reference for leg in needless if leg.reference]
        if led and ringing.calls_out and ringing.state is RingingState.OVER:
            led, known = False, [*known, ringing.call_reference]  # nobody picked up, so the member has nothing to hear
        lost = [order_for(services, ringing, leg) for leg in needless if not leg.reference]
        carrier, reference, since = ringing.carrier, _who_is_led(ringing), ringing.begun_at
        step = Step.WAITED if ringing.state in _OUT_OF_THE_QUEUE else Step.LED
        leads_to = addresses(services, carrier).voice(Carried(step, line=ringing.line_id, ringing=ringing.tag))
        own_leg = next((leg for leg in ringing.legs if leg.reference == reference), None)
        told = status_url(services, own_leg) if own_leg else ""
    calling = services.network(carrier).calling
    not_led = _trouble_with(partial(calling.take_elsewhere, reference, leads_to, told)) if led else None
    if not_led and not_led.not_made:
        _note_not_led(services, ringing_id, led_before)
    failed = {one: _trouble_with(partial(calling.end, one)) for one in known}
    _note_ended(services, ringing_id, [one for one, trouble in failed.items() if trouble is None])
    failed |= {one: _trouble_with(partial(calling.end, one)) for one in _found(services, calling, lost, since)}
    for trouble in (not_led, *failed.values()):
        if trouble:
            raise trouble


_OUT_OF_THE_QUEUE: Final = (RingingState.TAKEN, RingingState.OVER)


def _who_is_led(ringing: Ringing) -> str:
    """The call (carrier's id) that is led: the caller's, or that of a member who is put through to the contact."""
    waiting = ringing.taker if ringing.calls_out else None
    return waiting.reference or "" if waiting else ringing.call_reference


def _trouble_with(request: Callable[[], None]) -> CarrierError | None:
    """Make a request; what it failed with. That a call is over already (`Conflict`) is no failure."""
    try:
        request()
    except Conflict:
        return None
    except CarrierError as error:
        return error
    return None


def _note_not_led(services: Services, ringing_id: int, led_before: RingingState | None) -> None:
    """Note that the caller is where they were led before, as the carrier has certainly not done what was asked."""
    with services.sessions.begin() as session:
        ringing = session.get_one(Ringing, ringing_id, with_for_update=True)
        ringing.fetched_for = led_before


def _note_ended(services: Services, ringing_id: int, references: list[str]) -> None:
    """Note that legs have ended: of one that was still queued the carrier does not tell it."""
    ended = {"state": LegState.ENDED, "ended_at": now()}
    with services.sessions.begin() as session:
        session.get(Ringing, ringing_id, with_for_update=True)
        session.execute(update(Leg).where(Leg.reference.in_(references), Leg.state != LegState.ENDED).values(ended))


def begin_to_lead(ringing: Ringing) -> bool:
    """Note that the caller is led to what the state says; False if they are there, or it needs no request of ours."""
    waits_at_first = ringing.fetched_for is None and ringing.state is RingingState.RINGING
    hangs_up = ringing.state is RingingState.OVER and has_talked(ringing)
    if ringing.fetched_for is ringing.state or waits_at_first or hangs_up:
        return False
    ringing.fetched_for, ringing.fetched_at = ringing.state, now()
    return True


def _see_who_is_left(session: Session, ringing: Ringing) -> None:
    """Have a group ring no more when no leg is left, or the one that took the call is lost; a held caller is parked."""
    taker = ringing.taker
    lost = taker is not None and taker.state is LegState.ENDED
    if ringing.state is RingingState.HELD and (lost or now() >= ringing.deadline_at):
        park(ringing)
        show_anew(session, ringing)
    elif (lost and ringing.state is RingingState.TAKEN) or _waits_in_vain(ringing):
        ringing.state = RingingState.OVER
    for leg in ringing.legs:
        if leg.state is LegState.WAITING and not leg.is_wanted:
            leg.state = LegState.ENDED


def _waits_in_vain(ringing: Ringing) -> bool:
    """Whether the caller waits in vain: no phone rings, or the time of a parked caller is up."""
    if ringing.state is RingingState.PARKED:
        return now() >= ringing.deadline_at + BUFFER
    if ringing.passed_on_by and now() < ringing.deadline_at + SLACK:
        return False  # the phone that passed them on is to ring once more
    return ringing.state is RingingState.RINGING and not is_alive(ringing)


def park(ringing: Ringing) -> None:
    """Have the caller wait for any member, `PARKED_FOR` at most; the person they talked with is let go."""
    _go_over(ringing, RingingState.PARKED, PARKED_FOR)


def ring_again(ringing: Ringing, number: str, seconds: int) -> None:
    """Ring one phone for a caller who has talked or waits; the person they talked with is let go."""
    _go_over(ringing, RingingState.RINGING, timedelta(seconds=seconds) + SLACK)
    ringing.held_back, ringing.seconds = False, seconds
    ringing.token = ""  # the carrier may not take it any more
    ringing.legs.append(Leg(number=number))


def _go_over(ringing: Ringing, state: RingingState, lasting: timedelta) -> None:
    """Go over to another state, and let every leg go. A caller who hears music stays in the queue where they are."""
    for leg in ringing.legs:
        if leg.state is not LegState.ENDED:
            leg.state = LegState.ENDED if leg.state is LegState.WAITING else LegState.LEAVING
    if ringing.state in MUSIC:
        ringing.fetched_for = state
    ringing.state, ringing.deadline_at = state, now() + lasting
    ringing.taken_by, ringing.taken_at, ringing.passed_on_by, ringing.pause = None, None, "", Pause.NONE


def leg_tagged(session: Session, tag: str) -> Leg | None:
    """The leg that our callback address names, with its group locked."""
    ringing_id = select(Leg.ringing_id).where(Leg.tag == tag).scalar_subquery()
    session.execute(select(Ringing.id).where(Ringing.id == ringing_id).with_for_update())
    return session.scalar(select(Leg).where(Leg.tag == tag))


def show_anew(session: Session, ringing: Ringing) -> None:
    """Have open pages show what has become of the call."""
    if call := session.scalar(select(Call).where(Call.reference == ringing.call_reference)):
        call.conversation.touch()


def give_up(session: Session, ringing: Ringing) -> None:
    """Have a group ring no more, if it still does."""
    if ringing.state is not RingingState.OVER:
        ringing.state = RingingState.OVER
        settle_ringing.defer_once(session, ringing_id=ringing.id)


def is_alive(ringing: Ringing) -> bool:
    """Whether a phone may still take the call: one rings or will, and the deadline has not passed."""
    return now() < ringing.deadline_at + BUFFER and any(leg.state not in GONE for leg in ringing.legs)


def has_talked(ringing: Ringing) -> bool:
    """Whether the person who took the call has talked with the caller: they were connected for a while."""
    taker = ringing.taker
    ended = taker.ended_at if taker and taker.state is LegState.ENDED else None
    return ringing.taken_at is not None and (ended or now()) - ringing.taken_at >= TALKED


def _found(services: Services, calling: Calling, lost: list[OutgoingCall], since: datetime) -> Iterator[str]:
    """Legs at the carrier whose order was not answered, or whose worker died meanwhile.

    Legs of other groups and calls out, which ring between the same numbers, stay.
    """
    for order in lost:
        found = calling.find(order, since)
        with services.sessions() as session:
            legs = select(Leg.reference).where(Leg.reference.in_(found))
            calls = select(Call.reference).where(Call.reference.in_(found))
            others = set(session.scalars(union(legs, calls)))
        yield from (reference for reference in found if reference not in others)


def _note_who_took_it(session: Session, ringing: Ringing) -> None:
    if ringing.taker and ringing.state is RingingState.TAKEN:
        with suppress(NotFound):  # its arrival is not read yet: the end of the talk says it again
            taken_on(session, ringing.call_reference, ringing.taker.number, ringing.line_id, ringing.taken_at)


def _is_needless(ringing: Ringing, leg: Leg) -> bool:
    """Whether a leg has to end: it was let go, or it rings on for a call that is taken or over."""
    takes_it = leg.id == ringing.taken_by and ringing.state in _TALKS
    rings_in_vain = leg.state in PLACED and not takes_it and not leg.is_wanted
    return leg.state is LegState.LEAVING or rings_in_vain


_TALKS: Final = (RingingState.TAKEN, RingingState.HELD)
