"""How calls show, at Twilio: found by its tag, refused with its field, and held by the numbers that joined."""

import pytest

from provisioning.carriers.twilio import build
from provisioning.contract.caller_trust import Caller, CallerService
from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.numbers import Routing, Sought
from provisioning.contract.registration import BusinessKind, Stage
from tests.provisioning.registration_cases import BUSINESS, NEWS
from tests.provisioning.rehearsal import ENVIRON

CALLER = Caller("Acme Plumbing", 4, 20)


@pytest.fixture
def trust(network):
    return network.caller_trust


@pytest.fixture
def business(network, let_days_pass):
    """An approved business."""
    reference = network.registration.enter_business(BUSINESS, "business", NEWS)
    let_days_pass(4)
    return reference


@pytest.fixture
def number(network):
    routing = Routing("https://us.test", "https://us.test", "https://us.test")
    [found, *_] = network.numbers.choices(Sought("US"))
    return network.numbers.buy(found.number, "number", routing).reference


@pytest.mark.parametrize("service", CallerService)
def test_it_is_entered_once_found_by_its_tag_and_approved(trust, business, world, let_days_pass, service):
    assert trust.find("tag") is None
    references = {trust.enter(service, business, CALLER, "tag") for _ in range(3)}
    [reference] = references
    assert trust.find("tag").reference == reference
    assert trust.state(reference).stage is Stage.CHECKING
    let_days_pass(4)
    assert trust.state(reference).stage is Stage.APPROVED
    assert sum(profile.friendly_name == "tag" for profile in world.state.profiles.values()) == 1


@pytest.mark.parametrize(
    ("service", "caller", "field"),
    [
        (CallerService.NAME, Caller("7 Eleven"), "caller_name"),
        (CallerService.NAME, Caller("A name of sixteen"), "caller_name"),
        (CallerService.LABELS, Caller("Acme", 0, 20), "employees"),
        (CallerService.LABELS, Caller("Acme", 4, 0), "calls_a_day"),
    ],
)
def test_what_the_policy_refuses_names_its_field_and_is_corrected(trust, business, service, caller, field):
    with pytest.raises(Refused) as refusal:
        trust.enter(service, business, caller, "tag")
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert trust.find("tag") is None
    assert trust.enter(service, business, CALLER, "tag")


def test_a_rejected_one_says_why_and_is_sent_again(trust, business, world, let_days_pass):
    reference = trust.enter(CallerService.NAME, business, CALLER, "tag")
    world.registry.reject_profile(reference, "Not the name of the business", 18602)
    assert [one.code for one in trust.state(reference).objections] == ["18602"]
    assert trust.enter(CallerService.NAME, business, Caller("Acme"), "tag") == reference
    let_days_pass(4)
    assert trust.state(reference).stage is Stage.APPROVED


def test_numbers_join_and_leave_as_often_as_asked(trust, business, number, let_days_pass):
    reference = trust.enter(CallerService.SIGNATURE, business, CALLER, "tag")
    let_days_pass(4)
    for _ in range(2):
        trust.join(reference, number)
    assert trust.numbers(reference) == {number}
    for _ in range(2):
        trust.leave(reference, number)
    assert trust.numbers(reference) == frozenset()
    trust.join(reference, number)
    assert trust.numbers(reference) == {number}


def test_an_unknown_one_is_not_found(trust):
    with pytest.raises(NotFound):
        trust.state(f"BU{'0' * 32}")


def test_it_is_offered_to_businesses_with_a_profile_of_their_own_alone(trust, session):
    assert set(trust.offered) == {BusinessKind.LOW_VOLUME, BusinessKind.STANDARD}
    assert build(ENVIRON, session).network.caller_trust.offered == {}
