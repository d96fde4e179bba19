"""What the caller and the called phones hear while a group rings, and who takes the call.

    caller   waits ──┬─ taken ─────────────── in the room with the person ──┬─ hang up
                     │                                                      ├─ held or parked ── waits, with music
                     │                                                      └─ passed on ── waits
                     └─ nobody took it ────── the next node of the plan
    phone    picked up ── presses 1 ──┬─ first ── in the room with the caller ──┬─ hang up
                                      │                                         └─ the caller is held ── in the room
                                      └─ another was faster ── hang up

A member who calls out waits as well, until the contact's phone is picked up. The contact is asked for no key, and is
the caller from then on (`calling_out`):

    member   waits ──┬─ the contact picks up ── in the room with the contact, as the person who took the call
                     └─ nobody picks up ── hang up

Every request may come twice and in any order: what is heard depends on the rows alone.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import literal, select, update
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import is_browser
from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, HangUp, Join, Say, Wait
from service.callback_addresses import Addresses, Carried, Step
from service.calls.consent import is_announced
from service.calls.legs.calling_out import contact_picked_up, in_one_step
from service.calls.legs.ending import leg_left
from service.calls.legs.models import Leg, Pause, Ringing, RingingState
from service.calls.legs.placing import note_limit, ring_back
from service.calls.legs.settling import (
    GONE,
    MUSIC,
    begin_to_lead,
    give_up,
    has_talked,
    leg_tagged,
    settle_ringing,
    show_anew,
)
from service.calls.plan_walk import ACCEPT, Walk, answer
from service.calls.queries import Answering
from service.calls.words import digits_spoken, say
from service.phone_numbers import is_dialable
from service.time import now

STEPS: Final = frozenset({Step.WAITED, Step.LED, Step.ROOM, Step.LEG, Step.LEG_KEY, Step.LEFT})
"""The steps of calls that are answered here."""

IN_A_MOMENT: Final = timedelta(seconds=10)
"""So long after a caller was led to the room, they may still be on their way there."""


def hear(session: Session, line: Answering, to: Addresses, event: Event, carried: Carried) -> list[CallStep]:
    """The next steps of the caller or of a leg."""
    if carried.leg:
        leg = leg_tagged(session, carried.leg)
        return _of_the_leg(session, line, to, event, leg, carried.step) if leg else [HangUp()]
    ringing = session.scalar(select(Ringing).where(Ringing.tag == carried.ringing).with_for_update())
    if ringing is None:
        return [HangUp()]
    if ringing.taker and isinstance(event, CallArrived | RingEnded) and event.reference == ringing.taker.reference:
        return _put_through(to, ringing, ringing.taker)
    if carried.step is Step.WAITED:
        return _waited(session, line, to, ringing)
    return _led(line, to, ringing, from_the_room=carried.step is Step.ROOM)


def wait(to: Addresses, ringing_tag: str, line_id: int) -> Wait:
    """The step in which a caller waits for a group of the line: ringback or music, as the state of the group says."""
    at = Carried(Step.WAITING, line=line_id, ringing=ringing_tag)
    waited = Carried(Step.WAITED, line=line_id, ringing=ringing_tag)
    return Wait(f"line-{line_id}", to.voice(at), to.voice(waited))


def _waited(session: Session, line: Answering, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """A caller who has left the queue: they meet the person who took the call, or hear what the plan says next."""
    if _is_there(ringing):
        ringing.state = RingingState.TAKEN  # a held caller whose music could not be played
        begin_to_lead(ringing)
        if ringing.pause is Pause.ASKED:
            show_anew(session, ringing)
        return _room(line, to, ringing)
    if has_talked(ringing) or _is_left_alone(ringing):
        return [HangUp()]
    if ringing.calls_out:
        return _not_reached(session, to, ringing)
    if ring_back(session, ringing):
        return [wait(to, ringing.tag, ringing.line_id)]
    give_up(session, ringing)
    begin_to_lead(ringing)
    if not any(leg.placed_at for leg in ringing.legs):
        return _in_one_step(session, line, to, ringing)
    ended = RingEnded(ringing.call_reference, ringing.caller, ringing.called, CallOutcome.NO_ANSWER)
    return answer(line, to, ended, _progress(ringing), now())


def _is_left_alone(ringing: Ringing) -> bool:
    """Whether this is a contact who was called, and the member has hung up: no plan has anything to tell them."""
    return not ringing.node and ringing.taken_at is not None


def _not_reached(session: Session, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """A member who called out, and whose contact has not picked up, or could not be called in time."""
    give_up(session, ringing)
    begin_to_lead(ringing)
    if any(leg.placed_at for leg in ringing.legs):
        return [HangUp()]
    note_limit(session, ringing, "no phone was called in time")
    return [in_one_step(session, to, ringing)]


def _put_through(to: Addresses, ringing: Ringing, member: Leg) -> list[CallStep]:
    """A member who called out, and has waited for the contact to pick up."""
    if not _is_there(ringing):
        return [HangUp()]
    ringing.calls_out = False
    begin_to_lead(ringing)
    return _join(to, member)


def _led(line: Answering, to: Addresses, ringing: Ringing, *, from_the_room: bool) -> list[CallStep]:
    """A caller who is led somewhere by us, or whose room has ended, which may be because they were to be led."""
    if ringing.state in {RingingState.RINGING, *MUSIC}:
        begin_to_lead(ringing)
        return [wait(to, ringing.tag, ringing.line_id)]
    return _room(line, to, ringing) if _is_there(ringing) and not from_the_room else [HangUp()]


def _is_there(ringing: Ringing) -> bool:
    """Whether somebody has taken the call and is still on the phone."""
    taker = ringing.taker
    return ringing.state in {RingingState.TAKEN, RingingState.HELD} and taker is not None and taker.state not in GONE


def _room(line: Answering, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """The room of the caller and the person who took the call. During a pause it is not recorded from its beginning."""
    announcement = [say("recorded", line.language)] if ringing.announced_late else []
    room = Carried(Step.ROOM, ringing.line_id, ringing=ringing.tag)
    is_recorded = ringing.recorded and ringing.pause is Pause.NONE
    recording = to.recording(ringing.announced_for, ringing.tag) if is_recorded else ""
    if ringing.pause is Pause.ASKED:
        ringing.pause = Pause.DONE
    return [*announcement, Join(f"ringing-{ringing.tag}-{ringing.taken_by}", to.voice(room), recording), HangUp()]


def _in_one_step(session: Session, line: Answering, to: Addresses, ringing: Ringing) -> list[CallStep]:
    """Ring the phones without legs of their own: the carrier's or our own side was too slow to place one."""
    note_limit(session, ringing, "no phone was called in time")
    walk = Walk(line, to, ringing.shown, ringing.called)
    numbers = tuple(leg.number for leg in ringing.legs)
    announced = is_announced(ringing.announced_for)
    return walk.dial(numbers, ringing.seconds, to.voice(_progress(ringing)), announced=announced)


