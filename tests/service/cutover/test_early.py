"""A number that the carrier shows before its day, and whose port is called off after all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from provisioning.contract.emergency import EmergencyStatus
from service.cutover.steps import advance
from service.lines.inventory import held_among, numbers_of
from service.lines.models import NumberRole
from service.porting.models import Cause, PortNumber
from service.porting.states import Command, Fact, State
from service.porting.transitions import transition
from service.schedule.poll_carriers import start_of_port_days
from tests.service.cutover.locks import until_blocked


@pytest.fixture
def called_off(services, arriving):
    """The id of a port number that was canceled after the carrier showed it."""
    advance(services, arriving)
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arriving)
        assert held_among(session, [number.number])
        transition(session, services, number, Command.CANCEL, Cause.CUSTOMER)
        transition(session, services, number, Fact.CANCELED, Cause.CARRIER)
    return arriving


def test_it_is_no_number_of_the_line_any_more_and_can_be_brought_along_anew(services, called_off):
    with services.sessions() as session:
        number = session.get_one(PortNumber, called_off)
        assert [worn.role for worn in numbers_of(session, number.project.line_id)] == [NumberRole.TEMPORARY]
        assert held_among(session, [number.number]) == []


def test_what_was_set_up_for_it_at_the_carrier_is_taken_down(services, called_off, work):
    with services.sessions() as session:
        number = session.get_one(PortNumber, called_off).number
    network = services.network("twilio")
    reference = network.numbers.find(number).reference
    assert network.messaging.enrolled(reference)
    assert network.emergency.status(reference) is EmergencyStatus.REGISTERED
    work()
    assert not network.messaging.enrolled(reference)
    assert network.emergency.status(reference) is EmergencyStatus.NONE


def test_where_help_is_sent_stands_at_the_number(services, called_off, work):
    with services.sessions.begin() as session:
        transition(session, services, session.get_one(PortNumber, called_off), Fact.PORTED, Cause.CARRIER)
    work()
    with services.sessions() as session:
        number = session.get_one(PortNumber, called_off)
        [held] = [one for one in numbers_of(session, number.project.line_id) if one.number == number.number]
        assert held.emergency_address == f"{number.project.street}, {number.project.city}"


def test_it_is_set_up_anew_when_the_cancel_came_too_late(services, called_off, work):
    with services.sessions.begin() as session:
        transition(session, services, session.get_one(PortNumber, called_off), Fact.PORTED, Cause.CARRIER)
    work()
    with services.sessions() as session:
        number = session.get_one(PortNumber, called_off)
        assert number.state is State.PORTED
        roles = {worn.number: worn.role for worn in numbers_of(session, number.project.line_id)}
        assert roles.pop(number.number) is NumberRole.PRIMARY
        assert list(roles.values()) == [NumberRole.RETIRING]


def test_a_number_whose_date_moves_in_the_moment_in_which_its_day_comes_is_not_moving(services, arriving, clock):
    today = clock.now().date()
    with services.sessions.begin() as session:
        session.get_one(PortNumber, arriving).committed_on = today
    with ThreadPoolExecutor(1) as elsewhere:
        with services.sessions.begin() as session:
            session.get_one(PortNumber, arriving, with_for_update=True).committed_on = today + timedelta(days=2)
            session.flush()
            begun = elsewhere.submit(start_of_port_days, services)
            until_blocked(services)
        begun.result(timeout=10)
    with services.sessions() as session:
        assert session.get_one(PortNumber, arriving).state is State.SCHEDULED
