"""A carrier whose API tells of other operators' requests: they are noted, refused and ended without our desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sandbox.porting.records import PortOutStatus
from service.accounts.models import Member, Membership
from service.alerts import Alert, AlertKind
from service.lines.models import PhoneNumber, Standing
from service.notifications.models import Channel, NoticeKind, Notification
from service.port_outs.locking import unlock
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.requests import dispute, note_request
from service.porting.models import PortNumber
from service.porting.states import State
from service.schedule.seek_departed_numbers import seek_departed_numbers
from tests.factories import a_draft, a_line
from tests.service.inbox.lines import a_member, a_standing_line

NEW_OPERATOR = "Metro Bell"
LEAVING = (NoticeKind.PORT_OUT_ASKED, NoticeKind.PORT_OUT_STOPPED, NoticeKind.NUMBER_LEFT)


@pytest.fixture
def carriers(second_carrier):
    return second_carrier


@pytest.fixture
def number(services, work):
    """The only number of Alice, who owns a workspace."""
    with services.sessions.begin() as session:
        a_member(session, a_line(session, services), "Alice", Membership.OWNER)
    work()
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber.number)).one()


@pytest.fixture
def unlocked(services, number):
    with services.sessions.begin() as session:
        unlock(session, session.scalars(select(Member)).one(), session.scalars(select(PhoneNumber)).one())
    return number


@pytest.fixture
def let_hours_pass(services, work, let_pass):
    """The clock process asks each hour."""

    def let_hours_pass(hours):
        for _ in range(hours):
            let_pass(3600)
            seek_departed_numbers(services)
            work()

    return let_hours_pass


def request(services):
    with services.sessions() as session:
        return session.scalars(select(PortOut)).one()


def mailed(services):
    with services.sessions() as session:
        rows = select(Notification.kind).where(Notification.channel == Channel.EMAIL, Notification.kind.in_(LEAVING))
        return list(session.scalars(rows.order_by(Notification.id)))


def alerts(services):
    with services.sessions() as session:
        return set(session.scalars(select(Alert.kind).where(Alert.kind == AlertKind.PORT_OUT_DISPUTED)))


def test_a_locked_number_stays_and_nobody_of_us_has_to_act(services, number, world, let_hours_pass):
    asked = world.port_outs.ask(number, NEW_OPERATOR)
    let_hours_pass(1)
    noted = request(services)
    assert (noted.state, noted.operator, noted.reference) == (PortOutState.DISPUTED, NEW_OPERATOR, asked.sid)
    assert "did not authorize" in asked.reason
    let_hours_pass(2)
    assert asked.status is PortOutStatus.REFUSED
    assert request(services).state is PortOutState.REFUSED
    assert mailed(services) == [NoticeKind.PORT_OUT_ASKED, NoticeKind.PORT_OUT_STOPPED]
    assert alerts(services) == set()


def test_a_request_that_cannot_be_read_is_shown_and_the_next_one_noted(services, unlocked, world, let_hours_pass):
    odd = world.port_outs.ask(unlocked, "Odd Bell")
    world.port_outs.ask(unlocked, NEW_OPERATOR)
    odd.phone_number = "none, with a date"
    let_hours_pass(2)
    assert request(services).operator == NEW_OPERATOR
    with services.sessions() as session:
        [shown] = session.scalars(select(Alert).where(Alert.kind == AlertKind.PORT_OUT_UNREADABLE))
    assert shown.about == f"telnyx:{odd.sid}"


def test_an_honest_leave_goes_its_way(services, unlocked, world, let_hours_pass, let_pass):
    world.port_outs.ask(unlocked, NEW_OPERATOR)
    let_hours_pass(1)
    assert request(services).state is PortOutState.ASKED
    for _ in range(4):
        let_pass(timedelta(days=1).total_seconds())
    let_hours_pass(1)
    assert request(services).state is PortOutState.LEFT
    assert mailed(services) == [NoticeKind.PORT_OUT_ASKED, NoticeKind.NUMBER_LEFT]
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber.standing)).one() is Standing.LEFT


def test_what_the_owner_did_not_want_is_refused_and_a_lost_answer_does_not_matter(
    services, unlocked, world, let_hours_pass, work
):
    asked = world.port_outs.ask(unlocked, NEW_OPERATOR)
    let_hours_pass(1)
    world.faults.add("lose-after", path="*/rejected-pending", count=1)
    with services.sessions.begin() as session:
        dispute(session, services, session.scalars(select(PortOut)).one())
    work(failing=True)
    let_hours_pass(3)
    assert (asked.status, request(services).state) == (PortOutStatus.REFUSED, PortOutState.REFUSED)


def test_what_another_operator_takes_back_has_ended(services, unlocked, world, let_hours_pass):
    world.port_outs.ask(unlocked, NEW_OPERATOR)
    let_hours_pass(1)
    world.port_outs.withdraw(unlocked)
    let_hours_pass(1)
    assert request(services).state is PortOutState.WITHDRAWN


def test_one_that_our_desk_entered_before_is_the_same(services, unlocked, world, let_hours_pass):
    asked = world.port_outs.ask(unlocked, NEW_OPERATOR)
    with services.sessions.begin() as session:
        note_request(session, services, unlocked, NEW_OPERATOR)
    let_hours_pass(1)
    assert request(services).reference == asked.sid


def test_a_second_operator_that_asks_meanwhile_is_refused_too(services, number, world, let_hours_pass):
    """Who unanswered asks for a number has it after two days: no request may hide behind another."""
    world.port_outs.ask(number, NEW_OPERATOR)
    let_hours_pass(1)
    second = world.port_outs.ask(number, "Valley Bell")
    let_hours_pass(2)
    assert second.status is PortOutStatus.REFUSED


def test_of_a_refusal_that_the_carrier_has_sent_back_our_desk_hears(services, number, world, let_hours_pass):
    asked = world.port_outs.ask(number, NEW_OPERATOR)
    let_hours_pass(1)
    asked.status = PortOutStatus.PENDING  # its staff did not accept the reason
    let_hours_pass(1)
    assert alerts(services) == {AlertKind.PORT_OUT_DISPUTED}
    assert asked.status is not PortOutStatus.PENDING, "and it is sent again"


def test_what_can_be_refused_no_more_is_for_our_desk(services, unlocked, world, let_hours_pass, work):
    asked = world.port_outs.ask(unlocked, NEW_OPERATOR)
    let_hours_pass(1)
    world.port_outs.authorize(asked)  # as after two days of silence
    with services.sessions.begin() as session:
        dispute(session, services, session.scalars(select(PortOut)).one())
    work()
    assert alerts(services) == {AlertKind.PORT_OUT_DISPUTED}


@pytest.mark.parametrize(("whose", "refused"), [("another's", True), ("its own", False)])
def test_only_a_transfer_of_its_own_business_keeps_a_request_from_being_refused(
    services, number, world, let_hours_pass, whose, refused
):
    """Who moves a number of theirs from one carrier of ours to the other asks for it by that themselves."""
    with services.sessions.begin() as session:
        own = session.scalars(select(PhoneNumber)).one().line
        line = own if whose == "its own" else a_standing_line(session)
        project = a_draft(session, line)
        session.add(PortNumber(project=project, number=number, carrier="other", state=State.IN_REVIEW))
    asked = world.port_outs.ask(number, NEW_OPERATOR)
    let_hours_pass(1)
    assert (asked.reason != "") is refused