def _progress(ringing: Ringing) -> Carried:
    why = ringing.announced_for
    return Carried(Step.RUNG, ringing.line_id, ringing.node, after=ringing.after, announced=why)


def _of_the_leg(
    session: Session, line: Answering, to: Addresses, event: Event, leg: Leg, step: Step | None
) -> list[CallStep]:
    """The person at a phone is asked to take the call, and connected if they are the first to press the key."""
    if leg.reference is None and isinstance(event, CallArrived | KeyPressed):
        leg.reference = event.reference
    if step is Step.LEFT:
        return _left(session, to, leg)
    if leg.ringing.calls_out or leg.is_callers:
        return _of_the_contact(session, line, to, leg)
    if isinstance(event, KeyPressed):
        return _take(session, line, to, leg) if event.key == ACCEPT else [HangUp()]
    if not leg.is_wanted or leg.state in GONE:
        return [say("taken", line.language), HangUp()]
    if is_browser(leg.number):  # whose person has clicked to take the call
        return _take(session, line, to, leg)
    key = Carried(Step.LEG_KEY, leg.ringing.line_id, leg=leg.tag)
    return [AskForKey(_prompt(line, leg), to.voice(key)), HangUp()]


def _of_the_contact(session: Session, line: Answering, to: Addresses, leg: Leg) -> list[CallStep]:
    """A contact who was called has picked up. They hear that the call is recorded, if a law or the line wants it."""
    ringing = leg.ringing
    if not leg.is_callers and not contact_picked_up(session, leg):
        return [HangUp()]
    announcement = [say("recorded", line.language)] if is_announced(ringing.announced_for) else []
    return [*announcement, *_room(line, to, ringing)] if _is_there(ringing) else [HangUp()]


