"""What the team does with a caller of a ring group: hold, park, pass on to another phone, and take the call.

The rows change at once, and a job leads the caller to where they say. Contacts who were called are callers once they
have picked up (`calling_out`). A call whose phone was rung in one step has no rows, so it can be neither held nor
passed on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from service.calls.checking import OUR_NUMBER
from service.calls.consent import Why, asked_for_by, is_announced
from service.calls.costs import count_again
from service.calls.legs.models import Leg, LegState, Pause, Ringing, RingingState
from service.calls.legs.placing import LONGEST_TALK, place_legs, ring_also
from service.calls.legs.recording import steer_recording
from service.calls.legs.settling import GONE, SLACK, park, ring_again, settle_ringing
from service.calls.queries import Rung, answering_on
from service.errors import Conflict, Invalid
from service.inbox.models import Call, Conversation, Direction, Outcome
from service.lines.inventory import number_held
from service.services import Services
from service.spending.destinations import barrier
from service.time import now

JOIN_AT_MOST: Final = 3
"""So many colleagues may be on a call, or rung for it, beside the person who took it."""

SECONDS: Final = 30
"""So long rings a phone to which a caller is passed on."""

HELD_FOR: Final = timedelta(minutes=15)
"""After this time a held caller is parked: they were forgotten, or the end of the other person's call was not told."""

LOOKED_AT: Final = 5
"""Of so many of the latest calls one may be under way."""


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """A call of a ring group that is under way: its row in the conversation, and who rings or talks."""

    call: Call
    ringing: Ringing

    @property
    def colleague_is_there(self) -> bool:
        """Whether a colleague was asked into the call and has come."""
        return asked_in(self.ringing) is not None

    @property
    def state(self) -> RingingState:
        """What happens with the caller now."""
        return self.ringing.state


def on_the_line(session: Session, conversation: Conversation) -> OnTheLine | None:
    """The call of a ring group that is under way in a conversation, or None."""
    latest = select(Call.id).where(Call.conversation_id == conversation.id).order_by(Call.at.desc()).limit(LOOKED_AT)
    lately = Ringing.begun_at > now() - LONGEST_TALK
    under_way = Call.id.in_(latest.scalar_subquery()), Ringing.state != RingingState.OVER, lately, ~Ringing.calls_out
    calls = select(Call, Ringing).join(Ringing, Ringing.call_reference == Call.reference)
    found = session.execute(calls.where(*under_way).order_by(Ringing.id.desc()).limit(1)).first()
    return OnTheLine(*found) if found else None


def without_legs(session: Session, conversation: Conversation) -> Call | None:
    """A call under way with which nothing can be done: it was rung in one step, or goes out and is not taken."""
    under_way = Call.outcome == Outcome.RINGING, Call.at > now() - LONGEST_TALK
    taken_or_out = or_(Call.answered_on != "", Call.direction == Direction.OUT)
    here = select(Call).where(Call.conversation_id == conversation.id, *under_way, taken_or_out)
    return session.scalar(here.order_by(Call.at.desc()).limit(1))


def rings_contact(session: Session, call: Call) -> bool:
    """Whether a call out has not been picked up by its contact yet, so that it can be held and passed on later."""
    if call.direction is not Direction.OUT or not call.reference:
        return call.direction is Direction.OUT
    waits = Ringing.call_reference == call.reference, Ringing.calls_out, Ringing.state != RingingState.OVER
    return bool(session.scalar(select(exists().where(*waits))))


def ringable(session: Session, services: Services, conversation: Conversation) -> tuple[Rung, ...]:
    """The phones of the line that can be rung now: those that may be called, and of browsers those that are awake."""
    line = answering_on(session, conversation.line_id)
    phones = line.within(_countries(services, conversation)).within_caps(now()).phones if line else ()
    return tuple(phone for phone in phones if not phone.is_asleep(now()))


def hold(session: Session, conversation: Conversation) -> None:
    """Have a caller who talks hear music, while the other person keeps the line. Raises `Conflict`.

    After `HELD_FOR` the caller is parked.
    """
    ringing = _in(session, conversation, RingingState.TAKEN)
    ringing.state, ringing.deadline_at = RingingState.HELD, now() + HELD_FOR


def resume(session: Session, conversation: Conversation) -> None:
    """Connect a held caller again with the person who talked with them. Raises `Conflict`."""
    _in(session, conversation, RingingState.HELD).state = RingingState.TAKEN


def pause_recording(session: Session, conversation: Conversation) -> None:
    """Have nothing recorded of a talk for a while, also after a hold. Raises `Conflict`."""
    ringing = _recorded(session, conversation)
    ringing.pause = Pause.ASKED if ringing.pause is Pause.NONE else ringing.pause


def resume_recording(session: Session, conversation: Conversation) -> None:
    """Have the talk recorded again. Raises `Conflict`."""
    _recorded(session, conversation).pause = Pause.NONE


def _recorded(session: Session, conversation: Conversation) -> Ringing:
    ringing = _in(session, conversation, RingingState.TAKEN, RingingState.HELD)
    if not ringing.recorded:
        raise Conflict("This call isn’t recorded.")
    steer_recording.defer(session, ringing_id=ringing.id)
    return ringing


def park_caller(session: Session, conversation: Conversation) -> None:
    """Have a caller who talks or is held wait for any member, and let the other person go. Raises `Conflict`."""
    park(_in(session, conversation, RingingState.TAKEN, RingingState.HELD))


