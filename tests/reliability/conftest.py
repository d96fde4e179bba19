"""Fixtures for tests of faults: the real services, one worker that is stepped through its jobs, planned crashes."""

import pytest

from reliability.points import watched
from tests.reliability.crashes import Crashes
from tests.reliability.harness import Harness
from tests.reliability.step_worker import StepWorker


@pytest.fixture
def crashes():
    return Crashes()


@pytest.fixture
def services(services, crashes):
    return watched(services, crashes.at)


@pytest.fixture
def worker(services, world, set_up, crashes):
    worker = StepWorker(services, world, crashes)
    yield worker
    worker.close()


@pytest.fixture
def harness(services, world, clock, mailbox, worker, crashes):
    return Harness(services, world, clock, mailbox, worker, crashes)
