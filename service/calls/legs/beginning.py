"""Begins to ring a group of phones of which each is called by itself.

At the carriers the first phone that is picked up ends the ringing of all phones of one step, even if its voicemail
picks up. So the caller waits in a queue, and each phone gets a call of its own. One phone alone needs none of this
where the carrier tells its voicemail from a person (`Voice.reports_not_taken`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.callbacks import CallArrived, Event, KeyPressed, RingEnded
from provisioning.contract.voice import CallStep, Ring, Voice
from service.callback_addresses import Addresses, Carried, Step, read
from service.calls.emergency import is_emergency
from service.calls.legs.calling_out import begin_to_call
from service.calls.legs.hearing import wait
from service.calls.legs.models import Leg, Ringing, RingingState
from service.calls.legs.placing import LONGEST_TALK, place_legs
from service.calls.legs.settling import GONE
from service.calls.legs.waking import wake_team
from service.calls.queries import Answering
from service.inbox.models import Call
from service.services import Services
from service.time import now

Going = CallArrived | KeyPressed | RingEnded
"""What may lead a call to a group of phones."""

LOOKED_AT: Final = 200
"""So many of the latest calls to a number tell who answers most."""


def with_own_legs(
    services: Services, carrier: str, to: Addresses, line: Answering, event: Event, steps: list[CallStep]
) -> list[CallStep]:
    """The steps of a call, with a wait in place of ringing several phones in one step.

    They stay as they are while our database cannot be written.
    """
    ring = steps[-1] if steps else None
    voice = services.network(carrier).voice
    if not (isinstance(ring, Ring) and isinstance(event, Going) and _is_group(ring, voice)):
        return steps
    return _waiting(services, to, line, steps, lambda session: _begin(session, carrier, line, event, ring))


def with_both_legs(
    services: Services,
    carrier: str,
    to: Addresses,
    line: Answering,
    event: Event,
    carried: Carried,
    steps: list[CallStep],
) -> list[CallStep]:
    """The steps of a call out, with a wait in place of ringing the contact in one step; as they are likewise.

    Emergency services are rung in one step, which waits for no worker.
    """
    ring, entry = steps[-1] if steps else None, carried.entry
    if not (isinstance(ring, Ring) and isinstance(event, CallArrived | KeyPressed)) or is_emergency(ring.numbers[0]):
        return steps
    begin = partial(begin_to_call, carrier=carrier, line_id=line.line_id, event=event, ring=ring, entry=entry)
    return _waiting(services, to, line, steps, begin)


def _waiting(
    services: Services, to: Addresses, line: Answering, steps: list[CallStep], begin: Callable[[Session], str | None]
) -> list[CallStep]:
    """The steps of a call with a wait in place of the last one, if a group `begin`s to ring, whose tag that tells."""
    try:
        with services.sessions.begin() as session:
            ringing = begin(session)
    except SQLAlchemyError:  # also of the commit
        ringing = None
    return [*steps[:-1], wait(to, ringing, line.line_id)] if ringing else steps


def _is_group(ring: Ring, voice: Voice) -> bool:
    """Whether these are several phones of a team, or one that needs a call of its own.

    It does in a browser, whose click is enough to take the call, where the recording may have to pause, and where the
    carrier does not tell that nobody pressed the key. A number to which calls are forwarded takes them unasked.
    """
    is_asked = read(urlsplit(ring.screen_url).query).step is Step.SCREEN
    needs_leg = bool(ring.recording_url) or not voice.reports_not_taken or any(map(is_browser, ring.numbers))
    return is_asked and (needs_leg or len(ring.numbers) > 1)


def _begin(session: Session, carrier: str, line: Answering, event: Going, ring: Ring) -> str | None:
    """Write down what rings; the tag by which callbacks recognise it, or None if this group has rung before.

    A repeated request finds what the first one wrote.
    """
    progress = read(urlsplit(ring.then_url).query)
    row = {
        "line_id": line.line_id,
        "carrier": carrier,
        "call_reference": event.reference,
        "caller": event.caller,
        "called": event.called,
        "shown": ring.caller_id,
        "token": event.token if isinstance(event, CallArrived) else "",
        "node": progress.node,
        "after": progress.after,
        "recorded": bool(ring.recording_url),
        "spots_machines": line.plan.spots_machines,
        "announced_for": read(urlsplit(ring.recording_url).query).announced,
        "seconds": ring.seconds,
        "deadline_at": now() + timedelta(seconds=ring.seconds),
    }
    unique = ["call_reference", "node", "after"]
    begun = insert(Ringing).values(**row).on_conflict_do_nothing(index_elements=unique).returning(Ringing.id)
    if ringing_id := session.scalar(begun):
        free = ring.numbers if line.plan.rings_busy else _free(session, ring.numbers) or ring.numbers
        ordered = enumerate(_by_answers(session, event.called, free))
        session.add_all(Leg(ringing_id=ringing_id, number=number, place=place) for place, number in ordered)
        place_legs.defer(session, ringing_id=ringing_id)
        wake_team.defer(session, ringing_id=ringing_id)
    same = Ringing.call_reference == event.reference, Ringing.node == progress.node, Ringing.after == progress.after
    return session.scalar(select(Ringing.tag).where(*same, Ringing.state == RingingState.RINGING))


def _free(session: Session, numbers: Sequence[str]) -> list[str]:
    """The phones on which nobody talks with a caller of a group. A colleague who talks is rung if all of them do."""
    talks = Ringing.state.in_([RingingState.TAKEN, RingingState.HELD]), Ringing.taken_at > now() - LONGEST_TALK
    takers = select(Leg.number).join(Ringing, Ringing.taken_by == Leg.id).where(*talks, Leg.state.not_in(GONE))
    busy = set(session.scalars(takers.where(Leg.number.in_(numbers))))
    return [number for number in numbers if number not in busy]


def _by_answers(session: Session, called: str, numbers: Iterable[str]) -> list[str]:
    """The phones in the order in which they are called: browsers, then those that have taken most calls lately."""
    latest = select(Call.answered_on).where(Call.number == called).order_by(Call.at.desc()).limit(LOOKED_AT)
    taken = Counter(session.scalars(latest))
    return sorted(numbers, key=lambda number: (not is_browser(number), -taken[number]))
