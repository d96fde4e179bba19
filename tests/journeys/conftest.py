"""The customer whose port is played."""

import pytest

from tests.journeys.journey import Journey


@pytest.fixture
def journey(services, world, clock, work):
    return Journey(services, world, clock, work)
