"""A ported number that the carrier does not show yet: looked for every few seconds at first, then every minute."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.alerts import Alert
from service.cutover.models import CutoverStep, StepName
from service.cutover.queries import numbers_to_advance
from tests.journeys.journey import Journey

A_DAY_LATE = "+14155554203"


@pytest.fixture
def journey(services, world, clock, work, story):
    """A ported number that the carrier does not show."""
    journey = Journey(services, world, clock, work, story)
    journey.sign_up()
    journey.schedule(A_DAY_LATE)
    journey.pass_time_until(journey.committed())
    return journey


def to_advance(services):
    with services.sessions() as session:
        return len(numbers_to_advance(session))


def test_it_is_looked_for_without_a_pause_and_after_a_while_once_a_minute(journey, services, clock):
    assert to_advance(services) == 1
    with services.sessions.begin() as session:
        weary = update(CutoverStep).where(CutoverStep.name == StepName.FIND_NUMBER)
        session.execute(weary.values(tries=60, tried_at=clock.now()))
    assert to_advance(services) == 0
    clock.jump(timedelta(minutes=1))
    assert to_advance(services) == 1


def test_a_person_is_told_after_two_minutes(journey, services):
    def alerts():
        with services.sessions() as session:
            return [alert.kind for alert in session.scalars(select(Alert))]

    journey.pass_time(timedelta(seconds=100), steps=20)
    assert alerts() == []
    journey.pass_time(timedelta(seconds=40), steps=8)
    assert "cutover_stuck" in alerts()
