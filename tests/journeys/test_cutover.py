"""The port date: each leg proven, the cutover taken back and done again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cutover.models import CutoverStep, StepName
from service.cutover.undo import cut_over_again, take_back
from service.errors import Conflict, IllegalTransition
from service.inbox.models import Conversation
from service.lines.models import NumberRole, PhoneNumber
from service.notifications.models import NoticeKind, Notification
from service.porting.models import Cause, PortNumber
from service.porting.states import State
from tests.factories import CALLER
from tests.journeys.journey import AT_BOTH

PLAIN = "+12125552000"
LATE_TEXTS = "+12125554204"


@pytest.fixture
def arrived(journey):
    """A number that has come and waits for its proof."""

    def arrive(number=PLAIN):
        journey.temporary = journey.sign_up()
        journey.arrive(number)
        assert journey.state() is State.PORTED
        return journey

    return arrive


def prove(journey, number=PLAIN):
    journey.prove(number)
    assert journey.state() is State.LIVE


def do(journey, use_case):
    with journey.services.sessions.begin() as session:
        use_case(session, journey.services, session.scalars(select(PortNumber)).one(), Cause.CUSTOMER)
    journey.work()


def rows(journey):
    """The rows of a line and its cutover, without their times."""
    with journey.services.sessions() as session:
        steps = select(CutoverStep).order_by(CutoverStep.name)
        numbers = select(PhoneNumber).order_by(PhoneNumber.id)
        return (
            [(step.name, step.done_at is not None, step.trouble) for step in session.scalars(steps)],
            [
                (worn.number, worn.role, worn.standing, bool(worn.texts_since), bool(worn.retiring_since))
                for worn in session.scalars(numbers)
            ],
        )


def done(journey, name):
    """A step, once it is done."""
    with journey.services.sessions() as session:
        return session.scalar(select(CutoverStep).where(CutoverStep.name == name, CutoverStep.done_at.is_not(None)))


def test_each_leg_is_green_only_with_its_own_evidence(arrived, world):
    journey = arrived()
    assert done(journey, StepName.REGISTER_ADDRESS).evidence["city"] == "San Francisco"
    assert [done(journey, name) for name in (StepName.PROVE_VOICE, StepName.PROVE_TEXTS)] == [None, None]
    world.call(CALLER, PLAIN)
    journey.work()
    assert done(journey, StepName.PROVE_VOICE).far_end == CALLER
    assert done(journey, StepName.PROVE_TEXTS) is None
    world.text(CALLER, PLAIN, "Hello")
    journey.work()
    assert done(journey, StepName.PROVE_TEXTS).far_end == CALLER
    assert done(journey, StepName.PROVE_PICTURES) is None
    assert journey.state() is State.PORTED


def test_our_own_test_finds_what_is_wrong_here_and_says_nothing_about_other_networks(arrived, world):
    journey = arrived()
    journey.pass_time(timedelta(minutes=15), steps=3)
    assert all(done(journey, name).trial for name in (StepName.PROVE_VOICE, StepName.PROVE_PICTURES))
    journey.pass_time(timedelta(days=40), steps=10)
    assert journey.state() is State.PORTED
    told = journey.told()
    assert NoticeKind.DONE not in told
    assert NoticeKind.TEXTS_ARRIVED not in told
    assert told.count(NoticeKind.PROOF_WANTED) > 2
    prove(journey)
    assert not any(done(journey, name).trial for name in (StepName.PROVE_VOICE, StepName.PROVE_TEXTS))
    assert journey.told()[len(told) :][:2] == [NoticeKind.TEXTS_ARRIVED, NoticeKind.DONE]


@pytest.mark.parametrize("leg", ["call", "text"])
def test_one_of_the_two_from_the_customers_phone_is_not_enough(arrived, world, leg):
    journey = arrived()
    journey.pass_time(timedelta(minutes=15), steps=3)
    if leg == "call":
        world.call(CALLER, PLAIN)
    else:
        world.text(CALLER, PLAIN, "Is this me?")
    journey.pass_time(timedelta(minutes=10), steps=2)
    assert journey.state() is State.PORTED
    assert NoticeKind.DONE not in journey.told()


def test_the_customer_is_asked_for_a_call_and_a_text_until_they_came(arrived, world):
    journey = arrived()
    world.call(CALLER, PLAIN)
    world.text(CALLER, PLAIN, "Hello", media=["image/jpeg"])
    journey.work()
    journey.pass_time(timedelta(days=8), steps=8)
    assert NoticeKind.PROOF_WANTED not in journey.told()


def test_our_own_test_begins_no_conversation(arrived, world):
    journey = arrived()
    journey.pass_time(timedelta(hours=1), steps=6)
    with journey.services.sessions() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_texts_that_come_hours_later_are_tested_again(arrived, world):
    journey = arrived(LATE_TEXTS)
    world.call(CALLER, LATE_TEXTS)
    journey.pass_time(timedelta(minutes=30), steps=3)
    assert done(journey, StepName.PROVE_TEXTS) is None
    journey.pass_time(timedelta(hours=5), steps=10)
    assert done(journey, StepName.PROVE_TEXTS).trial
    world.text(CALLER, LATE_TEXTS, "At last")
    journey.work()
    journey.pass_time(timedelta(seconds=10))
    assert journey.state() is State.LIVE


def test_taking_back_and_moving_again_ends_in_the_same_rows_however_often(arrived, world):
    journey = arrived()
    prove(journey)
    moved = rows(journey)
    do(journey, take_back)
    back = rows(journey)
    for _ in range(2):
        do(journey, cut_over_again)
        prove(journey)
        assert rows(journey) == moved
        do(journey, take_back)
        assert rows(journey) == back
    told = journey.told()
    assert told.count(NoticeKind.TAKEN_BACK) == 3
    assert [told.count(once) for once in (NoticeKind.ARRIVED, NoticeKind.TEXTS_ARRIVED)] == [1, 1]
    # each time the old service was needed again, until it was not
    assert told.count(NoticeKind.DONE) == 3


def test_what_was_taken_back_leaves_the_temporary_number_serving_and_loses_no_call(arrived, world):
    journey = arrived()
    prove(journey)
    do(journey, take_back)
    with journey.services.sessions() as session:
        told = session.scalars(select(Notification).where(Notification.kind == NoticeKind.TAKEN_BACK)).first()
    assert told.facts["temporary"] == journey.temporary
    assert {worn.number: worn.role for worn in journey.numbers()} == {
        journey.temporary: NumberRole.TEMPORARY,
        PLAIN: NumberRole.ARRIVING,
    }
    for number in (journey.temporary, PLAIN):
        assert world.call(CALLER, number).status == "completed"
    journey.pass_time(timedelta(days=60), steps=6)
    assert journey.state() is State.PORTED
    assert len(journey.numbers()) == 2


@AT_BOTH
def test_what_has_not_arrived_or_was_taken_back_is_not_taken_back(journey, arrived):
    journey.temporary = journey.sign_up()
    journey.schedule(PLAIN)
    with pytest.raises(IllegalTransition):
        do(journey, take_back)
    with pytest.raises(Conflict):
        do(journey, cut_over_again)


def test_it_is_too_late_once_the_temporary_number_was_given_back(arrived, world):
    journey = arrived()
    prove(journey)
    journey.pass_time(timedelta(days=40), steps=4)
    with pytest.raises(Conflict):
        do(journey, take_back)
    assert journey.state() is State.LIVE
