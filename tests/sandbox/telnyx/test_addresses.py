"""Emergency addresses, look-ups and customer records of the second carrier."""

from dataclasses import replace
from datetime import timedelta

import pytest
import telnyx

ADDRESS = {
    "first_name": "Alice",
    "last_name": "Archer",
    "business_name": "Alice Plumbing",
    "street_address": "1 Main St",
    "locality": "San Francisco",
    "administrative_area": "CA",
    "postal_code": "94103",
    "country_code": "US",
}


def enable(sdk, number, address, *, enabled=True):
    return sdk.phone_numbers.actions.enable_emergency(
        number.id, emergency_enabled=enabled, emergency_address_id=address
    ).data.emergency.emergency_status


def test_an_address_is_told_to_emergency_services(sdk, buy, world, monkeypatch, clock):
    monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, emergency=timedelta(minutes=2)))
    address, number = sdk.addresses.create(**ADDRESS).data.id, buy()
    assert enable(sdk, number, address) == "provisioning"
    clock.jump(timedelta(minutes=2))
    found = sdk.phone_numbers.retrieve(number.id).data
    assert (found.emergency_enabled, found.emergency_status, found.emergency_address_id) == (True, "active", address)
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.addresses.delete(address)
    assert enable(sdk, number, address, enabled=False) == "deprovisioning"
    clock.jump(timedelta(minutes=2))
    sdk.addresses.delete(address)
    with pytest.raises(telnyx.NotFoundError):
        sdk.addresses.retrieve(address)


def test_an_address_may_fail_there(sdk, buy):
    address = sdk.addresses.create(**(ADDRESS | {"postal_code": "00000"})).data.id
    assert enable(sdk, buy(), address) == "provisioning-failed"


def test_an_address_that_cannot_be_is_refused_unless_it_is_not_to_be_checked(sdk):
    wrong = ADDRESS | {"street_address": "Main St", "postal_code": "9410"}
    with pytest.raises(telnyx.UnprocessableEntityError) as refused:
        sdk.addresses.create(**wrong)
    pointers = [error["source"]["pointer"] for error in refused.value.body["errors"]]
    assert pointers == ["/street_address", "/postal_code"]
    assert sdk.addresses.create(**wrong, validate_address=False).data.id
    parts = {name: wrong[name] for name in ("street_address", "locality", "postal_code", "country_code")}
    assert sdk.addresses.actions.validate(**parts).data.result == "invalid"
    assert sdk.addresses.actions.validate(**(parts | ADDRESS_OF_STREET)).data.result == "valid"


ADDRESS_OF_STREET = {"street_address": "1 Main St", "postal_code": "94103"}


def test_addresses_are_found_by_their_reference(sdk):
    made = sdk.addresses.create(**ADDRESS, customer_reference="line-7").data.id
    sdk.addresses.create(**ADDRESS)
    assert [each.id for each in sdk.addresses.list(filter={"customer_reference": {"eq": "line-7"}}).data] == [made]


def test_a_number_shows_its_callers_name_once_set(sdk, buy):
    number = buy()
    listing = {"cnam_listing_enabled": True, "cnam_listing_details": "ALICE PLUMBING"}
    changed = sdk.phone_numbers.voice.update(number.id, cnam_listing=listing).data
    assert changed.cnam_listing.cnam_listing_details == "ALICE PLUMBING"
    assert sdk.phone_numbers.voice.retrieve(number.id).data.cnam_listing.cnam_listing_enabled


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        ("+14155556103", "T-Mobile USA, Inc.", "mobile"),
        ("+14155555111", "AT&T California - Pacific Bell", "fixed line"),
        ("+14155555121", "Google (Grand Central) - Bandwidth.com - SVR", "voip"),
        ("+18885552671", "Rehearsal Bell", "toll free"),
        ("+14155555130", "", None),
    ],
)
def test_a_look_up_tells_operator_and_kind(sdk, number, name, kind):
    found = sdk.number_lookup.retrieve(number, type="carrier").data
    assert (found.carrier.name, found.carrier.type) == (name, kind)
    assert found.portability.spid_carrier_name == name


def test_a_look_up_tells_names_and_who_has_a_number_now(sdk, buy, raw):
    named = sdk.number_lookup.retrieve("+14155555111", type="caller-name").data
    assert named.caller_name.caller_name == "ALICES BAKERY"
    assert sdk.number_lookup.retrieve(buy().phone_number).data.carrier.name == "Telnyx/4"
    assert raw("GET", "/number_lookup/12").status_code == 422


def record(sdk, number, clock, **more):
    sid = sdk.customer_service_records.create(phone_number=number, **more).data.id
    assert sdk.customer_service_records.retrieve(sid).data.status == "pending"
    clock.jump(timedelta(seconds=10))
    return sdk.customer_service_records.retrieve(sid).data


def test_the_old_operators_record_comes_after_ten_seconds(sdk, clock):
    found = record(sdk, "+14155552671", clock)
    assert (found.status, found.result.admin.account_number) == ("completed", "1000200030")
    assert record(sdk, "+14155555142", clock).result.admin.name == "Somebody Else LLC"
    assert len(sdk.customer_service_records.list(filter={"status": {"eq": "completed"}}).data) == 2


def test_a_record_may_fail_or_want_the_pin(sdk, clock):
    assert record(sdk, "+14155555140", clock).status == "failed"
    assert record(sdk, "+14155555141", clock).status == "failed"
    assert record(sdk, "+14155555141", clock, additional_data={"pin": "4242"}).status == "completed"


def test_there_are_no_records_of_mobiles(sdk, raw):
    asked = ["+14155552671", "+14155556103", "+14155555141"]
    found = sdk.customer_service_records.verify_phone_number_coverage(phone_numbers=asked).data
    assert [each.has_csr_coverage for each in found] == [True, False, True]
    assert found[2].additional_data_required == ["pin"]
    assert raw("POST", "/customer_service_records", {"phone_number": "+14155556103"}).status_code == 422
