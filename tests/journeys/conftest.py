"""The customer whose port is played; her business registers itself for texts, as in an installation for many."""

from dataclasses import replace

import pytest

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from tests.journeys.journey import Journey


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)


@pytest.fixture
def journey(services, world, clock, work, story):
    return Journey(services, world, clock, work, story)


@pytest.fixture
def by_hand(sessions):
    """The carrier whose orders our own porting desk works."""
    return manual.build({}, worklist=DeskWorklist(sessions))
