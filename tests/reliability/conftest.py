"""The stage on which bad days are played: real parts, one pair of hands, and deaths to order."""

import pytest

from reliability.points import watched
from tests.reliability.deaths import Deaths
from tests.reliability.hands import Hands
from tests.reliability.stage import Stage


@pytest.fixture
def deaths():
    return Deaths()


@pytest.fixture
def services(services, deaths):
    return watched(services, deaths.at)


@pytest.fixture
def hands(services, world, set_up, deaths):
    hands = Hands(services, world, deaths)
    yield hands
    hands.close()


@pytest.fixture
def stage(services, world, clock, mailbox, hands, deaths):
    return Stage(services, world, clock, mailbox, hands, deaths)
