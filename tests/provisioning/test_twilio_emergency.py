"""Emergency addresses of numbers."""

import pytest

from provisioning.contract.errors import NotFound
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import EmergencyCases

ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")


@pytest.fixture
def emergency(carrier):
    return carrier.network.emergency


@pytest.fixture
def owned(carrier):
    return carrier.network.numbers.buy("+14152367003", "tag", ROUTING)


class TestTwilioEmergency(EmergencyCases):
    def test_a_changed_address_replaces_the_one_before(self, emergency, owned, world):
        emergency.register(owned.reference, "Alice's Bakery", self.ADDRESS)
        emergency.register(owned.reference, "Alice's Cafe", self.ADDRESS)
        [kept] = world.state.addresses.values()
        assert kept.fields["customer_name"] == "Alice's Cafe"

    def test_a_number_that_is_gone_has_no_address(self, emergency, owned, carrier):
        carrier.network.numbers.release(owned.reference)
        with pytest.raises(NotFound):
            emergency.status(owned.reference)
        emergency.forget(owned.reference)
