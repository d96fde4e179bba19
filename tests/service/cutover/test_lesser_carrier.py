"""A number comes to a carrier that takes no emergency addresses and looks no numbers up."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived
from service.calls.events import arrived as call_arrived
from service.cutover.half_ports import look_up_callers
from service.cutover.models import CallerNetwork, StepName
from service.cutover.rows import steps_of
from service.porting.asking import ask_operator
from service.porting.models import Cause, PortNumber
from service.porting.states import Command, Fact, State
from service.porting.transitions import transition
from tests.factories import CALLER
from tests.lesser_carrier import without
from tests.service.cutover.test_undo import prove


@pytest.fixture
def carriers(carriers):
    return without(carriers, "emergency", "lookup")


def test_the_number_goes_live_without_an_address_and_without_looking_callers_up(services, do, arrived, work, clock):
    do(prove)
    work()
    clock.jump(timedelta(hours=2))
    do(lambda session, _services, number: call_arrived(session, CallArrived("CA1", CALLER, number.number)))
    look_up_callers(services, port_number_id=arrived)
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrived)
        steps = steps_of(session, services, number)
        assert (number.state, StepName.REGISTER_ADDRESS in steps) == (State.LIVE, False)
        assert all(step.complete for step in steps.values())
        assert set(session.scalars(select(CallerNetwork.network))) <= {""}


def test_a_port_that_is_called_off_is_taken_down_there(services, arriving, work):
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arriving)
        transition(session, services, number, Command.CANCEL, Cause.CUSTOMER)
        transition(session, services, number, Fact.CANCELED, Cause.CARRIER)
        own = number.number
    work()
    network = services.network("twilio")
    assert not network.messaging.enrolled(network.numbers.find(own).reference)


def test_the_old_operator_is_not_asked_for(services, arriving):
    with services.sessions() as session:
        project_id = session.get_one(PortNumber, arriving).project_id
    ask_operator(services, project_id=project_id)
    with services.sessions() as session:
        assert session.get_one(PortNumber, arriving).project.operator is None
