"""A number that lives at the second carrier is moved to the first: a transfer like any other, on the same row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.inbox.models import Message
from service.lines.inventory import add_arriving
from service.lines.living_elsewhere import elsewhere
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.lines.pools import texts_as_before
from service.port_outs.departures import seek_departed
from service.porting import drafts, projects
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now
from tests.factories import a_draft
from tests.journeys.journey import Journey
from tests.second_carrier import at_telnyx


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=True)


@pytest.fixture
def carriers(carriers, to_carrier, settings, world, clock):
    return carriers | at_telnyx(to_carrier, settings, world, clock)


@pytest.fixture
def journey(services, world, clock, work):
    """A customer whose first number came from the second carrier, as the first one failed that day."""
    journey = Journey(services, world, clock, work, None)
    world.faults.add("outage", path="*/AvailablePhoneNumbers/*")
    journey.sign_up()
    world.faults.clear()
    return journey


def begin(journey):
    """What a page does with the number that a customer enters, and the draft filled in."""
    number = journey.numbers()[0].number
    with journey.services.sessions.begin() as session:
        project = a_draft(session, session.get_one(Line, journey.line_id))
        drafts.add_numbers(session, project, [number], home=journey.services.home)
        journey.project_id = project.id
    journey.work()
    return number


def worn(journey):
    with journey.services.sessions() as session:
        rows = session.scalars(select(PhoneNumber).where(PhoneNumber.standing == Standing.HELD))
        return [(row.number, row.carrier, row.role) for row in rows]


def test_it_serves_there_until_it_has_moved_and_then_here(journey, world):
    number = begin(journey)
    assert worn(journey) == [(number, "telnyx", NumberRole.TEMPORARY)]
    with journey.services.sessions() as session:
        assert session.scalars(select(PortNumber.carrier)).one() == "twilio"
    journey.ask(projects.submit)
    journey.work()
    journey.pass_time(timedelta(seconds=10))
    world.sign(number, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    assert journey.state() == State.SCHEDULED
    assert worn(journey) == [(number, "telnyx", NumberRole.TEMPORARY)]
    journey.pass_time_until(journey.committed())
    seek_departed(journey.services, carrier="telnyx")
    journey.pass_time(timedelta(minutes=1), steps=3)
    assert journey.state() == State.PORTED
    assert worn(journey) == [(number, "twilio", NumberRole.PRIMARY)]
    journey.prove(number)
    journey.pass_time(timedelta(minutes=10), steps=4)
    assert journey.state() == State.LIVE
    with journey.services.sessions() as session:
        assert session.scalars(select(Message.text)).all() == ["Are you open?"]


def test_it_texts_by_the_new_carrier_only_once_it_is_enrolled_there(services, journey):
    number = journey.numbers()[0]
    with services.sessions.begin() as session:
        held = session.scalars(select(PhoneNumber)).one()
        held.texts_since = now()
        add_arriving(session, held.line_id, "twilio", number.number, "PN1")
        assert (held.carrier, held.texts_since) == ("twilio", None)
        assert not texts_as_before(session, held.line.workspace_id)


def test_a_number_at_the_first_carrier_and_one_of_another_workspace_do_not_move(journey, services):
    number = journey.numbers()[0].number
    with services.sessions() as session:
        line = session.get_one(Line, journey.line_id)
        assert elsewhere(session, line.workspace_id, [number], "twilio") == {number: line.id}
        assert elsewhere(session, line.workspace_id, [number], "telnyx") == {}
        assert elsewhere(session, line.workspace_id + 1, [number], "twilio") == {}
