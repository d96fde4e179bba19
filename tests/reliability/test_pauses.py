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


def each_pause(harness, journey, boot, kind, want):
    """Stop a worker at each point in turn while it does what was wanted, and let it go on."""

    def others_go_on():
        boot["now"] += STOPPED
        with harness.services.sessions.begin() as session:
            session.execute(text("UPDATE ledger_entries SET tried_at = tried_at - interval '70 seconds'"))
        chase_entries(harness.services)
        harness.worker.wait_over()
        harness.worker()

    for point in POINTS:
        harness.go_back()
        harness.crashes.arm(point, kind, others_go_on)
        want(harness, journey)
        harness.worker()
        assert harness.crashes.struck, point
        yield point


def told_twice(harness):
    with harness.services.sessions() as session:
        return session.scalars(select(Alert).where(Alert.kind == AlertKind.DONE_TWICE)).all()


@pytest.mark.parametrize("kind", WANTING)
def test_what_a_worker_was_stopped_at_is_done_once_by_it_and_its_successor(harness, journey, boot, kind):
    for point in each_pause(harness, journey, boot, kind, WANTING[kind]):
        harness.good_hours()
        assert (point, entries(harness, kind)[-1].progress) == (point, Progress.DONE)
        assert (point, doubled(harness.world.state)) == (point, [])
        assert (point, books_of_the_carrier_and_ours(harness)) == (point, [])
        assert (point, told_twice(harness)) == (point, [])


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_rings_once_although_a_worker_was_stopped_at_its_call(harness, journey, boot, kind):
    for point in each_pause(harness, journey, boot, kind, RINGING[kind]):
        # a code whose answer was lost is asked for again by the member who waited
        times = int(kind is EntryKind.PLACE_CALL or point is Point.AFTER_CALL)
        assert (point, rung(harness)) == (point, times)
