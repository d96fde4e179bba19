"""Another operator asks for a number: its people hear of it at once, and can stop it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from service.accounts.change_log import Action, Change
from service.accounts.models import Member, User
from service.alerts import Alert, AlertKind, Severity, severity_of
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.lines.models import Line, PhoneNumber, Standing
from service.notifications.models import Channel, NoticeKind, Notification
from service.port_outs.departures import MISSING_FOR
from service.port_outs.links import path_of, port_out_of
from service.port_outs.locking import OPEN_FOR, is_locked, lock, unlock
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.requests import dispute, end, note_request
from service.team_notices.models import TeamChannel, TeamEvent, TeamNotice
from tests.factories import CUSTOMER
from tests.service.inbox.lines import a_member
from tests.service.port_outs.conftest import NEW_OPERATOR

LEAVES_ON = date(2026, 3, 9)


@pytest.fixture
def ask(services, journey, work):
    """Our desk has read of a request in the carrier's mail."""

    def ask():
        with services.sessions.begin() as session:
            port_out = note_request(session, services, journey.number, NEW_OPERATOR, LEAVES_ON)
        work()
        return port_out.id

    return ask


@pytest.fixture
def unlocked(services, journey):
    with services.sessions.begin() as session:
        unlock(session, session.scalars(select(Member)).one(), session.scalars(select(PhoneNumber)).one())


@pytest.fixture
def now_is(services):
    """The request as it stands."""

    def read(port_out_id):
        with services.sessions() as session:
            return session.get_one(PortOut, port_out_id)

    return read


def alerts(services):
    with services.sessions() as session:
        return {alert.kind: alert.details for alert in session.scalars(select(Alert))}


def notices(services, kind):
    with services.sessions() as session:
        rows = select(Notification).where(Notification.kind == kind).order_by(Notification.id)
        return {notice.recipient: notice.words["text"] for notice in session.scalars(rows)}


def test_a_request_for_a_locked_number_is_disputed_at_once(ask, now_is, services, journey):
    asked = now_is(ask())
    assert (asked.state, asked.locked) == (PortOutState.DISPUTED, True)
    text = alerts(services)[AlertKind.PORT_OUT_DISPUTED]["request"]
    assert f"Number: {journey.number}\nAsked for by: {NEW_OPERATOR}\nTo leave on: 2026-03-09" in text
    assert "Customer: Alice's Bakery" in text
    assert "To be disputed by: 2026-03-04 15:" in text
    assert "Set Status, Dispute" in text
    assert severity_of(AlertKind.PORT_OUT_DISPUTED) is Severity.CRITICAL
    told = notices(services, NoticeKind.PORT_OUT_ASKED)
    assert set(told) == {"alice@alice.example", CUSTOMER}
    assert "It's locked: we're stopping it." in told[CUSTOMER]


def test_of_an_unlocked_number_its_people_are_asked_and_nobody_objects_for_them(unlocked, ask, now_is, services):
    asked = now_is(ask())
    assert (asked.state, asked.locked) == (PortOutState.ASKED, False)
    assert alerts(services) == {}
    told = notices(services, NoticeKind.PORT_OUT_ASKED)
    assert f"{path_of(services, asked)}" in told[CUSTOMER]
    assert "to move on Monday, March 9. Not you? Stop it:" in told[CUSTOMER]


def test_who_says_that_it_was_not_them_stops_it_and_locks_the_number(unlocked, ask, now_is, services, the_number):
    asked = now_is(ask())
    with services.sessions.begin() as session:
        dispute(session, services, port_out_of(session, services, path_of(services, asked).rsplit("/", 1)[1]))
    assert now_is(asked.id).state is PortOutState.DISPUTED
    assert is_locked(the_number())
    assert AlertKind.PORT_OUT_DISPUTED in alerts(services)
    with services.sessions() as session:
        assert session.scalars(select(Change).where(Change.action == Action.PORT_OUT_DISPUTED)).one()


@pytest.mark.parametrize("state", [PortOutState.REFUSED, PortOutState.WITHDRAWN])
def test_a_request_that_has_ended_leaves_the_number_and_is_disputed_no_more(ask, state, services, the_number, work):
    port_out_id = ask()
    with services.sessions.begin() as session:
        end(session, services, session.get_one(PortOut, port_out_id), state)
    work()
    assert the_number().standing is Standing.HELD
    assert "stays with you" in notices(services, NoticeKind.PORT_OUT_STOPPED)[CUSTOMER]
    with services.sessions.begin() as session, pytest.raises(Conflict):
        dispute(session, services, session.get_one(PortOut, port_out_id))
    ask()  # and it can be asked for again


