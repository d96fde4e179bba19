"""Choosing the moment at which numbers come, at the carrier that lets us."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from service.errors import Conflict, Invalid
from service.notifications.models import NoticeKind
from service.porting.activation import order_to_choose, orders_to_choose, windows_of
from service.porting.models import CarrierOrder, PortProject
from service.porting.moments import choose_moment, start_now
from service.porting.states import State
from tests.journeys.journey import SigningJourney

FAST = "+18007364501"
"""A toll-free number, which the first carrier leaves to the second, where its minute can be chosen."""


@pytest.fixture
def carriers(carriers, second_carrier):
    return carriers | second_carrier


@pytest.fixture
def journey(services, world, clock, work, story, mailbox):
    """A port that has its date."""
    journey = SigningJourney(services, world, clock, work, story)
    journey.sign_up()
    journey.file(FAST)
    journey.pass_time(timedelta(minutes=10), steps=2)
    assert journey.state() == State.SCHEDULED
    return journey


@pytest.fixture
def order(services):
    def order():
        with services.sessions() as session:
            return session.scalars(select(CarrierOrder)).one()

    return order


@pytest.fixture
def window(services, journey):
    with services.sessions() as session:
        project = session.get_one(PortProject, journey.project_id)
        [found] = orders_to_choose(project)
        [window] = windows_of(found)
    return window


@pytest.fixture
def act(services, journey, order):
    """What the customer does on the page of the moment."""

    def act(use_case, *more):
        with services.sessions.begin() as session:
            project = session.get_one(PortProject, journey.project_id)
            use_case(session, order_to_choose(project, order().id), *more)

    return act


def test_the_number_comes_at_the_chosen_minute_and_the_customer_is_told(journey, act, window, work, order):
    assert journey.committed() == window.closes
    chosen = window.opens + timedelta(hours=1, minutes=7)
    act(choose_moment, chosen)
    work()
    assert (journey.committed(), order().chosen_at, order().choice_refused) == (chosen, None, False)
    journey.pass_time_until(chosen - timedelta(minutes=1))
    assert journey.state() == State.ACTIVATING
    journey.pass_time(timedelta(minutes=3), steps=3)
    assert journey.state() == State.PORTED
    assert [kind for kind in journey.told() if kind in {NoticeKind.DATE_SET, NoticeKind.DATE_MOVED}] == [
        NoticeKind.DATE_SET,
        NoticeKind.DATE_MOVED,
    ]


def test_the_mail_about_the_date_says_that_its_minute_can_be_chosen(journey, mailbox):
    assert any("You can choose the exact time" in mail.text for mail in mailbox.mails)


@pytest.mark.parametrize("fault", ["lose-before", "lose-after"])
def test_a_choice_whose_answer_was_lost_is_carried_out_all_the_same(journey, services, act, window, work, world, fault):
    chosen = window.opens + timedelta(hours=1)
    lost = world.faults.add(fault, path="*/activation_jobs/*", count=1)
    act(choose_moment, chosen)
    work(failing=True)
    with services.sessions.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    work()
    assert (lost.struck, journey.committed()) == (1, chosen)


def test_of_two_choices_the_later_one_counts(journey, act, window, work):
    first, second = window.opens + timedelta(hours=1), window.opens + timedelta(hours=2)
    act(choose_moment, first)
    act(choose_moment, second)
    work()
    assert journey.committed() == second


def test_a_choice_that_the_carrier_refuses_leaves_the_moment_as_it_was(journey, act, window, work, world, order):
    chosen = window.opens + timedelta(hours=1)
    world.faults.add("error", path="*/activation_jobs/*", count=1, status=422)
    act(choose_moment, chosen)
    work()
    assert (journey.committed(), order().chosen_at, order().choice_refused) == (window.closes, chosen, True)
    act(choose_moment, chosen)
    work()
    assert (journey.committed(), order().chosen_at, order().choice_refused) == (chosen, None, False)


def test_a_moment_outside_of_the_window_or_in_the_past_is_not_asked_for(journey, act, window, clock, order):
    for moment in (window.closes + timedelta(minutes=1), window.opens - timedelta(minutes=1)):
        with pytest.raises(Invalid):
            act(choose_moment, moment)
    clock.jump_to(window.opens + timedelta(hours=1))
    with pytest.raises(Invalid):
        act(choose_moment, window.opens + timedelta(minutes=1))
    assert order().chosen_at is None


def test_within_its_window_the_number_is_brought_in_at_once(journey, act, window):
    with pytest.raises(Conflict):
        act(start_now)
    journey.pass_time_until(window.opens + timedelta(minutes=1))
    act(start_now)
    journey.pass_time(timedelta(minutes=3), steps=3)
    assert journey.state() == State.PORTED


def test_once_it_began_nothing_is_left_to_choose(journey, act, window):
    journey.pass_time_until(window.opens + timedelta(minutes=1))
    act(start_now)
    journey.work()
    with pytest.raises(Conflict):
        act(choose_moment, window.opens + timedelta(hours=3))
