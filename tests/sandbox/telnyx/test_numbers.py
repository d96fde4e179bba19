"""Numbers of the second carrier: searched, ordered, pointed at applications and profiles, released."""

from datetime import timedelta

import pytest
import telnyx

from tests.sandbox.telnyx.conftest import TOLD, events

COMPLETE = "70c7c5cb-dce2-4124-accb-870d39dbe852"


def search(sdk, **wanted):
    return sdk.available_phone_numbers.list(filter={"country_code": "US"} | wanted)


def ids(numbers):
    return [number.phone_number for number in numbers]


def test_a_search_finds_numbers_of_an_area_with_their_place_and_price(sdk):
    [offer] = search(sdk, national_destination_code="415", limit=1).data
    assert offer.phone_number.startswith("+1415")
    assert {each.region_type: each.region_name for each in offer.region_information}["state"] == "CA"
    assert offer.cost_information.monthly_cost == "1.00"
    assert {"sms", "voice"} <= {each.name for each in offer.features}


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"locality": "Chicago"}, lambda number: number.startswith("+1312")),
        ({"administrative_area": "NY"}, lambda number: number[2:5] in {"212", "646", "718"}),
        ({"phone_number": {"contains": "7003"}}, lambda number: "7003" in number),
        ({"phone_number": {"ends_with": "7040"}}, lambda number: number.endswith("7040")),
        (
            {"national_destination_code": "415", "phone_number": {"starts_with": "729"}},
            lambda number: number.startswith("+1415729"),
        ),
        ({"phone_number_type": "toll_free"}, lambda number: number[2:4] in {"83", "84", "85", "86", "87", "88"}),
        ({"country_code": "CA"}, lambda number: number[2:5] in {"416", "514", "604"}),
        ({"features": ["sms", "voice"]}, bool),
    ],
)
def test_a_search_heeds_what_is_wanted(sdk, wanted, fits):
    found = ids(search(sdk, limit=3, **wanted).data)
    assert len(found) == 3
    assert all(map(fits, found))


def test_a_search_without_a_result_is_empty_and_widens_if_asked(sdk):
    assert search(sdk, national_destination_code="533", limit=2).data == []
    assert search(sdk, features=["fax"], limit=2).data == []
    wider = search(sdk, national_destination_code="533", limit=2, best_effort=True)
    assert [each.best_effort for each in wider.data] == [True, True]
    assert wider.meta.best_effort_results == 2


def test_an_order_is_pending_and_fills_a_moment_later(sdk, world, clock):
    [offer] = search(sdk, national_destination_code="415", limit=1).data
    lines = [{"phone_number": offer.phone_number}]
    order = sdk.number_orders.create(phone_numbers=lines, customer_reference="line-1").data
    assert (order.status, ids(order.phone_numbers)) == ("pending", [offer.phone_number])
    assert sdk.phone_numbers.list().data == []
    clock.jump(timedelta(seconds=2))
    world.run_due()
    [again] = sdk.number_orders.list(filter={"customer_reference": "line-1"}).data
    assert sdk.number_orders.retrieve(again.id).data.status == "success"
    [number] = sdk.phone_numbers.list(filter={"customer_reference": "line-1"}).data
    assert (number.phone_number, number.status) == (offer.phone_number, "provision-pending")
    clock.jump(timedelta(seconds=2))
    [number] = sdk.phone_numbers.list(filter={"customer_reference": "line-1"}).data
    assert (number.status, number.source_type) == ("active", "number_order")
    assert number.id not in {order.id, order.phone_numbers[0].id}


def test_what_no_search_has_shown_and_what_is_gone_is_refused(sdk, buy):
    with pytest.raises(telnyx.BadRequestError) as unseen:
        sdk.number_orders.create(phone_numbers=[{"phone_number": "+14152367003"}])
    assert unseen.value.body["errors"][0]["code"] == "85000"
    mine = buy().phone_number
    with pytest.raises(telnyx.BadRequestError) as gone:
        sdk.number_orders.create(phone_numbers=[{"phone_number": mine}])
    assert gone.value.body["errors"][0]["code"] == "85001"
    assert mine not in ids(search(sdk, national_destination_code="415").data)


