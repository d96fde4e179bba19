"""A number that is ported to the second carrier and lives there: told by its signed events, called and texted."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from provisioning.carriers import telnyx
from service.inbox.models import Call, Message
from service.lines.models import NumberRole
from service.porting.states import State
from service.wiring import addresses_with
from tests.journeys.journey import SigningJourney
from tests.provisioning.rehearsal import AT_TELNYX

CANADIAN = "+16045552671"
VANCOUVER = {"street": "1055 West Georgia Street", "city": "Vancouver", "region": "BC", "postal_code": "V6E 3P3"}
"""Where its holder is: the carrier takes no emergency address of another country."""


@pytest.fixture
def settings(settings):
    """Without a registration of each business, which has a journey of its own."""
    return replace(settings, single_business=True)


@pytest.fixture
def carriers(carriers, to_carrier, settings):
    """Both carriers at once: new numbers come from the first, and this one is ported to the second."""
    address = partial(addresses_with(settings), "telnyx")
    return carriers | {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address)}


@pytest.fixture
def journey(services, world, clock, work, story, app):
    return SigningJourney(services, world, clock, work, story)


def test_a_number_is_ported_as_its_events_tell_and_is_called_and_texted_there(journey, services):
    temporary = journey.sign_up()
    journey.file(CANADIAN, **VANCOUVER)
    for length, state in ((timedelta(minutes=5), State.WITH_LOSING_CARRIER), (timedelta(hours=4), State.SCHEDULED)):
        only_events_tell(journey, length)
        assert journey.state() == state
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=12), steps=4)
    assert journey.state() == State.PORTED
    roles = {worn.number: (worn.role, worn.carrier) for worn in journey.numbers()}
    assert roles == {temporary: (NumberRole.RETIRING, "twilio"), CANADIAN: (NumberRole.PRIMARY, "telnyx")}
    journey.prove(CANADIAN)
    with services.sessions() as session:
        assert session.scalars(select(Message.text)).all() == ["Are you open?"]
        assert len(session.scalars(select(Call)).all()) == 1
    journey.pass_time(timedelta(minutes=10), steps=4)
    assert journey.state() == State.LIVE


def only_events_tell(journey, length):
    """Let time pass at the carrier: its events are read, and the clock process asks about nothing."""
    journey.clock.jump(length)
    journey.work()
