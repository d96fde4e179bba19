"""A customer is reminded of an unfinished draft twice at most."""

from datetime import timedelta

import pytest

from service.porting import details, projects
from service.porting.models import PortProject
from service.schedule.remind import remind
from tests.factories import CUSTOMER, a_draft, a_line

OWN, NOT_PORTABLE = "+14155552000", "+14155552130"


@pytest.fixture
def left(services, work):
    """An unfinished draft about which the carriers have answered."""

    def leave(*numbers):
        with services.sessions.begin() as session:
            a_draft(session, a_line(session, services), *(numbers or [OWN]))
        work()

    return leave


@pytest.fixture
def days_go_by(clock, services, work):
    """Let days pass; every few hours the clock sends due reminders."""

    def go(days):
        for _ in range(days * 4):
            clock.jump(timedelta(hours=6))
            remind(services)
        work()
        clock.jump(timedelta(seconds=10))  # delivery takes some seconds
        work()

    return go


@pytest.fixture
def reminders(world):
    return lambda: [text.body for text in world.phone(CUSTOMER).texts if "isn't on its way yet" in text.body]


def test_a_draft_is_reminded_of_after_a_day_and_after_four_and_never_again(left, days_go_by, reminders, mailbox):
    left()
    days_go_by(2)
    assert len(reminders()) == 1
    assert "(415) 555-2000" in reminders()[0]
    letters = mailbox.to("alice@bakery.example")
    assert [letter.subject for letter in letters] == ["Your transfer of (415) 555-2000 isn’t sent yet"]
    days_go_by(3)
    assert len(reminders()) == 2
    days_go_by(30)
    assert len(reminders()) == 2


def test_nobody_is_woken_for_it(left, clock, services, work, reminders):
    left()
    clock.jump(timedelta(days=1, hours=13))  # four in the morning in New York
    remind(services)
    work()
    assert reminders() == []


def test_a_customer_who_goes_on_with_the_draft_is_not_reminded_meanwhile(left, days_go_by, services, reminders, clock):
    left()
    clock.jump(timedelta(hours=20))
    with services.sessions.begin() as session:
        details.revise(session, session.query(PortProject).one(), {"city": "Oakland"})
    clock.jump(timedelta(hours=6))
    remind(services)
    assert reminders() == []


def test_a_draft_that_was_sent_thrown_away_or_cannot_come_is_not_reminded_of(left, days_go_by, services, reminders):
    left(NOT_PORTABLE)
    left()
    with services.sessions.begin() as session:
        sent = session.query(PortProject).order_by(PortProject.id.desc()).first()
        projects.cancel(session, services, sent)
    days_go_by(6)
    assert reminders() == []


def test_of_two_drafts_of_a_number_only_the_newer_is_reminded_of(left, days_go_by, services, reminders):
    left()
    left()
    days_go_by(2)
    assert len(reminders()) == 1