def test_an_order_for_what_another_took_meanwhile_fails(sdk, client, world, clock):
    [offer] = search(sdk, national_destination_code="415", limit=1).data
    order = sdk.number_orders.create(phone_numbers=[{"phone_number": offer.phone_number}]).data
    client.incoming_phone_numbers.create(phone_number=offer.phone_number)
    clock.jump(timedelta(seconds=2))
    world.run_due()
    failed = sdk.number_orders.retrieve(order.id).data
    assert (failed.status, failed.phone_numbers[0].status) == ("failure", "failure")
    assert sdk.phone_numbers.list().data == []


def test_a_completed_order_is_told_to_the_webhook_of_the_accounts_settings(sdk, buy, world, listener):
    profile = sdk.notification_profiles.create(name="Ours").data
    channel = sdk.notification_channels.create(
        notification_profile_id=profile.id, channel_type_id="webhook", channel_destination=TOLD
    ).data
    setting = sdk.notification_settings.create(
        notification_event_condition_id=COMPLETE, notification_profile_id=profile.id, notification_channel_id=channel.id
    ).data
    number = buy()
    [(kind, payload)] = events(listener)
    assert (kind, payload["status"]) == ("number_order.complete", "success")
    assert payload["phone_numbers"][0]["phone_number"] == number.phone_number
    sdk.notification_settings.delete(setting.id)
    buy()
    assert len(listener.heard) == 1
    assert {each.name for each in sdk.notification_event_conditions.list().data} >= {"number_order.complete"}


def test_a_number_is_pointed_at_an_application_and_a_profile(sdk, buy):
    application = sdk.texml_applications.create(
        friendly_name="Alice", voice_url=f"{TOLD}/voice", voice_method="post"
    ).data
    profile = sdk.messaging_profiles.create(name="Alice", whitelisted_destinations=["US"], webhook_url=TOLD).data
    number = buy(connection_id=application.id, messaging_profile_id=profile.id)
    assert (number.connection_id, number.connection_name) == (application.id, "Alice")
    assert number.messaging_profile_id == profile.id
    [on_it] = sdk.messaging_profiles.list_phone_numbers(profile.id).data
    assert on_it.phone_number == number.phone_number
    sdk.phone_numbers.messaging.update(number.id, messaging_profile_id="")
    sdk.phone_numbers.update(number.id, connection_id="")
    bare = sdk.phone_numbers.retrieve(number.id).data
    assert (bare.connection_id, bare.messaging_profile_id) == (None, None)


def test_a_number_is_on_one_profile_at_a_time(sdk, buy):
    first, second = (sdk.messaging_profiles.create(name=name, whitelisted_destinations=["US"]).data.id for name in "AB")
    number = buy(messaging_profile_id=first)
    assert (
        sdk.phone_numbers.messaging.update(number.id, messaging_profile_id=second).data.messaging_profile_id == second
    )
    assert sdk.messaging_profiles.list_phone_numbers(first).data == []


def test_what_does_not_exist_is_no_target(sdk, buy):
    number = buy()
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.phone_numbers.update(number.id, connection_id="12")
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.phone_numbers.messaging.update(number.id, messaging_profile_id="12")
    for target, code in (("connection_id", "85004"), ("messaging_profile_id", "85005")):
        with pytest.raises(telnyx.BadRequestError) as refused:
            buy(**{target: "12"})
        assert refused.value.body["errors"][0]["code"] == code


