"""Emergency addresses of numbers at the second carrier, where an address is replaced and never changed."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from provisioning.carriers.telnyx.emergency import TelnyxEmergency
from provisioning.carriers.telnyx.numbers import TelnyxNumbers
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.emergency import EmergencyStatus
from provisioning.contract.errors import NotFound, Refused, Unavailable
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import EmergencyCases
from tests.provisioning.rehearsal import lost_and_repeated

ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")
HOLDER = "Alice's Bakery"


@pytest.fixture
def numbers(at_telnyx):
    return TelnyxNumbers(at_telnyx.client, Targets(at_telnyx.client, ""), at_telnyx.pause)


@pytest.fixture
def emergency(at_telnyx):
    return TelnyxEmergency(at_telnyx.client)


@pytest.fixture
def owned(numbers):
    return numbers.buy("+14152367003", "tag", ROUTING)


@pytest.fixture
def slowly(world, monkeypatch):
    """The carrier takes half a minute for each change; how long."""
    monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, emergency=timedelta(seconds=30)))
    return timedelta(seconds=30)


def addresses(world):
    return [one.fields["street_address"] for one in world.state.addresses.values()]


class TestTelnyxEmergency(EmergencyCases):
    def test_a_changed_address_replaces_the_one_before(self, emergency, owned, world):
        emergency.register(owned.reference, HOLDER, self.ADDRESS)
        moved = replace(self.ADDRESS, street="2 Side St")
        assert emergency.register(owned.reference, HOLDER, moved) is EmergencyStatus.REGISTERED
        assert addresses(world) == ["2 Side St"]

    def test_it_is_told_the_holder_as_business_and_as_a_person(self, emergency, owned, world):
        emergency.register(owned.reference, HOLDER, replace(self.ADDRESS, street2="Suite 4"))
        [kept] = world.state.addresses.values()
        told = {name: kept.fields[name] for name in ("business_name", "first_name", "last_name", "extended_address")}
        assert list(told.values()) == [HOLDER, "Alice's", "Bakery", "Suite 4"]

    def test_it_is_registered_once_the_carrier_says_so(self, emergency, owned, clock, slowly):
        assert emergency.register(owned.reference, HOLDER, self.ADDRESS) is EmergencyStatus.PENDING
        clock.jump(slowly)
        assert emergency.status(owned.reference) is EmergencyStatus.REGISTERED

    @pytest.mark.parametrize(
        ("change", "fields"), [({"street": "Main Street"}, ["street"]), ({"postal_code": "941"}, ["postal_code"])]
    )
    def test_an_address_that_cannot_be_is_refused_by_its_field(self, emergency, owned, world, change, fields):
        with pytest.raises(Refused) as caught:
            emergency.register(owned.reference, HOLDER, replace(self.ADDRESS, **change))
        assert [fault.field for fault in caught.value.faults] == fields
        assert emergency.status(owned.reference) is EmergencyStatus.NONE
        assert addresses(world) == []

    def test_an_address_that_no_emergency_service_knows_is_refused_and_may_be_tried_again(self, emergency, owned):
        unknown = replace(self.ADDRESS, postal_code="00000")
        for address, status in ((unknown, EmergencyStatus.REFUSED), (self.ADDRESS, EmergencyStatus.REGISTERED)):
            assert emergency.register(owned.reference, HOLDER, address) is status

    def test_what_is_taken_off_is_deleted_once_it_is_off(self, emergency, owned, world, clock, slowly):
        emergency.register(owned.reference, HOLDER, self.ADDRESS)
        clock.jump(slowly)
        emergency.forget(owned.reference)
        clock.jump(slowly)
        assert emergency.status(owned.reference) is EmergencyStatus.NONE
        emergency.forget(owned.reference)
        assert addresses(world) == []

    def test_a_number_with_an_address_is_released_once_that_is_off(self, emergency, owned, numbers, clock, slowly):
        emergency.register(owned.reference, HOLDER, self.ADDRESS)
        clock.jump(slowly)
        for _ in range(2):
            with pytest.raises(Unavailable) as later:
                numbers.release(owned.reference)
            assert later.value.not_made
        clock.jump(slowly)
        numbers.release(owned.reference)
        assert numbers.find(owned.number) is None

    def test_a_number_that_is_gone_has_no_address(self, emergency, owned, numbers):
        numbers.release(owned.reference)
        with pytest.raises(NotFound):
            emergency.status(owned.reference)
        emergency.forget(owned.reference)

    @pytest.mark.parametrize("kind", ["lose-before", "lose-after", "error"])
    @pytest.mark.parametrize("at", range(5))
    def test_wherever_an_answer_was_lost_there_is_one_address(self, emergency, owned, world, kind, at):
        register = partial(emergency.register, owned.reference, HOLDER, self.ADDRESS)
        assert lost_and_repeated(world, kind, at, register) is EmergencyStatus.REGISTERED
        assert addresses(world) == ["1 Main Street"]