def pass_on(session: Session, services: Services, conversation: Conversation, to: int | str) -> None:
    """Ring another phone for a caller who talks or is held, and let the other person go.

    `to` is the id of a phone of the line, or a number outside (E.164). If nobody takes the call there, the phone of the
    other person rings once more; then it goes on as the call plan says.

    Raises `Conflict`, and `Invalid` for a phone or number that may not be called.
    """
    number = _dialed(session, services, conversation, to)
    ringing = _in(session, conversation, RingingState.TAKEN, RingingState.HELD)
    taker = ringing.taker
    ring_again(ringing, number, SECONDS)
    ringing.passed_on_by = taker.number if taker and taker.number != number else ""
    _announce_for(ringing, number)
    place_legs.defer(session, ringing_id=ringing.id)


def ask_in(session: Session, services: Services, conversation: Conversation, to: int | str) -> None:
    """Ring one more phone to speak with the person who took the call, and with the caller while they are not held.

    Raises as `pass_on` does, and `Conflict` for a phone that takes part already, or if as many rang or joined as may.
    """
    number = _dialed(session, services, conversation, to)
    ringing = _in(session, conversation, RingingState.TAKEN, RingingState.HELD)
    _may_join(ringing, number)
    rings_until = now() + timedelta(seconds=SECONDS) + SLACK
    ringing.seconds, ringing.deadline_at = SECONDS, max(ringing.deadline_at, rings_until)
    ringing.legs.append(Leg(number=number, joins=True))
    if _announce_for(ringing, number) and ringing.state is RingingState.TAKEN:
        ringing.fetched_for = None  # the caller is led into the room once more, and hears it on the way
    place_legs.defer(session, ringing_id=ringing.id)
    count_again(session, ringing.call_reference)


def _announce_for(ringing: Ringing, number: str) -> bool:
    """Have a caller who has not heard of the recording hear of it, if the law where a number is asks for that."""
    why = asked_for_by([number])
    if ringing.announced_for != Why.NOT_ASKED or not is_announced(why):
        return False
    ringing.announced_for, ringing.announced_late = why, True
    return True


def _may_join(ringing: Ringing, number: str) -> None:
    """Raise `Conflict` if a number takes part in a talk already, or if nobody else may."""
    others = [leg for leg in ringing.legs if _takes_part(ringing, leg)]
    if any(leg.number == number for leg in others):
        raise Conflict("This phone is ringing or on the call already.")
    if sum(leg.joins for leg in others) >= JOIN_AT_MOST:
        raise Conflict("You can add up to three people to a call.")


def _takes_part(ringing: Ringing, leg: Leg) -> bool:
    """Whether a phone is on the call of the person who talks, or rings to join it for as long as phones ring."""
    rings = leg.joins and (leg.placed_at or now()) + timedelta(seconds=SECONDS) + SLACK > now()
    return leg.state not in GONE and (leg.id == ringing.taken_by or leg.joined_at is not None or rings)


def hand_over(session: Session, conversation: Conversation) -> None:
    """Connect a held caller with the colleague who was asked in, and let the other person go. Raises `Conflict`."""
    ringing = _in(session, conversation, RingingState.HELD)
    colleague = asked_in(ringing)
    if colleague is None:
        raise Conflict("No one has joined yet.")
    if ringing.taker:
        ringing.taker.state = LegState.LEAVING
    colleague.joins, ringing.taken_by, ringing.taken_at = False, colleague.id, now()
    ringing.state = RingingState.TAKEN


def asked_in(ringing: Ringing) -> Leg | None:
    """The leg of the colleague who has joined last, and is still there."""
    there = [leg for leg in ringing.legs if leg.joins and leg.joined_at and leg.state not in GONE]
    return there[-1] if there else None


def ring_phone(session: Session, services: Services, conversation: Conversation, to: int | str) -> None:
    """Ring one more phone for a caller for whom phones ring, or one for a parked caller. Raises as `pass_on` does."""
    number = _dialed(session, services, conversation, to)
    ringing = _in(session, conversation, RingingState.RINGING, RingingState.PARKED)
    _announce_for(ringing, number)
    if ringing.state is RingingState.PARKED:
        ring_again(ringing, number, SECONDS)
        place_legs.defer(session, ringing_id=ringing.id)
    elif not any(leg.number == number and leg.state is not LegState.ENDED for leg in ringing.legs):
        ring_also(session, ringing, number)


def _in(session: Session, conversation: Conversation, *states: RingingState) -> Ringing:
    """The group of the call that is under way, locked, which is about to leave one of these states."""
    found = on_the_line(session, conversation)
    if found is None:
        raise Conflict("This call is over.")
    session.refresh(found.ringing, with_for_update=True)
    if found.ringing.state not in states:
        raise Conflict("The call has moved on. Look at it again.")
    conversation.touch()
    settle_ringing.defer(session, ringing_id=found.ringing.id)
    return found.ringing


def _dialed(session: Session, services: Services, conversation: Conversation, to: int | str) -> str:
    """What is dialed for a phone of the line, or a number outside, if it can be rung now."""
    if isinstance(to, str):
        return _outside(session, to, _countries(services, conversation))
    number = next((phone.number for phone in ringable(session, services, conversation) if phone.id == to), None)
    if number is None:
        raise Invalid({"phone": ["Choose one of the phones of the line."]})
    return number


def _countries(services: Services, conversation: Conversation) -> set[str]:
    return {*services.settings.countries, conversation.line.country}


def _outside(session: Session, number: str, countries: Collection[str]) -> str:
    if refusal := barrier(number, countries):
        raise Invalid({"number": [refusal.value]})
    if number_held(session, number):
        raise Invalid({"number": [OUR_NUMBER]})
    return number
