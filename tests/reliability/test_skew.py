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


def on_a_skewed_machine(stage, seconds, want, journey):
    service_time.use_clock(lambda: stage.clock.now() + timedelta(seconds=seconds))
    want(stage, journey)
    service_time.use_clock(stage.clock.now)


@pytest.mark.parametrize("seconds", [-600, 600])
@pytest.mark.parametrize("kind", LOST)
def test_what_a_skewed_machine_wrote_down_is_done_once_although_its_answer_was_lost(stage, journey, kind, seconds):
    on_a_skewed_machine(stage, seconds, WANTING[kind], journey)
    stage.world.faults.add("lose-after", path=LOST[kind], count=1)
    stage.hands()
    assert entries(stage, kind)[-1].progress is Progress.TRYING
    stage.good_hours()
    assert entries(stage, kind)[-1].progress is Progress.DONE
    assert doubled(stage.world.state) == []


def test_a_call_that_a_machine_ahead_wrote_down_rings_once_although_its_answer_was_lost(stage, journey):
    on_a_skewed_machine(stage, 90, place_call, journey)
    stage.world.faults.add("lose-after", path="*/Calls.json", count=1)
    stage.hands()
    stage.good_hours()
    assert rung(stage) == 1
