"""A worker is stopped at an entry for longer than its lease; another looks and does it; then the first goes on."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from provisioning import deadline
from reliability.audit import doubled
from reliability.points import Point
from service.alerts import Alert, AlertKind
from service.ledger.models import EntryKind, Progress
from service.schedule.chase_overdue import chase_entries
from tests.reliability.test_crashes import (
    RINGING,
    WANTING,
    books_of_the_carrier_and_ours,
    entries,
    journey,
    rung,
)

__all__ = ["journey"]

# while it holds a transaction open, no other worker can take its entry over
POINTS = (Point.AFTER_TRYING, Point.AFTER_CALL)
STOPPED = 70


@pytest.fixture
def settings(settings):
    return replace(settings, ledger_grace_seconds=45)


@pytest.fixture
def boot(monkeypatch):
    """The clock that counts suspended time, to be set."""
    boot = {"now": 1000.0}
    monkeypatch.setattr(deadline, "since_boot", lambda: boot["now"])
    return boot


def each_pause(stage, journey, boot, kind, want):
    """Each point in turn, once a worker was stopped there at what was wanted, and has gone on."""

    def others_go_on():
        boot["now"] += STOPPED
        with stage.services.sessions.begin() as session:
            session.execute(text("UPDATE ledger_entries SET tried_at = tried_at - interval '70 seconds'"))
        chase_entries(stage.services)
        stage.hands.wait_over()
        stage.hands()

    for point in POINTS:
        stage.go_back()
        stage.deaths.arm(point, kind, others_go_on)
        want(stage, journey)
        stage.hands()
        assert stage.deaths.struck, point
        yield point


def told_twice(stage):
    with stage.services.sessions() as session:
        return session.scalars(select(Alert).where(Alert.kind == AlertKind.DONE_TWICE)).all()


@pytest.mark.parametrize("kind", WANTING)
def test_what_a_worker_was_stopped_at_is_done_once_by_it_and_its_successor(stage, journey, boot, kind):
    for point in each_pause(stage, journey, boot, kind, WANTING[kind]):
        stage.good_hours()
        assert (point, entries(stage, kind)[-1].progress) == (point, Progress.DONE)
        assert (point, doubled(stage.world.state)) == (point, [])
        assert (point, books_of_the_carrier_and_ours(stage)) == (point, [])
        assert (point, told_twice(stage)) == (point, [])


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_rings_once_although_a_worker_was_stopped_at_its_call(stage, journey, boot, kind):
    for point in each_pause(stage, journey, boot, kind, RINGING[kind]):
        # a code whose answer was lost is asked for again by the member who waited
        times = int(kind is EntryKind.PLACE_CALL or point is Point.AFTER_CALL)
        assert (point, rung(stage)) == (point, times)
