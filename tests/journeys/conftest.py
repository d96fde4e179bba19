"""The customer whose port is played; her business registers itself for texts, as in an installation for many."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from provisioning.carriers import manual, telnyx
from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.settings import Settings
from provisioning.http import Outgoing
from service.desk.worklist import DeskWorklist
from service.wiring import addresses_with
from tests.journeys.journey import Journey, SigningJourney
from tests.provisioning.rehearsal import AT_TELNYX, SANDBOX


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
def second_carrier(to_carrier, settings, let_pass):
    """The second carrier alone, with a profile by which calls may go out."""
    client = Client(Outgoing(to_carrier, SANDBOX), Settings.from_environ(AT_TELNYX))
    profile = client.create("/outbound_voice_profiles", {"name": "Out"})["id"]
    environ = AT_TELNYX | {"TELNYX_OUTBOUND_PROFILE_ID": profile}
    address = partial(addresses_with(settings), "telnyx")
    return {"telnyx": telnyx.build(environ, to_carrier, address=address, pause=let_pass)}
