"""The pool of the messaging service that American texts leave under."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.twilio import build
from provisioning.contract.errors import NotFound, Unavailable
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import MessagingCases
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, SANDBOX, TOKEN
from tests.provisioning.test_twilio_messaging import MESSAGE, OURS, THEIRS

ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")
SERVICES = f"{SANDBOX}/messaging.twilio.com/v1/Services"


@pytest.fixture
def a_service(session):
    def make():
        made = session.post(SERVICES, data={"FriendlyName": "Texts"}, auth=(ACCOUNT, TOKEN))
        return made.json()["sid"]

    return make


@pytest.fixture
def service(a_service):
    return a_service()


@pytest.fixture
def network(session, service):
    return build({**ENVIRON, "TWILIO_MESSAGING_SERVICE_SID": service}, session).network


@pytest.fixture
def our_number(network):
    return network.numbers.buy(OURS, "tag", ROUTING)


class TestTwilioMessagingThroughAService(MessagingCases):
    @pytest.fixture
    def messaging(self, network, our_number):
        network.messaging.enrol(our_number.reference)
        return network.messaging

    @pytest.fixture
    def message(self):
        return MESSAGE

    @pytest.fixture
    def to_nobody(self):
        return replace(MESSAGE, recipient="+15005550001")

    @pytest.fixture
    def now(self, clock):
        return clock.now()


def test_a_number_is_known_to_be_in_the_pool_or_not(network, our_number):
    assert not network.messaging.enrolled(our_number.reference)
    network.messaging.enrol(our_number.reference)
    assert network.messaging.enrolled(our_number.reference)
    network.messaging.withdraw(our_number.reference)
    assert not network.messaging.enrolled(our_number.reference)


def test_a_number_in_another_pool_is_moved_over(network, our_number, a_service, session, world, service):
    other = a_service()
    members = f"{SERVICES}/{other}/PhoneNumbers"
    session.post(members, data={"PhoneNumberSid": our_number.reference}, auth=(ACCOUNT, TOKEN))
    network.messaging.enrol(our_number.reference)
    pools = world.state.services
    assert [list(pools[sid].pool) for sid in (service, other)] == [[our_number.reference], []]


def test_a_number_whose_other_campaign_is_not_forgotten_yet_joins_later(
    network, our_number, a_service, session, world, clock
):
    other = a_service()
    world.registry.decide_campaign(other, "VERIFIED")
    members = f"{SERVICES}/{other}/PhoneNumbers"
    session.post(members, data={"PhoneNumberSid": our_number.reference}, auth=(ACCOUNT, TOKEN))
    with pytest.raises(Unavailable):
        network.messaging.enrol(our_number.reference)
    clock.jump(timedelta(days=2))
    world.run_due()
    network.messaging.enrol(our_number.reference)
    assert network.messaging.enrolled(our_number.reference)


def test_texts_to_a_number_in_the_pool_are_still_told_to_the_numbers_own_address(network, our_number, world):
    network.messaging.enrol(our_number.reference)
    world.text(THEIRS, OURS, "Are you open?")
    world.run_due()
    assert [post.url for post in world.state.posts.values()] == ["https://us.test#rc=5&rp=all"]


def test_a_number_that_is_gone_cannot_be_put_in(network, our_number):
    network.numbers.release(our_number.reference)
    with pytest.raises(NotFound):
        network.messaging.enrol(our_number.reference)
