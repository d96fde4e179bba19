"""What transfers did in each week is counted once for each filing, in the week in which it happened."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.porting import CommittedDate, NumberSnapshot, OrderSnapshot, PortStatus, Reason, ReasonCode
from service.porting import projects
from service.porting.learning import learn
from service.porting.models import CarrierOrder
from service.porting.weeks import PortWeek, count_weeks
from tests.factories import OWN, a_draft, a_line

OTHER = "+14155552009"


@pytest.fixture
def project(session, services):
    """A transfer of two numbers from Verizon, filed on Monday, March 2."""
    project = a_draft(session, a_line(session, services), OWN, OTHER)
    project.wished = date(2026, 3, 10)
    projects.submit(session, services, project)
    project.operator = "Cellco Partnership"
    return project


@pytest.fixture
def say(session, services, project):
    """Learn what the carrier says of the latest filing."""

    def say(status, numbers=(OWN, OTHER), day=None, *reasons):
        attempt = max(project.attempts, key=lambda one: one.id)
        order = session.scalar(select(CarrierOrder).where(CarrierOrder.attempt_id == attempt.id))
        if order is None:
            order = CarrierOrder(attempt=attempt, carrier="twilio", reference=f"KW{attempt.id}")
            session.add(order)
            session.flush()
        committed = CommittedDate(day) if day else None
        why = tuple(Reason(code) for code in reasons)
        said = (NumberSnapshot(one, status, status, committed=committed, reasons=why) for one in numbers)
        learn(session, services, order, OrderSnapshot(order.reference, status, tuple(said)))
        session.expire(project)

    return say


def counted(session):
    count_weeks(session)
    return list(session.scalars(select(PortWeek).order_by(PortWeek.week).execution_options(populate_existing=True)))


def test_an_order_of_two_numbers_is_one_filing_of_its_provider_as_people_call_it(session, say, clock):
    clock.jump(timedelta(days=3))
    say(PortStatus.SCHEDULED, day=date(2026, 3, 10))
    clock.jump(timedelta(days=5))
    say(PortStatus.PORTED)
    [week] = counted(session)
    assert (week.week, week.carrier, week.country, week.provider) == (date(2026, 3, 9), "twilio", "US", "Verizon")
    assert (week.arrived, week.right_first) == (1, 1)
    assert (week.filed_to_date, week.date_to_arrival, week.filed_to_arrival) == ({"3": 1}, {"3": 1}, {})
    assert (week.wished, week.wished_kept, week.promised, week.promised_kept) == (1, 1, 1, 1)


def test_how_long_an_arrival_takes_is_learned_from_those_alone_who_wished_for_no_day(session, say, project, clock):
    project.attempts[-1].sent = {**project.attempts[-1].sent, "wished": None}
    clock.jump(timedelta(days=8))
    say(PortStatus.PORTED)
    [week] = counted(session)
    assert (week.wished, week.filed_to_arrival) == (0, {"6": 1})


def test_a_date_that_slips_was_promised_and_not_kept(session, say, clock):
    say(PortStatus.SCHEDULED, day=date(2026, 3, 5))
    say(PortStatus.SCHEDULED, day=date(2026, 3, 6))
    clock.jump(timedelta(days=4))
    say(PortStatus.PORTED)
    [week] = counted(session)
    assert (week.wished, week.wished_kept, week.promised, week.promised_kept) == (1, 0, 1, 0)


def test_a_number_that_came_without_a_date_says_nothing_of_dates(session, say, clock):
    clock.jump(timedelta(days=1))
    say(PortStatus.PORTED)
    [week] = counted(session)
    assert (week.arrived, week.filed_to_date, week.date_to_arrival, week.promised) == (1, {}, {}, 0)


def test_a_rejection_counts_in_its_week_and_its_days_when_it_is_filed_again(session, services, say, project, clock):
    clock.jump(timedelta(days=2))
    say(PortStatus.REJECTED, (OWN, OTHER), None, ReasonCode.PIN, ReasonCode.ADDRESS)
    [week] = counted(session)
    assert (week.week, week.rejected, week.lost) == (date(2026, 3, 2), {"pin": 1, "address": 1}, {})
    clock.jump(timedelta(days=6))
    project.wished = None
    projects.correct(session, services, project, {"pin": "4242"})
    clock.jump(timedelta(days=1))
    say(PortStatus.PORTED)
    first, second = counted(session)
    assert (first.rejected, first.lost, first.arrived) == ({"pin": 1, "address": 1}, {}, 0)
    assert (second.rejected, second.lost) == ({}, {"pin": 6, "address": 6})
    assert (second.arrived, second.right_first, second.filed_to_arrival) == (1, 0, {"1": 1})


def test_days_are_counted_by_the_clock_of_the_number(session, services, clock, project, say):
    clock.jump(timedelta(hours=10))  # Monday evening in San Francisco, Tuesday in UTC
    project.wished = None
    say(PortStatus.REJECTED, (OWN, OTHER), None, ReasonCode.PIN)
    projects.correct(session, services, project, {"pin": "4242"})
    clock.jump(timedelta(days=1, hours=15))
    say(PortStatus.SCHEDULED, day=date(2026, 3, 5))
    clock.jump(timedelta(days=1))
    say(PortStatus.PORTED)
    [week] = counted(session)
    assert (week.filed_to_date, week.date_to_arrival, week.filed_to_arrival) == ({"2": 1}, {"1": 1}, {"3": 1})
    assert week.lost == {"pin": 0}


def test_a_filing_whose_numbers_come_in_two_weeks_counts_in_the_first(session, say, clock):
    say(PortStatus.PORTED, (OTHER,))
    clock.jump(timedelta(weeks=1))
    say(PortStatus.PORTED, (OWN,))
    [week] = counted(session)
    assert (week.week, week.arrived, week.wished) == (date(2026, 3, 2), 1, 1)


def test_counting_again_changes_nothing_and_leaves_weeks_that_are_over_alone(session, say, clock):
    say(PortStatus.PORTED)
    [before] = counted(session)
    before.right_first = 7
    session.flush()
    assert counted(session)[0].right_first == 1, "the last week that was counted is counted once more"
    clock.jump(timedelta(weeks=60))
    assert len(counted(session)) == 1
