"""What the caller and the called phones hear while a group rings, and who takes the call.

    caller   waits ──┬─ taken ─────────────── in the room with the person ── hang up
                     └─ nobody took it ────── the next node of the plan
    phone    picked up ── presses 1 ──┬─ first ── in the room with the caller ── hang up
                                      └─ another was faster ── hang up

Every request may come twice and in any order: what is heard depends on the rows alone.
"""

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, HangUp, Join, Say
from service.callback_addresses import Addresses, Carried, Step
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.calls.legs.placing import note_limit
from service.calls.legs.settling import begin_to_fetch, give_up, has_talked, settle_ringing
from service.calls.plan_walk import ACCEPT, Walk, answer
from service.calls.queries import Answering
from service.calls.words import digits_spoken, say
from service.phone_numbers import is_dialable
from service.time import now

STEPS: Final = frozenset({Step.WAITED, Step.LEG, Step.LEG_KEY})
"""The steps of calls that are answered here; after the room there is nothing left to hear."""


def hear(session: Session, line: Answering, to: Addresses, event: Event, carried: Carried) -> list[CallStep]:
    """The next steps of the caller or of a leg."""
    match carried.step:
        case Step.LEG | Step.LEG_KEY:
            leg = session.scalar(select(Leg).where(Leg.tag == carried.leg))
            return _on_the_phone(session, line, to, event, leg) if leg else [HangUp()]
        case _:
            ringing = session.scalar(select(Ringing).where(Ringing.tag == carried.ringing))
            if ringing is None:
                return [HangUp()]
            return _waited(session, line, to, ringing)


def _waited(session: Session, line: Answering, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """The person who took the call, or else what the plan says next."""
    session.refresh(ringing, with_for_update=True)
    taker = ringing.taker
    if taker and taker.state is not LegState.ENDED and ringing.state is RingingState.TAKEN:
        begin_to_fetch(ringing)
        return _room(to, ringing)
    if has_talked(ringing):
        return [HangUp()]
    give_up(session, ringing)
    begin_to_fetch(ringing)
    if not any(leg.placed_at for leg in ringing.legs):
        return _in_one_step(session, line, to, ringing)
    ended = RingEnded(ringing.call_reference, ringing.caller, ringing.called, CallOutcome.NO_ANSWER)
    return answer(line, to, ended, _progress(ringing), now())


def _room(to: Addresses, ringing: Ringing) -> list[CallStep]:
    room = Carried(Step.ROOM, ringing.line_id, ringing=ringing.tag)
    recording = to.recording if ringing.recorded else ""
    return [Join(f"ringing-{ringing.tag}", to.voice(room), recording), HangUp()]


def _in_one_step(session: Session, line: Answering, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """Ring the phones without legs of their own: the carrier's or our own side was too slow to place one."""
    note_limit(session, ringing, "no phone was called in time")
    walk = Walk(line, to, ringing.shown, ringing.called)
    numbers = tuple(leg.number for leg in ringing.legs)
    return walk.dial(numbers, ringing.seconds, to.voice(_progress(ringing)), announced=ringing.recorded)


def _progress(ringing: Ringing) -> Carried:
    return Carried(Step.RUNG, ringing.line_id, ringing.node, after=ringing.after)


def _on_the_phone(session: Session, line: Answering, to: Addresses, event: Event, leg: Leg) -> list[CallStep]:
    """The person at a phone is asked to take the call, and connected if they are the first to press the key."""
    if leg.reference is None and isinstance(event, CallArrived | KeyPressed):
        leg.reference = event.reference
    if isinstance(event, KeyPressed):
        return _take(session, line, to, leg) if event.key == ACCEPT else [HangUp()]
    if leg.ringing.state is not RingingState.RINGING:
        return [say("taken", line.language), HangUp()]
    key = Carried(Step.LEG_KEY, leg.ringing.line_id, leg=leg.tag)
    return [AskForKey(_prompt(line, leg.ringing), to.voice(key)), HangUp()]


def _prompt(line: Answering, ringing: Ringing) -> Say:
    """Who calls is said where the phone does not show it."""
    recorded = "_recorded" if ringing.recorded else ""
    if ringing.token or not is_dialable(ringing.caller):
        return say(f"screen{recorded}", line.language, business=line.business)
    spoken = digits_spoken(ringing.caller, line.country)
    return say(f"screen_from{recorded}", line.language, business=line.business, caller=spoken)


def _take(session: Session, line: Answering, to: Addresses, leg: Leg) -> list[CallStep]:
    """Of two who accept at once one update finds the group ringing."""
    open_still = Ringing.id == leg.ringing_id, Ringing.state == RingingState.RINGING
    claim = update(Ringing).where(*open_still).values(state=RingingState.TAKEN, taken_by=leg.id, taken_at=now())
    taken = session.execute(claim.returning(Ringing.id)).scalar()
    session.refresh(leg.ringing)
    if taken:
        settle_ringing.defer(session, ringing_id=leg.ringing_id)
    elif leg.ringing.taken_by != leg.id:
        return [say("taken", line.language), HangUp()]
    return [Join(f"ringing-{leg.ringing.tag}"), HangUp()]
