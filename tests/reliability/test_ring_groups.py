"""Calls to a group whose phones are called one by one, with people, voicemails, faults and hang-ups by the dice."""

import os
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select

from service.calls.changing import keep
from service.calls.legs import talking
from service.calls.legs.models import Leg, LegState, Ringing, RingingState
from service.calls.nodes import RingPhones, usual
from service.errors import Conflict, Invalid
from service.inbox.models import Conversation
from service.lines.models import Line, Phone, PhoneNumber
from tests.factories import CALLER, a_line

CALLS = int(os.environ.get("RING_GROUP_CALLS", "12"))
SEED = int(os.environ.get("RING_GROUP_SEED", "0"))
"""The same calls in every test run; a long run (RING_GROUP_CALLS=500) draws others with another seed."""

PHONES = [f"+141555501{at:02}" for at in range(4)]
ANSWERS = ["press:1", "press:1", "press:2", "answer", "voicemail", "no-answer", "busy", "failed"]
FAULTS = ["drop", "double", "reorder", "lose-after", "lose-before", "throttle", "error"]


@pytest.fixture
def group(services, world, work):
    """A line whose four phones ring together, and its number (E.164)."""
    with services.sessions.begin() as session:
        line = session.get_one(Line, a_line(session, services).id)
        session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate(PHONES))
        session.flush()
        keep(session, line, replace(usual(), nodes={**usual().nodes, "ring": RingPhones("message")}))
    work()
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber.number)).one()


def thrown(dice, world):
    """How the phones answer this time, how long the caller waits, and at times a fault."""
    for number in PHONES:
        answer = dice.choice(ANSWERS)
        world.phone(number, answers=answer if answer in {"busy", "failed"} else f"{answer} after {dice.randint(1, 25)}")
    if dice.random() < 0.5:
        world.faults.add(dice.choice(FAULTS), path=dice.choice(["*/Calls.json", "*/call-status*"]), count=2)
    return dice.choice([120, 120, dice.randint(1, 20)])


def talks(call):
    return sum("talks in the conference" in words or "talks with" in words for words in call.transcript)


def test_no_caller_is_lost_or_connected_twice_and_no_phone_rings_on(group, services, world, work):
    dice = Random(SEED)  # noqa: S311 -- dice of a test
    for _ in range(CALLS):
        before = set(world.state.calls)
        call = world.call(CALLER, group, says="Two rye loaves.", patience=thrown(dice, world))
        work(failing=True)
        world.faults.clear()
        work(failing=True)
        legs = [one for sid, one in world.state.calls.items() if sid not in before and one is not call]
        messages = sum("records" in words for words in call.transcript)
        gone = "the caller hangs up" in call.transcript
        assert call.ended, call.transcript
        assert talks(call) <= 1
        assert sum(talks(leg) for leg in legs) == talks(call) or any("talks with" in words for words in call.transcript)
        assert talks(call) + messages >= 1 or gone, call.transcript
        assert all(leg.ended for leg in legs)


def test_afterwards_nothing_rings_by_our_rows(group, services, world, work):
    dice = Random(SEED + 1)  # noqa: S311 -- dice of a test
    for _ in range(CALLS // 3):
        world.call(CALLER, group, says="Two rye loaves.", patience=thrown(dice, world))
        work(failing=True)
        world.faults.clear()
    work(failing=True)
    with services.sessions() as session:
        assert set(session.scalars(select(Ringing.state))) == {RingingState.OVER}
        open_legs = select(Leg).where(Leg.state == LegState.RINGING)
        assert all(leg.ringing.state is RingingState.OVER for leg in session.scalars(open_legs))


def test_whatever_the_team_does_with_a_caller_nobody_is_lost_and_no_phone_stays_on(group, services, world, work):
    dice = Random(SEED + 2)  # noqa: S311 -- dice of a test
    with services.sessions() as session:
        phones = session.scalars(select(Phone.id)).all()
    for _ in range(CALLS // 4):
        before = set(world.state.calls)
        for number in PHONES:
            world.phone(number, answers=f"{dice.choice(ANSWERS[:4])} after {dice.randint(1, 4)}")
        call = world.call(CALLER, group, says="Two rye loaves.", patience=25)
        for _ in range(5):
            work.for_seconds(dice.randint(1, 5))
            act_at_random(dice, services, phones)
        work()
        legs = [one for sid, one in world.state.calls.items() if sid not in before]
        messages = any("records" in words for words in call.transcript)
        assert talks(call) or messages or "the caller hangs up" in call.transcript, call.transcript
        assert all(leg.ended for leg in legs)


def act_at_random(dice, services, phones):
    """Do something with the call, which is refused if it is not the time for it."""
    with suppress(Conflict, Invalid), services.sessions.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        act = dice.choice([talking.hold, talking.resume, talking.park_caller, talking.hand_over])
        to_a_phone = dice.choice([talking.pass_on, talking.ring_phone, talking.ask_in, None])
        if to_a_phone:
            to_a_phone(session, services, conversation, dice.choice(phones))
        else:
            act(session, conversation)
