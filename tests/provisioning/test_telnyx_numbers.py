"""Numbers at the second carrier, whose orders are filled some time after their answer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.number_orders import NumberOrders
from provisioning.carriers.telnyx.numbers import TelnyxNumbers
from provisioning.carriers.telnyx.search import show
from provisioning.carriers.telnyx.settings import Settings
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.errors import Broken, Conflict, Unavailable
from provisioning.contract.numbers import Routing, Sought, Wanted
from provisioning.contract.porting import NumberKind
from tests.provisioning.carrier_cases import NumbersCases
from tests.provisioning.rehearsal import AT_TELNYX

ROUTING = Routing(
    "https://us.test/voice?mark=1", "https://us.test/message?mark=2", "https://us.test/call-status?mark=3"
)
NUMBER = "+14152367003"


def numbers_of(at, pause=None):
    return TelnyxNumbers(at.client, Targets(at.client, at.settings.outbound_profile), pause or at.pause)


@pytest.fixture
def numbers(at_telnyx):
    return numbers_of(at_telnyx)


@pytest.fixture
def impatient(at_telnyx):
    """The same, but no time passes while it waits."""
    return numbers_of(at_telnyx, lambda _: None)


class TestTelnyxNumbers(NumbersCases):
    @pytest.fixture
    def wanted(self):
        return Wanted("US", area="415")


def orders(world):
    return list(world.state.number_orders.values())


def test_numbers_in_the_wished_area_come_first_then_those_near_by_then_any(numbers):
    assert {offer.number[:5] for offer in numbers.search(Wanted("US", area="415"))} == {"+1415"}
    assert {offer.number[:5] for offer in numbers.search(Wanted("US", area="533", near="+14155552671"))} == {"+1415"}
    assert numbers.search(Wanted("US", area="abc"))
    assert numbers.search(Wanted("SE")) == []


@pytest.mark.parametrize(
    ("sought", "fits"),
    [
        (
            Sought("US", NumberKind.TOLL_FREE),
            lambda number: number[2:5] in {"800", "833", "844", "855", "866", "877", "888"},
        ),
        (Sought("CA", town="Vancouver"), lambda number: number.startswith("+1604")),
        (Sought("US", area="415", contains="23*70"), lambda number: re.search(r"23\d70", number)),
        (Sought("US", area="415", contains="AD"), lambda number: "23" in number),
    ],
    ids=["toll-free", "town", "any digit between", "letters as on keys"],
)
def test_numbers_to_choose_from_match_every_criterion(numbers, sought, fits):
    offers = numbers.choices(sought)
    assert offers
    assert all(fits(offer.number) for offer in offers)


def test_a_number_that_no_search_has_shown_is_searched_for_before_it_is_ordered(numbers):
    assert numbers.buy(NUMBER, "tag", ROUTING).number == NUMBER


def test_a_number_that_is_not_for_sale_is_a_conflict(numbers):
    with pytest.raises(Conflict) as caught:
        numbers.buy("+15005550000", "tag", ROUTING)
    assert caught.value.not_made


def test_an_order_that_takes_long_is_waited_for_and_not_placed_again(impatient, world, carry):
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            impatient.buy(NUMBER, "tag", ROUTING)
        assert not caught.value.not_made
    with pytest.raises(Unavailable):
        impatient.tagged("tag")
    carry()
    assert impatient.tagged("tag") == impatient.find(NUMBER)
    assert len(orders(world)) == 1


def test_the_number_of_a_filled_order_is_waited_for_until_it_works(impatient, world, clock):
    with pytest.raises(Unavailable):
        impatient.buy(NUMBER, "tag", ROUTING)
    clock.jump(world.exchange.delays.number_ordered)
    world.run_due()
    assert [order.status for order in orders(world)] == ["success"]
    with pytest.raises(Unavailable):
        impatient.tagged("tag")
    clock.jump(world.exchange.delays.number_provisioned)
    assert impatient.tagged("tag").number == NUMBER
    assert len(orders(world)) == 1


@pytest.mark.parametrize("status", ["purchase-pending", "requirement-info-under-review", "something new"])
def test_a_number_that_is_held_up_is_waited_for_however_old_its_order(numbers, world, clock, status):
    numbers.buy(NUMBER, "tag", ROUTING)
    [held] = world.state.numbers.values()
    held.status = status
    clock.jump(timedelta(days=3))
    with pytest.raises(Unavailable):
        numbers.tagged("tag")


def test_the_number_of_a_young_order_may_not_be_shown_yet_and_that_of_an_old_one_is_gone(numbers, world, clock):
    numbers.buy(NUMBER, "tag", ROUTING)
    world.state.numbers.clear()
    with pytest.raises(Unavailable):
        numbers.tagged("tag")
    clock.jump(timedelta(hours=1))
    assert numbers.tagged("tag") is None


@pytest.mark.parametrize(
    ("status", "is_gone"),
    [
        ("active", False),
        ("port-out-pending", False),
        ("provision-pending", False),
        ("requirement-info-exception", False),
        ("emergency-only", False),
        ("something new", False),
        ("ported-out", True),
        ("deleted", True),
    ],
)
def test_a_number_is_gone_only_if_the_carrier_says_that_it_left(numbers, world, status, is_gone):
    numbers.buy(NUMBER, "tag", ROUTING)
    [held] = world.state.numbers.values()
    held.status = status
    assert numbers.is_gone(NUMBER) is is_gone


def test_an_order_whose_answer_was_lost_is_found_by_its_tag(numbers, at_telnyx, world, carry):
    assert show(at_telnyx.client, NUMBER)
    world.faults.add("lose-after", path="*/number_orders", count=1)
    with pytest.raises(Unavailable):
        NumberOrders(at_telnyx.client).place(NUMBER, "tag", "", "")
    carry()
    assert numbers.tagged("tag").number == NUMBER
    assert len(orders(world)) == 1


def test_a_number_that_did_not_take_over_the_reference_of_its_order_gets_it(numbers, world):
    numbers.buy(NUMBER, "tag", ROUTING)
    [held] = world.state.numbers.values()
    held.settings["customer_reference"] = ""
    assert numbers.find(NUMBER).tag == ""
    assert numbers.tagged("tag").tag == "tag"
    assert held.settings["customer_reference"] == "tag"


def test_the_number_of_an_earlier_order_that_has_another_tag_by_now_is_not_found(numbers, world):
    numbers.buy(NUMBER, "tag", ROUTING)
    [held] = world.state.numbers.values()
    held.settings["customer_reference"] = "another"
    assert numbers.tagged("tag") is None


def test_an_order_that_fails_is_a_conflict_and_no_purchase(impatient, world):
    with pytest.raises(Unavailable):
        impatient.buy(NUMBER, "tag", ROUTING)
    [order] = orders(world)
    order.status = "failure"
    assert impatient.tagged("tag") is None


def test_numbers_share_an_application_and_each_has_a_profile(numbers, world):
    bought = [numbers.buy(offer.number, "tag", ROUTING).number for offer in numbers.search(Wanted("US"))[:2]]
    assert [each.friendly_name for each in world.state.applications.values()] == ["https://us.test/voice"]
    profiles = [each.friendly_name for each in world.state.services.values() if each.friendly_name[0] == "+"]
    assert profiles == bought


def test_other_marks_in_our_addresses_make_no_other_application(numbers, world):
    owned = numbers.buy(NUMBER, "tag", ROUTING)
    marked_anew = Routing(*(f"{url}0" for url in (ROUTING.voice_url, ROUTING.message_url, ROUTING.call_status_url)))
    assert numbers.apply_routing(owned.reference, marked_anew).routing == marked_anew
    assert len(world.state.applications) == 1


def test_a_number_that_is_released_leaves_no_profile_behind(numbers, world):
    before = set(world.state.services)
    numbers.release(numbers.buy(NUMBER, "tag", ROUTING).reference)
    assert set(world.state.services) == before


@pytest.mark.parametrize("changed", [{"voice_method": "get"}, {"voice_url": "https://them.test/"}, {"active": False}])
def test_what_leads_calls_elsewhere_is_noticed_and_put_right(numbers, at_telnyx, changed):
    owned = numbers.buy(NUMBER, "tag", ROUTING)
    [application] = at_telnyx.client.fetch_each("/texml_applications")
    named = {"friendly_name": application["friendly_name"], "voice_url": ROUTING.voice_url}
    at_telnyx.client.change(f"/texml_applications/{application['id']}", named | changed)
    assert numbers.find(NUMBER).routing != ROUTING
    assert [each.routing for each in numbers.owned()] != [ROUTING]
    assert numbers.apply_routing(owned.reference, ROUTING).routing == ROUTING


@pytest.mark.parametrize(
    "changed", [{"webhook_url": "https://them.test/"}, {"enabled": False}, {"webhook_api_version": "1"}]
)
def test_what_leads_texts_elsewhere_is_noticed_and_put_right(numbers, at_telnyx, changed):
    owned = numbers.buy(NUMBER, "tag", ROUTING)
    [profile] = at_telnyx.client.fetch_each("/messaging_profiles", {"name": NUMBER})
    at_telnyx.client.change(f"/messaging_profiles/{profile['id']}", changed)
    assert numbers.find(NUMBER).routing != ROUTING
    assert numbers.apply_routing(owned.reference, ROUTING).routing == ROUTING


def test_a_number_on_the_way_to_us_is_not_found_yet(numbers, world):
    numbers.buy(NUMBER, "tag", ROUTING)
    [held] = world.state.numbers.values()
    held.voice_from = None
    assert numbers.find(NUMBER) is None
    assert numbers.owned() == []


@pytest.mark.parametrize(("kind", "not_made"), [("throttle", True), ("outage", True), ("error", False)])
def test_a_bad_day_at_the_carrier_is_no_refusal(numbers, world, kind, not_made):
    world.faults.add(kind, lasting=60)
    with pytest.raises(Unavailable) as caught:
        numbers.buy(NUMBER, "tag", ROUTING)
    assert caught.value.not_made is not_made


def test_a_wrong_key_is_nobody_elses_fault_and_not_told(at_telnyx):
    settings = replace(Settings.from_environ(AT_TELNYX), api_key="KEYwrong")
    client = Client(at_telnyx.outgoing, settings)
    with pytest.raises(Broken, match="credentials") as caught:
        TelnyxNumbers(client, Targets(client, ""), at_telnyx.pause).find(NUMBER)
    assert "KEYwrong" not in str(caught.value)
