"""News from a carrier about an order that had ended."""

import pytest
from sqlalchemy import select

from provisioning.contract.porting import NumberSnapshot, OrderSnapshot, PortStatus
from service.alerts import Alert
from service.notifications.models import Channel, NoticeKind, Notification
from service.porting import projects
from service.porting.learning import learn
from service.porting.models import CarrierOrder
from service.porting.states import State
from tests.factories import OWN, a_draft, a_line


@pytest.fixture
def sent(session, services):
    """Submit a port of one number."""

    def send(line):
        project = a_draft(session, line, OWN)
        projects.submit(session, services, project)
        return project.numbers[0]

    return send


@pytest.fixture
def say(session, services):
    """Learn from a snapshot of the order."""

    def say(order, status):
        learn(session, services, order, OrderSnapshot(order.reference, status, (NumberSnapshot(OWN, status, status),)))

    return say


@pytest.fixture
def line(session, services):
    return a_line(session, services)


@pytest.fixture
def ended(session, sent, say, line):
    """An order that the carrier reported as canceled."""
    order = CarrierOrder(attempt_id=sent(line).attempt_id, carrier="twilio", reference="KW1")
    session.add(order)
    session.flush()
    say(order, PortStatus.IN_REVIEW)
    say(order, PortStatus.CANCELED)
    return order


def test_a_number_that_comes_after_all_has_arrived(ended, say):
    say(ended, PortStatus.PORTED)
    assert [number.state for number in ended.numbers] == [State.PORTED]


def test_where_it_is_being_ported_anew_it_has_arrived_in_the_newer_port(ended, sent, say, line):
    [former] = ended.numbers
    newer = sent(line)
    say(ended, PortStatus.PORTED)
    assert (former.state, newer.state) == (State.CANCELED, State.PORTED)


def test_where_somebody_else_ports_it_an_operator_is_told(session, services, ended, sent, say):
    theirs = sent(a_line(session, services))
    say(ended, PortStatus.PORTED)
    assert theirs.state is State.SUBMITTING
    assert [number.state for number in ended.numbers] == [State.CANCELED]
    assert "number_of_another_order" in session.scalars(select(Alert.kind)).all()


def test_what_is_told_again_of_a_number_that_went_back_says_nothing_of_its_newer_port(ended, sent, say, line):
    [former] = ended.numbers
    say(ended, PortStatus.PORTED)
    former.state = State.RETURNED
    newer = sent(line)
    say(ended, PortStatus.PORTED)
    assert (former.state, newer.state) == (State.RETURNED, State.SUBMITTING)


def test_what_is_rejected_again_for_the_same_reason_is_told_again_and_the_same_answer_is_not(session, sent, say, line):
    order = CarrierOrder(attempt_id=sent(line).attempt_id, carrier="twilio", reference="KW1")
    session.add(order)
    session.flush()
    for status in (PortStatus.REJECTED, PortStatus.UNKNOWN, PortStatus.REJECTED):
        say(order, status)
    assert times_told(session, NoticeKind.ACTION_NEEDED) == 1
    for status in (PortStatus.WITH_LOSING_CARRIER, PortStatus.REJECTED):
        say(order, status)
    assert times_told(session, NoticeKind.ACTION_NEEDED) == 2


def times_told(session, kind):
    told = select(Notification).where(Notification.kind == kind, Notification.channel == Channel.EMAIL)
    return len(session.scalars(told).all())
