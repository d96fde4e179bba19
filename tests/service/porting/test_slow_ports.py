"""Transfers that take longer than nine in ten of their kind are shown to the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.alerts import Alert, AlertKind
from service.porting.models import Attempt
from service.porting.past_times import ENOUGH
from service.porting.patience import slow_ports
from service.porting.states import State
from service.schedule.sound_alarms import sound_slow_ports
from service.time import now
from tests.factories import OWN, a_draft, a_line
from tests.service.porting.test_estimate import arrived


@pytest.fixture
def waiting(services, clock):
    """A number that was filed now and waits for a date, where earlier ones took two days."""

    def wait(state=State.WITH_LOSING_CARRIER, earlier=ENOUGH):
        with services.sessions.begin() as session:
            project = a_draft(session, a_line(session, services), OWN)
            arrived(session, project.line, earlier, days=2)
            attempt = Attempt(project=project, sequence=1, carrier="twilio")
            session.add(attempt)
            session.flush()
            [number] = project.numbers
            number.attempt_id, number.state = attempt.id, state
        return number.id

    return wait


@pytest.mark.parametrize(("days", "slow"), [(2, False), (3, True)])
def test_one_that_is_older_than_nine_in_ten_of_its_kind_is_slow(services, waiting, clock, days, slow):
    number_id = waiting()
    clock.jump(timedelta(days=days))
    with services.sessions() as session:
        assert [number.id for number in slow_ports(session, services, told_before=now())] == (
            [number_id] if slow else []
        )


def test_its_days_are_those_at_the_number(services, waiting, clock):
    waiting()
    clock.jump(timedelta(days=2, hours=10))  # Wednesday evening in San Francisco, Thursday in UTC
    with services.sessions() as session:
        assert slow_ports(session, services, told_before=now()) == []


@pytest.mark.parametrize(("state", "earlier"), [(State.SCHEDULED, ENOUGH), (State.WITH_LOSING_CARRIER, ENOUGH - 1)])
def test_one_with_a_date_or_of_a_kind_that_is_hardly_known_is_not(services, waiting, clock, state, earlier):
    waiting(state, earlier)
    clock.jump(timedelta(days=30))
    with services.sessions() as session:
        assert slow_ports(session, services, told_before=now()) == []


def test_the_desk_is_told_once_a_week(services, waiting, clock):
    number_id = waiting()
    clock.jump(timedelta(days=10))
    for days in (0, 1, 7):
        clock.jump(timedelta(days=days))
        sound_slow_ports(services)
        with services.sessions.begin() as session:
            [alert] = session.scalars(select(Alert).where(Alert.kind == AlertKind.PORT_SLOW))
            assert (alert.about, alert.seen_at is None) == (f"port_number:{number_id}", days != 1)
            alert.seen_at = clock.now()
