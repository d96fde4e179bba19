"""News from a carrier about an order that had ended."""

import pytest
from sqlalchemy import select, text, update

from provisioning.contract.porting import Comment, NumberSnapshot, OrderSnapshot, PortStatus
from service.alerts import Alert
from service.notifications.models import Channel, NoticeKind, Notification
from service.porting import projects
from service.porting.asking import ask_carrier
from service.porting.learning import learn
from service.porting.models import CarrierOrder
from service.porting.order_comments import OrderComment
from service.porting.splits import order_split_off
from service.porting.states import State
from service.time import now
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


@pytest.fixture
def drafted(session, sent, say, line):
    """An order that the carrier keeps as a draft."""
    order = CarrierOrder(attempt_id=sent(line).attempt_id, carrier="twilio", reference="KW1")
    session.add(order)
    session.flush()
    say(order, PortStatus.DRAFT)
    return order


def times_queued(session, task):
    rows = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task"
    return session.scalar(text(rows), {"task": task})


def test_a_draft_is_completed_once_and_is_still_being_sent(session, drafted, say):
    say(drafted, PortStatus.DRAFT)
    assert [number.state for number in drafted.numbers] == [State.SUBMITTING]
    assert times_queued(session, "complete_at_carrier") == 1
    say(drafted, PortStatus.IN_REVIEW)
    assert [number.state for number in drafted.numbers] == [State.IN_REVIEW]


def test_a_draft_of_a_port_that_was_canceled_meanwhile_is_canceled(session, services, sent, say, line):
    number = sent(line)
    number.state = State.CANCEL_REQUESTED
    order = CarrierOrder(attempt_id=number.attempt_id, carrier="twilio", reference="KW1")
    session.add(order)
    session.flush()
    say(order, PortStatus.DRAFT)
    assert (times_queued(session, "complete_at_carrier"), times_queued(session, "cancel_at_carrier")) == (0, 1)


@pytest.mark.parametrize(
    ("status", "state", "alerts"),
    [
        (PortStatus.DRAFT, State.CANCELED, []),
        (PortStatus.CANCELED, State.CANCELED, []),
        (PortStatus.IN_REVIEW, State.IN_REVIEW, ["order_unknown_at_carrier"]),
    ],
)
def test_drafts_alone_may_vanish_at_the_carrier(services, status, state, alerts):
    with services.sessions.begin() as session:
        project = a_draft(session, a_line(session, services), OWN)
        projects.submit(session, services, project)
        order = CarrierOrder(attempt_id=project.numbers[0].attempt_id, carrier="twilio", reference="KW1")
        session.add(order)
        session.flush()
        learn(session, services, order, OrderSnapshot("KW1", status, (NumberSnapshot(OWN, status, status),)))
    ask_carrier(services, order_id=order.id)
    with services.sessions() as session:
        assert [number.state for number in session.get_one(CarrierOrder, order.id).numbers] == [state]
        assert session.scalars(select(Alert.kind)).all() == alerts


def test_operators_see_once_what_the_carriers_staff_wrote(session, services, drafted):
    comments = Comment("c-1", "Call us."), Comment("c-2", "Please.")
    for told in (comments[:1], comments, comments):
        learn(session, services, drafted, OrderSnapshot("KW1", "draft", (), comments=told))
        session.execute(update(Alert).values(seen_at=now()))
    alerts = session.scalars(select(Alert).where(Alert.kind == "carrier_commented").order_by(Alert.id)).all()
    assert [alert.details for alert in alerts] == [{"comment": "Call us."}, {"comment": "Please."}]
    assert all(alert.seen_at for alert in alerts)


def test_what_the_carriers_staff_quote_of_the_customers_secrets_is_kept_nowhere(session, services, drafted):
    project = drafted.attempt.project
    project.account_number, project.pin = "AB-12-CD", "9876"
    said = Comment("c-1", "PIN 9876 is wrong, account ab 12 cd.")
    learn(session, services, drafted, OrderSnapshot("KW1", "draft", (), comments=(said,)))
    clean = "PIN … is wrong, account …."
    assert session.scalars(select(OrderComment.text)).all() == [clean]
    assert [alert.details for alert in session.scalars(select(Alert))] == [{"comment": clean}]


def test_operators_see_once_that_the_texts_of_an_order_stayed_behind(session, services, drafted):
    said = NumberSnapshot(OWN, PortStatus.PORTED, "ported")
    for _ in range(2):
        learn(session, services, drafted, OrderSnapshot("KW1", "ported", (said,), texts_failed=True))
        session.execute(update(Alert).values(seen_at=now()))
    [alert] = session.scalars(select(Alert).where(Alert.kind == "texts_not_ported"))
    assert (alert.details, bool(alert.seen_at)) == ({"numbers": [OWN]}, True)


def test_an_order_split_off_ours_is_ours_and_has_its_number(session, drafted, say):
    [number] = drafted.numbers
    filing = f"{number.project.public_id}-1"
    moved = NumberSnapshot(OWN, PortStatus.IN_REVIEW, "in-process")
    split_off = order_split_off(session, "twilio", OrderSnapshot("KW2", "in-process", (moved,), filing=filing))
    say(split_off, PortStatus.IN_REVIEW)
    assert (number.order, number.state) == (split_off, State.IN_REVIEW)


def test_an_order_of_no_filing_of_ours_is_not_ours(session, drafted):
    stranger = NumberSnapshot(OWN, PortStatus.IN_REVIEW, "in-process")
    for filing in ("", "another-1"):
        assert order_split_off(session, "twilio", OrderSnapshot("KW2", "", (stranger,), filing=filing)) is None


def test_an_order_that_is_just_being_filed_was_split_off_nothing(session, sent, line):
    number = sent(line)
    said = NumberSnapshot(OWN, PortStatus.DRAFT, "draft")
    snapshot = OrderSnapshot("KW2", "draft", (said,), filing=f"{number.project.public_id}-1")
    assert order_split_off(session, "twilio", snapshot) is None
