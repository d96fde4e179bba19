"""To whom the test text goes, and what of texts that come back says something about the number."""

import pytest

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus, Trouble
from service.cutover.models import CutoverStep, StepName
from service.cutover.rows import steps_of
from service.cutover.sending_tests import MOST_TESTED, begin_sending_test, note_undelivered
from service.optouts import stop
from service.porting.models import PortNumber
from service.porting.states import State
from tests.factories import CALLER, CUSTOMER


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
