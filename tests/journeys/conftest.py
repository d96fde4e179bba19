"""The customer whose port is played; her business registers itself for texts, as in an installation for many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from tests.journeys.journey import Journey, SigningJourney
from tests.second_carrier import at_telnyx


@pytest.fixture
def carrier(request):
    """The carrier of the journey: the first, or each in turn for a test that is played `AT_BOTH`."""
    return getattr(request, "param", "twilio")


@pytest.fixture
def settings(settings, carrier):
    """As in an installation for many; registering at the second carrier has a journey of its own."""
    return replace(settings, single_business=carrier == "telnyx")


@pytest.fixture
def carriers(carriers, carrier, request):
    return request.getfixturevalue("second_carrier") if carrier == "telnyx" else carriers


@pytest.fixture
def journey(services, world, clock, work, story, carrier):
    kind = SigningJourney if carrier == "telnyx" else Journey
    return kind(services, world, clock, work, story)


@pytest.fixture
def by_hand(sessions):
    """The carrier whose orders our own porting desk works."""
    return manual.build({}, worklist=DeskWorklist(sessions))


@pytest.fixture
def let_pass(world, clock):
    """Let so many seconds pass, in which the carrier works."""

    def let_pass(seconds):
        clock.jump(timedelta(seconds=seconds))
        world.run_due()

    return let_pass


@pytest.fixture
def second_carrier(to_carrier, settings, world, clock):
    """The second carrier alone, with a profile by which calls may go out."""
    return at_telnyx(to_carrier, settings, world, clock, calls_out=True)
