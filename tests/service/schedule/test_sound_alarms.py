"""An alert is raised once when callbacks, jobs or ports have been silent for too long."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.alerts import Alert
from service.backfill.catching_up import catch_up
from service.carrier_cursors import CARRIER_PATIENCE
from service.jobs import Lane
from service.porting.asking import ask_about
from service.porting.models import PortNumber
from service.porting.patience import OTHERS_TURN, PATIENCE, silent_ports
from service.porting.states import State
from service.queue import connection_of, waiting_times
from service.schedule.sound_alarms import sound_alarms
from service.time import now
from service.unannounced import LATE
from tests.factories import CALLER, a_draft, a_line
from tests.journeys.journey import Journey

PLAIN = "+12125552000"


@pytest.fixture
def journey(services, world, clock, work, story):
    return Journey(services, world, clock, work, story)


@pytest.fixture
def a_port(services):
    """A port number that enters a state now."""

    def a_port(state):
        with services.sessions.begin() as session:
            number = a_draft(session, a_line(session, services), PLAIN).numbers[0]
            _happened(session, number, state)
        return number.id

    return a_port


def _happened(session, number, state):
    from service.porting.models import Cause, PortHistory

    session.flush()
    history = PortHistory(
        port_number_id=number.id, sequence=1, event="taken_on", cause=Cause.CARRIER, before=number.state, after=state
    )
    number.state = state
    session.add(history)


def alarms(services, kind):
    with services.sessions() as session:
        return list(session.scalars(select(Alert).where(Alert.kind == kind)))


def mark_seen(services, clock):
    with services.sessions.begin() as session:
        for alert in session.scalars(select(Alert)):
            alert.seen_at = clock.now()


def test_every_state_is_the_carriers_turn_with_a_patience_or_somebody_elses():
    assert set(PATIENCE) | OTHERS_TURN == set(State)
    assert set(PATIENCE) & OTHERS_TURN == set()


@pytest.mark.parametrize("state", PATIENCE)
def test_a_port_is_silent_when_its_patience_is_over(services, clock, a_port, state):
    number_id = a_port(state)
    clock.jump(PATIENCE[state])
    with services.sessions() as session:
        assert silent_ports(session, now()) == []
    clock.jump(timedelta(seconds=1))
    sound_alarms(services)
    assert [(alarm.about, alarm.details) for alarm in alarms(services, "port_silent")] == [
        (f"port_number:{number_id}", {"state": state})
    ]


@pytest.mark.parametrize("state", sorted(OTHERS_TURN))
def test_a_port_that_waits_for_somebody_else_is_never_silent(services, clock, a_port, state):
    a_port(state)
    clock.jump(timedelta(days=400))
    sound_alarms(services)
    assert alarms(services, "port_silent") == []


def test_a_silent_port_that_was_seen_comes_back_after_three_days(services, clock, a_port):
    a_port(State.IN_REVIEW)
    clock.jump(timedelta(days=5))
    sound_alarms(services)
    mark_seen(services, clock)
    clock.jump(timedelta(days=2))
    sound_alarms(services)
    assert alarms(services, "port_silent")[0].seen_at
    clock.jump(timedelta(days=1))
    sound_alarms(services)
    assert alarms(services, "port_silent")[0].seen_at is None


def test_a_number_that_does_not_come_on_its_day_is_told_the_next(services, journey):
    journey.sign_up()
    journey.schedule(PLAIN)
    with services.sessions.begin() as session:
        number = session.scalars(select(PortNumber)).one()
        number.order.reference = "KW" + "0" * 32
    journey.pass_time_until(journey.committed())
    assert journey.state() == State.ACTIVATING
    assert alarms(services, "port_silent") == []
    journey.pass_time(timedelta(days=1, minutes=1))
    assert len(alarms(services, "port_silent")) == 1


def test_a_carrier_that_answers_nothing_for_ten_minutes_is_told(services, world, clock, work):
    world.faults.add("outage", lasting=3600)
    catch_up(services, carrier=services.home)
    sound_alarms(services)
    assert alarms(services, "carrier_silent") == []
    clock.jump(CARRIER_PATIENCE + timedelta(seconds=1))
    catch_up(services, carrier=services.home)
    sound_alarms(services)
    assert [alarm.about for alarm in alarms(services, "carrier_silent")] == [services.home]


def test_a_carrier_that_answers_again_is_silent_no_longer(services, world, clock, work):
    world.faults.add("outage", lasting=60)
    catch_up(services, carrier=services.home)
    clock.jump(timedelta(hours=1))
    catch_up(services, carrier=services.home)
    sound_alarms(services)
    assert alarms(services, "carrier_silent") == []


@pytest.fixture
def a_waiting_job(services):
    """A job that has been due for so long."""

    def a_waiting_job(waited):
        with services.sessions.begin() as session:
            ask_about.defer(session, carrier="nobody", reference="X")
            connection_of(session).execute("UPDATE procrastinate_events SET at = at - %s", [waited])

    return a_waiting_job


def test_a_job_that_waits_for_more_than_two_minutes_is_told(services, a_waiting_job):
    a_waiting_job(timedelta(minutes=2, seconds=1))
    sound_alarms(services)
    assert [alarm.about for alarm in alarms(services, "lane_stuck")] == [f"lane:{Lane.READING}"]


def test_a_job_that_waits_for_a_minute_is_not(services, a_waiting_job):
    a_waiting_job(timedelta(minutes=1))
    sound_alarms(services)
    assert alarms(services, "lane_stuck") == []


def test_a_job_that_is_put_off_waits_from_when_it_is_due(services):
    with services.sessions.begin() as session:
        ask_about.defer_in(session, timedelta(hours=1), carrier="nobody", reference="X")
        connection_of(session).execute("UPDATE procrastinate_events SET at = at - interval '1 day'")
        assert waiting_times(session) == dict.fromkeys(Lane, timedelta())
        connection_of(session).execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '10 seconds'")
        assert timedelta(seconds=10) < waiting_times(session)[Lane.READING] < timedelta(seconds=30)


def test_callbacks_that_never_came_are_one_matter_with_their_count(services, world, clock, journey):
    number = journey.sign_up()
    world.faults.add("drop")
    for text in ("one", "two", "three"):
        world.text(CALLER, number, text)
    clock.jump(timedelta(minutes=2))
    catch_up(services, carrier=services.home)
    sound_alarms(services)
    assert alarms(services, "callbacks_missed") == []
    clock.jump(LATE + timedelta(seconds=1))
    sound_alarms(services)
    told = alarms(services, "callbacks_missed")
    assert [(alarm.about, alarm.details) for alarm in told] == [(f"{services.home}:text", {"count": 3})]
    mark_seen(services, clock)
    sound_alarms(services)
    assert alarms(services, "callbacks_missed")[0].seen_at
