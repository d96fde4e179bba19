"""Emergency addresses of numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import NotFound, Unavailable
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import EmergencyCases

ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")


@pytest.fixture
def emergency(carrier):
    return carrier.network.emergency


@pytest.fixture
def owned(carrier):
    return carrier.network.numbers.buy("+14152367003", "tag", ROUTING)


@pytest.fixture
def slowly(world, monkeypatch):
    """The carrier takes half a minute for each registration; how long."""
    monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, emergency=timedelta(seconds=30)))
    return timedelta(seconds=30)


class TestTwilioEmergency(EmergencyCases):
    def test_a_changed_address_replaces_the_one_before(self, emergency, owned, world):
        emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        emergency.register(owned.reference, "Alice's Cafe", self.ADDRESS)
        [kept] = world.state.addresses.values()
        assert kept.fields["customer_name"] == "Alice's Cafe"

    def test_a_changed_address_is_taken_off_awaited_and_put_on(self, emergency, owned, world, clock, slowly):
        moved = replace(self.ADDRESS, street="2 Side St")
        for address, after_a_while in (
            (self.ADDRESS, EmergencyStatus.REGISTERED),
            (moved, EmergencyStatus.NONE),
            (moved, EmergencyStatus.REGISTERED),
        ):
            assert emergency.register(owned.reference, "Alice's Bakery", address) is EmergencyStatus.PENDING
            clock.jump(slowly)
            assert emergency.status(owned.reference) is after_a_while
        [kept] = world.state.addresses.values()
        assert kept.fields["street"] == "2 Side St"

    def test_while_one_address_is_taken_off_no_other_is_put_on(self, emergency, owned, world, slowly):
        emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        emergency.forget(owned.reference)
        assert emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS) is EmergencyStatus.PENDING
        assert world.state.numbers[owned.reference].settings["emergency_address_sid"] == ""

    def test_a_number_with_an_address_is_released_once_that_is_off(self, emergency, owned, carrier, clock, slowly):
        emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        clock.jump(slowly)
        for _ in range(2):
            with pytest.raises(Unavailable) as later:
                carrier.network.numbers.release(owned.reference)
            assert later.value.not_made
        clock.jump(slowly)
        carrier.network.numbers.release(owned.reference)
        assert carrier.network.numbers.find(owned.number) is None

    def test_a_number_that_is_gone_has_no_address(self, emergency, owned, carrier):
        carrier.network.numbers.release(owned.reference)
        with pytest.raises(NotFound):
            emergency.status(owned.reference)
        emergency.forget(owned.reference)