def _join(to: Addresses, leg: Leg) -> list[CallStep]:
    """The room of the person who took the call. It ends when the caller is held, so the way back is asked for again.

    A colleague who was asked into it may leave without ending it.
    """
    left = Carried(Step.LEFT, leg.ringing.line_id, leg=leg.tag)
    room = f"ringing-{leg.ringing.tag}-{leg.ringing.taken_by}"
    return [Join(room, to.voice(left), ends=not leg.joins), HangUp()]


def _left(session: Session, to: Addresses, leg: Leg) -> list[CallStep]:
    """The next steps of a leg that has left the room. If it has hung up, it hears nothing of them."""
    if not _caller_comes_back(leg):
        leg_left(session, leg)
        return [HangUp()]
    leg.ended_at = now()
    return _join(to, leg)


def _caller_comes_back(leg: Leg) -> bool:
    """Whether the caller has left the room only for a while; a colleague who was asked in waits as well."""
    ringing = leg.ringing
    on_the_way = ringing.fetched_at is not None and now() < ringing.fetched_at + IN_A_MOMENT
    is_wanted = ringing.state is RingingState.HELD or (ringing.state is RingingState.TAKEN and on_the_way)
    return is_wanted and (ringing.taken_by == leg.id or leg.joins)


def _prompt(line: Answering, leg: Leg) -> Say:
    """Who calls is said where the phone does not show it."""
    ringing = leg.ringing
    recorded = "_recorded" if ringing.recorded else ""
    if leg.joins:
        return say(f"join{recorded}", line.language, business=line.business)
    if ringing.token or not is_dialable(ringing.caller):
        return say(f"screen{recorded}", line.language, business=line.business)
    spoken = digits_spoken(ringing.caller, line.country)
    return say(f"screen_from{recorded}", line.language, business=line.business, caller=spoken)


def _take(session: Session, line: Answering, to: Addresses, leg: Leg) -> list[CallStep]:
    """Of two who accept at once one update finds the group ringing. A colleague who was asked in takes nothing."""
    if leg.joins:
        return _join_in(session, line, to, leg)
    open_still = Ringing.id == leg.ringing_id, Ringing.state == RingingState.RINGING, literal(leg.state not in GONE)
    claim = update(Ringing).where(*open_still).values(state=RingingState.TAKEN, taken_by=leg.id, taken_at=now())
    taken = session.execute(claim.returning(Ringing.id)).scalar()
    session.refresh(leg.ringing)
    if taken:
        settle_ringing.defer(session, ringing_id=leg.ringing_id)
    elif leg.ringing.taken_by != leg.id:
        return [say("taken", line.language), HangUp()]
    return [*_announced(line, leg), *_join(to, leg)]


def _join_in(session: Session, line: Answering, to: Addresses, leg: Leg) -> list[CallStep]:
    if not leg.is_wanted or leg.state in GONE:
        return [say("taken", line.language), HangUp()]
    leg.joined_at = now()
    show_anew(session, leg.ringing)
    return [*_announced(line, leg), *_join(to, leg)]


def _announced(line: Answering, leg: Leg) -> list[CallStep]:
    """That the call is recorded, if it is, to a person in a browser: all others have heard it before they pressed."""
    return [say("recorded", line.language)] if leg.ringing.recorded and is_browser(leg.number) else []