def test_an_operator_asks_for_a_number_once_at_a_time_and_only_if_a_line_has_it(ask, services, journey):
    ask()
    for number in (journey.number, "+14155550199"):
        with services.sessions.begin() as session, pytest.raises(Invalid):
            note_request(session, services, number, NEW_OPERATOR)


def test_a_second_request_is_noted_and_disputed_while_the_first_is(ask, now_is, services, journey, work):
    first = now_is(ask())
    with services.sessions.begin() as session:
        second = note_request(session, services, journey.number, "Valley Bell")
    work()
    assert {now_is(one.id).state for one in (first, second)} == {PortOutState.DISPUTED}
    with services.sessions() as session:
        told = select(Notification.id).where(Notification.kind == NoticeKind.PORT_OUT_ASKED)
        assert len(session.scalars(told.where(Notification.channel == Channel.EMAIL)).all()) == 2


def test_of_two_requests_the_one_that_nobody_objected_to_has_taken_the_number(
    ask, now_is, services, journey, asked_for, the_number
):
    disputed = ask()
    with services.sessions.begin() as session:
        unlock(session, session.scalars(select(Member)).one(), session.scalars(select(PhoneNumber)).one())
        wanted = note_request(session, services, journey.number, "Valley Bell").id
    journey.world.port_outs.complete(journey.number)
    journey.pass_time(timedelta(minutes=1))
    assert (now_is(disputed).state, now_is(wanted).state) == (PortOutState.WITHDRAWN, PortOutState.LEFT)
    assert the_number().left_to == "Valley Bell"


def test_a_forged_link_opens_nothing(ask, services):
    ask()
    with services.sessions() as session, pytest.raises(NotFound):
        port_out_of(session, services, "MQ.forged")


def test_an_announced_number_has_left_as_soon_as_it_is_missing(unlocked, ask, now_is, journey, asked_for, the_number):
    port_out_id = ask()
    journey.world.port_outs.complete(journey.number)
    journey.pass_time(timedelta(minutes=1))
    assert (the_number().standing, the_number().left_to) == (Standing.LEFT, NEW_OPERATOR)
    assert now_is(port_out_id).state is PortOutState.LEFT
    assert alerts(journey.services) == {}


def test_that_a_number_left_although_it_was_disputed_is_told_to_the_desk(ask, journey, asked_for, the_number):
    ask()
    journey.world.port_outs.complete(journey.number)
    journey.pass_time(MISSING_FOR)
    assert the_number().standing is Standing.LEFT
    assert AlertKind.NUMBER_LEFT_UNANNOUNCED in alerts(journey.services)


def test_devices_of_those_in_charge_are_notified_whatever_they_chose(services, journey, ask):
    with services.sessions.begin() as session:
        bob = a_member(session, session.get_one(Line, journey.line_id), "Bob")
        alice = session.scalars(select(Member).join(Member.user).where(User.name == "Alice")).one()
        channels = [TeamChannel(member_id=one.id, url="json://localhost", name="Phone") for one in (alice, bob)]
        session.add_all(channels)
        session.flush()
        note_request(session, services, journey.number)
        rows = session.scalars(select(TeamNotice).where(TeamNotice.event == TeamEvent.PORT_OUT)).all()
        assert [(row.member_id, row.channel_id) for row in rows] == [(alice.id, channels[0].id)]
        session.rollback()


def test_only_the_owner_unlocks_a_number_for_a_time(services, journey, the_number, clock):
    assert is_locked(the_number())
    with services.sessions.begin() as session:
        bob = a_member(session, session.get_one(Line, journey.line_id), "Bob")
        number = session.scalars(select(PhoneNumber)).one()
        with pytest.raises(Forbidden):
            unlock(session, bob, number)
        unlock(session, session.scalars(select(Member).order_by(Member.id)).first(), number)
    assert not is_locked(the_number())
    clock.jump(OPEN_FOR)
    assert is_locked(the_number())


def test_a_number_is_locked_again_by_anyone_in_charge_and_a_gone_one_is_not_unlocked(services, journey, unlocked):
    with services.sessions.begin() as session:
        owner, number = session.scalars(select(Member)).one(), session.scalars(select(PhoneNumber)).one()
        lock(session, owner, number)
        session.flush()
        lock(session, owner, number)
        assert is_locked(number)
        actions = list(session.scalars(select(Change.action).order_by(Change.id)))
        assert actions == [Action.NUMBER_UNLOCKED, Action.NUMBER_LOCKED]
        number.standing = Standing.LEFT
        session.flush()
        with pytest.raises(Conflict):
            unlock(session, owner, number)
