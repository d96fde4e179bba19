"""A machine whose clock is wrong writes down what is owed; its answer is lost, and it is looked for by another."""

from datetime import timedelta

import pytest

from reliability.audit import doubled
from service import time as service_time
from service.ledger.models import EntryKind, Progress
from tests.reliability.test_crashes import WANTING, entries, journey, place_call, rung

__all__ = ["journey"]

LOST = {
    EntryKind.FILE_PORT: "*/PortIn",
    EntryKind.SEND_TEXT: "*/Messages.json",
    EntryKind.SEND_MESSAGE: "*/Messages.json",
}


def on_a_skewed_machine(harness, seconds, want, journey):
    service_time.use_clock(lambda: harness.clock.now() + timedelta(seconds=seconds))
    want(harness, journey)
    service_time.use_clock(harness.clock.now)


@pytest.mark.parametrize("seconds", [-600, 600])
@pytest.mark.parametrize("kind", LOST)
def test_what_a_skewed_machine_wrote_down_is_done_once_although_its_answer_was_lost(harness, journey, kind, seconds):
    on_a_skewed_machine(harness, seconds, WANTING[kind], journey)
    harness.world.faults.add("lose-after", path=LOST[kind], count=1)
    harness.worker()
    assert entries(harness, kind)[-1].progress is Progress.TRYING
    harness.good_hours()
    assert entries(harness, kind)[-1].progress is Progress.DONE
    assert doubled(harness.world.state) == []


def test_a_call_that_a_machine_ahead_wrote_down_rings_once_although_its_answer_was_lost(harness, journey):
    on_a_skewed_machine(harness, 90, place_call, journey)
    harness.world.faults.add("lose-after", path="*/Calls.json", count=1)
    harness.worker()
    harness.good_hours()
    assert rung(harness) == 1
