"""To whom the test text goes, and what of texts that come back says something about the number."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus, Trouble
from service.cutover.models import CutoverStep, StepName
from service.cutover.rows import steps_of
from service.cutover.sending_results import SILENCE, ask_for_results
from service.cutover.sending_tests import (
    MOST_TESTED,
    WAITS,
    begin_sending_test,
    note_undelivered,
    repeat_sending_tests,
    text_own_mobile,
)
from service.optouts import stop
from service.porting.models import PortNumber
from service.porting.states import State
from service.proven_numbers import ProvenNumber
from service.spending.allowances import lift, pause
from tests.conftest import REGISTERED
from tests.factories import CALLER, CUSTOMER
from tests.lesser_carrier import forgetful


def begin(session, services, number):
    step = steps_of(session, services, number)[StepName.PROVE_SENDING]
    begin_sending_test(session, number, step)
    return step.tries


def come_back(session, services, number, recipient, trouble):
    news = MessageProgressed("SM1", MessageStatus.UNDELIVERED, trouble, number.number, recipient)
    note_undelivered(session, services, news)
    return steps_of(session, services, number)[StepName.PROVE_SENDING].trouble


def test_the_customer_is_texted(do):
    assert do(begin) == 1


def test_a_phone_that_nobody_has_shown_to_be_theirs_is_not(do):
    do(lambda session, *_: session.execute(delete(ProvenNumber)))
    assert do(begin) == 0


@pytest.mark.parametrize("whose", ["ours", "the line's"])
def test_a_customer_who_sent_stop_is_not(do, whose):
    do(lambda session, _, number: stop(session, CUSTOMER, number.project.workspace_id if whose != "ours" else None))
    assert do(begin) == 0


@pytest.mark.parametrize(("tested", "tries"), [(MOST_TESTED - 1, 1), (MOST_TESTED, 0)])
def test_a_phone_gets_the_test_of_a_few_numbers_only(do, tested, tries):
    def test_others(session, services, number):
        for last in range(tested):
            other = PortNumber(project=number.project, number=f"+1212555310{last}", state=State.PORTED)
            session.add(other)
            session.flush()
            session.add(CutoverStep(port_number_id=other.id, name=StepName.PROVE_SENDING, tries=1))

    do(test_others)
    assert do(begin) == tries


@pytest.mark.parametrize("trouble", [Trouble.NOT_REGISTERED, Trouble.SENDER_NOT_READY, Trouble.FILTERED, None])
def test_what_lies_with_the_sender_is_noted_whoever_was_texted(do, trouble):
    assert do(come_back, CALLER, trouble) == (trouble or Trouble.OTHER)


@pytest.mark.parametrize("trouble", [Trouble.LANDLINE, Trouble.UNREACHABLE, Trouble.OPTED_OUT])
def test_what_lies_with_a_phone_says_nothing_about_others(do, trouble):
    assert do(come_back, CALLER, trouble) == ""
    assert do(come_back, CUSTOMER, trouble) == trouble


def count_sent(world):
    return sum("this text left from your number" in text.body for text in world.state.messages.values())


class TestAWorkspaceThatMayNotText:
    """It is paused before the test text leaves."""

    @pytest.fixture(autouse=True)
    def paused(self, do, work):
        do(lambda session, _, number: pause(session, number.project.workspace_id))
        do(begin)
        work()

    def test_says_so_and_the_carrier_is_not_asked_for_the_text(self, do, clock):
        assert do(TestAnAnswerThatWasLost.step) == (False, Trouble.PAUSED, 1)
        clock.jump(SILENCE)
        do(lambda session, *_: ask_for_results(session))
        questions = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'ask_for_result'")
        assert do(lambda session, *_: session.scalar(questions)) == 0

    def test_sends_it_when_the_pause_is_over(self, do, work, clock):
        do(lambda session, _, number: lift(session, number.project.workspace_id))
        clock.jump(WAITS[0])
        do(lambda session, *_: repeat_sending_tests(session))
        work()
        clock.jump(timedelta(seconds=10))
        work()
        assert do(TestAnAnswerThatWasLost.step) == (True, "", 2)


class TestAnAnswerThatWasLost:
    """The carrier drops all callbacks about texts, so that nothing is heard of a test."""

    @pytest.fixture
    def sent(self, do, work, world, clock):
        world.faults.add("drop", path="*/message*")
        do(begin)
        work()
        clock.jump(timedelta(seconds=10))
        work()

    @staticmethod
    def ask(do, work, clock, after=SILENCE):
        clock.jump(after)
        do(lambda session, *_: ask_for_results(session))
        work()

    @staticmethod
    def step(session, services, number):
        step = steps_of(session, services, number)[StepName.PROVE_SENDING]
        return bool(step.done_at), step.trouble, step.tries

    def test_is_found_at_the_carrier(self, sent, do, work, clock):
        self.ask(do, work, clock)
        assert do(self.step) == (True, "", 1)

    def test_is_waited_for_first(self, sent, do, work, clock):
        self.ask(do, work, clock, SILENCE - timedelta(minutes=1))
        assert do(self.step) == (False, "", 1)

    def test_tells_why_it_was_not_delivered(self, do, work, world, clock):
        world.registry.decide_campaign(REGISTERED, "FAILED")
        world.faults.add("drop", path="*/message*")
        do(begin)
        work()
        clock.jump(timedelta(seconds=10))
        work()
        self.ask(do, work, clock)
        assert do(self.step) == (False, Trouble.NOT_REGISTERED, 1)

    def test_sends_nothing_twice(self, sent, do, work, clock, world):
        for _ in range(3):
            self.ask(do, work, clock)
        assert count_sent(world) == 1


class TestALogThatCannotTell:
    """The carrier does not show yet which texts it was given."""

    @pytest.fixture
    def carriers(self, carriers):
        return forgetful(carriers)

    def test_does_not_keep_the_first_text_from_leaving(self, do, work, world):
        do(begin)
        work()
        assert count_sent(world) == 1

    def test_keeps_a_text_that_was_begun_from_leaving_twice(self, do, work, services, world, clock):
        do(begin)
        work()
        do(lambda session, _, number: text_own_mobile.defer(session, port_number_id=number.id))
        work()
        assert (do(TestAnAnswerThatWasLost.step), count_sent(world)) == ((False, Trouble.OTHER, 1), 1)
        clock.jump(WAITS[0])
        do(lambda session, *_: repeat_sending_tests(session))
        work()
        assert count_sent(world) == 2