def test_applications_and_profiles_are_changed_and_deleted_once_nothing_uses_them(sdk, buy):
    application = sdk.texml_applications.create(friendly_name="Alice", voice_url=f"{TOLD}/voice").data
    changed = sdk.texml_applications.update(
        application.id, friendly_name="Bob", voice_url=f"{TOLD}/other", status_callback=TOLD
    ).data
    assert (changed.friendly_name, changed.voice_url, changed.status_callback) == ("Bob", f"{TOLD}/other", TOLD)
    profile = sdk.messaging_profiles.create(name="Alice", whitelisted_destinations=["US"]).data
    assert sdk.messaging_profiles.update(profile.id, webhook_url=TOLD).data.webhook_url == TOLD
    assert [each.id for each in sdk.texml_applications.list(filter={"friendly_name": "Bo"}).data] == [application.id]
    assert [each.id for each in sdk.messaging_profiles.list(filter={"name": "Ali"}).data] == [profile.id]
    number = buy(connection_id=application.id, messaging_profile_id=profile.id)
    for resource, sid in ((sdk.texml_applications, application.id), (sdk.messaging_profiles, profile.id)):
        with pytest.raises(telnyx.UnprocessableEntityError):
            resource.delete(sid)
    sdk.phone_numbers.delete(number.id)
    sdk.texml_applications.delete(application.id)
    sdk.messaging_profiles.delete(profile.id)
    with pytest.raises(telnyx.NotFoundError):
        sdk.texml_applications.retrieve(application.id)
    with pytest.raises(telnyx.NotFoundError):
        sdk.messaging_profiles.retrieve(profile.id)


def test_tags_and_reference_find_a_number_again(sdk, buy):
    number, _ = buy(), buy()
    sdk.phone_numbers.update(number.id, tags=["portline:7"], customer_reference="seven", external_pin="1234")
    for wanted in ({"tag": "portline:7"}, {"customer_reference": "seven"}, {"phone_number": number.phone_number[-7:]}):
        [found] = sdk.phone_numbers.list(filter=wanted).data
        assert (found.id, found.external_pin) == (number.id, "1234")
    assert len(sdk.phone_numbers.list(filter={"status": "active"}).data) == 2
    assert sdk.phone_numbers.list(filter={"source": "ported"}).data == []


def test_numbers_come_in_pages(sdk, buy):
    bought = {buy().id for _ in range(3)}
    assert {number.id for number in sdk.phone_numbers.list(page_size=2)} == bought


def test_a_released_number_is_gone_and_for_sale_again(sdk, buy):
    number = buy()
    assert sdk.phone_numbers.delete(number.id).data.status == "deleted"
    with pytest.raises(telnyx.NotFoundError):
        sdk.phone_numbers.retrieve(number.id)
    assert number.phone_number in ids(search(sdk, national_destination_code="415").data)


def test_each_carrier_has_its_own_numbers(sdk, client, buy):
    theirs = client.incoming_phone_numbers.create(area_code="415")
    mine = buy()
    assert ids(sdk.phone_numbers.list().data) == [mine.phone_number]
    assert [each.phone_number for each in client.incoming_phone_numbers.list()] == [theirs.phone_number]
    with pytest.raises(telnyx.NotFoundError):
        sdk.phone_numbers.retrieve(theirs.sid)


def test_unknown_fields_and_filters_are_refused(raw, buy):
    number = buy()
    assert raw("PATCH", f"/phone_numbers/{number.id}", {"voice_url": TOLD}).status_code == 422
    assert raw("GET", "/phone_numbers", **{"filter[name]": "x"}).status_code == 400
    assert raw("GET", "/phone_numbers", **{"page[size]": "x"}).status_code == 400
    assert raw("POST", "/texml_applications", {"friendly_name": "A", "voice_url": "us"}).status_code == 422
    wrong = {"friendly_name": "A", "voice_url": TOLD, "voice_method": "put"}
    assert raw("POST", "/texml_applications", wrong).status_code == 422
    assert raw("POST", "/number_orders", {"phone_numbers": ["+1"]}).status_code == 422
