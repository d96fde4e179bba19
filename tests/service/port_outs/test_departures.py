"""A number that its carrier no longer shows has left: its line, its team and our books know where it is."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from service.accounts.change_log import Action, Change
from service.alerts import Alert, AlertKind
from service.audit.numbers import differences
from service.audit.period import Period
from service.errors import Conflict
from service.inbox.writing import write
from service.lines.leaving import MOVED_AWAY, let_go
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.notifications.models import NoticeKind, Notification
from service.port_outs import departures
from service.port_outs.departures import MISSING_FOR, seek_departed
from service.proven_numbers import ProvenNumber
from tests.factories import CUSTOMER, a_caller
from tests.service.inbox.lines import OURS, REAL, a_standing_line, retire
from tests.service.port_outs.conftest import NEW_OPERATOR

A_MOMENT = timedelta(minutes=1)


@pytest.fixture
def gone(journey, asked_for, world):
    """The number is at the other operator since this moment."""
    world.port_outs.complete(journey.number)


@pytest.fixture
def noticed(journey, gone):
    """We have asked the carrier twice, an hour apart."""
    journey.pass_time(A_MOMENT)
    journey.pass_time(MISSING_FOR)


def alerts(services):
    with services.sessions() as session:
        return {alert.kind: alert.details for alert in session.scalars(select(Alert))}


def test_a_number_that_is_missing_for_an_hour_has_left_to_its_new_operator(noticed, the_number, clock):
    number = the_number()
    assert (number.standing, number.left_to) == (Standing.LEFT, NEW_OPERATOR)
    assert number.released_at == clock.now()


def test_a_number_that_is_missing_for_a_moment_stays(journey, gone, the_number, services):
    journey.pass_time(A_MOMENT)
    assert the_number().standing is Standing.HELD
    assert the_number().missing_since
    assert alerts(services) == {}


def test_a_number_that_is_shown_again_was_never_gone(journey, gone, world, the_number):
    journey.pass_time(A_MOMENT)
    world.inventory.appear(journey.number, world.exchange.account_sid, None)
    journey.pass_time(MISSING_FOR)
    assert (the_number().standing, the_number().missing_since) == (Standing.HELD, None)


def test_where_many_are_missing_none_has_left(journey, gone, the_number, services, monkeypatch):
    monkeypatch.setattr(departures, "MOST_AT_ONCE", 0)
    journey.pass_time(A_MOMENT)
    journey.pass_time(MISSING_FOR)
    assert the_number().standing is Standing.HELD
    assert alerts(services)[AlertKind.NUMBERS_MISSING]["count"] == 1


def test_a_number_that_is_being_released_has_not_left(journey, gone, services, the_number, clock):
    with services.sessions.begin() as session:
        session.scalars(select(PhoneNumber)).one().released_at = clock.now()
    seek_departed(services, carrier=services.home)
    assert the_number().missing_since is None


def test_those_in_charge_are_told_by_text_and_mail_once(journey, noticed, services):
    journey.pass_time(MISSING_FOR)
    with services.sessions() as session:
        left = select(Notification).where(Notification.kind == NoticeKind.NUMBER_LEFT).order_by(Notification.id)
        notices = list(session.scalars(left))
    assert [notice.recipient for notice in notices] == [CUSTOMER, "alice@alice.example"]
    assert NEW_OPERATOR in notices[1].words["text"]
    assert notices[0].words["text"].endswith("/numbers/?workspace=1")
    assert all(notice.sent_at for notice in notices)


def test_without_a_phone_for_texts_they_are_mailed_and_nobody_is_alarmed(journey, gone, services):
    with services.sessions.begin() as session:
        session.execute(delete(ProvenNumber))
    journey.pass_time(A_MOMENT)
    journey.pass_time(MISSING_FOR)
    with services.sessions() as session:
        left = session.scalars(select(Notification).where(Notification.kind == NoticeKind.NUMBER_LEFT)).all()
    assert [notice.recipient for notice in left] == ["alice@alice.example"]
    assert AlertKind.NO_CONTACT not in alerts(services)


def test_the_desk_and_the_log_know_it(noticed, services, journey):
    assert alerts(services)[AlertKind.NUMBER_LEFT_UNANNOUNCED] == {"number": journey.number}
    with services.sessions() as session:
        [change] = session.scalars(select(Change).where(Change.action == Action.NUMBER_LEFT))
    assert (change.subject, change.user_id) == (journey.number, None)


def test_nothing_is_sent_from_its_line_any_more(noticed, journey, services):
    with services.sessions.begin() as session:
        conversation = a_caller(session, session.get_one(Line, journey.line_id))
        with pytest.raises(Conflict, match=MOVED_AWAY):
            write(session, conversation, "Are you still there?", None)


def test_the_books_agree_with_the_carriers(noticed, services, clock):
    period = Period(clock.now() - timedelta(days=1), clock.now() - timedelta(days=1), clock.now())
    assert list(differences(services, services.home, period)) == []


def test_the_temporary_number_serves_again_once_the_ported_one_has_left(session):
    line = a_standing_line(session)
    retire(session, line)
    ported = session.scalars(select(PhoneNumber).where(PhoneNumber.number == REAL)).one()
    let_go(session, ported)
    temporary = session.scalars(select(PhoneNumber).where(PhoneNumber.number == OURS)).one()
    assert (temporary.role, temporary.retiring_since) == (NumberRole.TEMPORARY, None)
