"""FastPort: the minute at which an order is carried out, chosen at the sandbox."""

from datetime import timedelta

import pytest

from provisioning.carriers.telnyx.activation import TelnyxActivations
from provisioning.carriers.telnyx.porting_orders import order_snapshot
from provisioning.contract.errors import NotFound, Refused, Unavailable
from provisioning.contract.porting import PortStatus
from tests.provisioning.test_telnyx_porting import FILING, Port, filing, now, porting  # noqa: F401 -- fixtures

FAST, FAST_TOO, CANADIAN, PLAIN = "+14157364501", "+18007364501", "+14167364501", "+14157362671"


@pytest.fixture
def activations(at_telnyx):
    return TelnyxActivations(at_telnyx.client)


@pytest.fixture
def dated(porting, world, clock):  # noqa: F811 -- the fixture
    """An order that has its date."""

    def dated(number=FAST):
        order = Port(porting, world, clock, filing(number)).wait(minutes=5)
        return order if order.number.status is PortStatus.SCHEDULED else order.wait(hours=4)

    return dated


def test_what_can_be_chosen_comes_with_the_order(dated):
    order = dated()
    activation = order.now.activation
    [window] = activation.windows
    assert order.number.committed.at == activation.at == window.closes
    assert order.number.committed.day == FILING.wished
    assert window.closes - window.opens == timedelta(hours=14)
    assert activation.on_demand


def test_a_canadian_order_has_its_hours_and_is_not_brought_in_at_once(dated, activations):
    order = dated(CANADIAN)
    [window] = order.now.activation.windows
    assert (window.closes - window.opens, order.now.activation.on_demand) == (timedelta(hours=7), False)
    order.clock.jump_to(window.opens)
    with pytest.raises(Refused):
        activations.start(order.reference)
    assert order.number.status is PortStatus.SCHEDULED


@pytest.mark.parametrize("number", [FAST, FAST_TOO])
def test_the_numbers_come_at_the_chosen_minute(dated, activations, number):
    order = dated(number)
    chosen = order.now.activation.windows[0].opens + timedelta(hours=2, minutes=7)
    activations.choose(order.reference, chosen)
    assert (order.number.committed.at, order.now.activation.at) == (chosen, chosen)
    order.clock.jump_to(chosen - timedelta(seconds=1))
    assert order.wait().number.status is PortStatus.SCHEDULED
    assert order.wait(seconds=1).number.status is PortStatus.PORTED


def test_a_minute_outside_of_the_window_is_refused_and_the_one_before_stays(dated, activations):
    order = dated()
    before = order.now.activation
    with pytest.raises(Refused):
        activations.choose(order.reference, before.windows[0].closes + timedelta(minutes=1))
    assert order.now.activation == before


@pytest.mark.parametrize("fault", ["lose-after", "lose-before"])
def test_numbers_are_brought_in_at_once_and_a_lost_answer_does_no_harm(dated, activations, world, fault):
    order = dated()
    order.clock.jump_to(order.now.activation.windows[0].opens)
    world.faults.add(fault, path="*/actions/activate", count=1)
    with pytest.raises(Unavailable):
        activations.start(order.reference)
    activations.start(order.reference)
    activations.start(order.reference)
    assert (order.number.status, order.number.word) == (PortStatus.ACTIVATING, "activation in-process")
    assert order.now.activation is None
    assert order.wait(minutes=1).number.status is PortStatus.PORTED


def test_an_order_that_does_not_come_fast_has_nothing_to_choose(dated, activations):
    order = dated(PLAIN)
    assert order.now.activation is None
    with pytest.raises(NotFound):
        activations.start(order.reference)


@pytest.mark.parametrize("status", ["failed", "lost-in-space"])
def test_a_job_that_failed_is_for_the_desk(status):
    order = {
        "id": "o-1",
        "status": {"value": "foc-date-confirmed"},
        "phone_numbers": [{"phone_number": FAST}],
        "activation_settings": {"foc_datetime_actual": "2026-05-17T03:00:00Z"},
    }
    [number] = order_snapshot(order, job={"status": status}).numbers
    assert (number.status, number.word) == (PortStatus.UNKNOWN, f"activation {status}")
