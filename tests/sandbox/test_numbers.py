"""Searching, buying, changing, moving and releasing numbers."""

from dataclasses import replace
from datetime import timedelta

import phonenumbers
import pytest
from twilio.base.exceptions import TwilioRestException

from sandbox import catalogue
from sandbox.scenarios import scenario


def refused(act, *args, **told):
    with pytest.raises(TwilioRestException) as refusal:
        act(*args, **told)
    return refusal.value.code


def search(client, **told):
    return [each.phone_number for each in client.available_phone_numbers("US").local.list(**told)]


@pytest.mark.parametrize("code", ["800", "833", "888"])
def test_a_toll_free_number_is_never_sold_as_local(client, code):
    assert search(client, area_code=code) == []


def test_every_number_for_sale_is_valid_and_none_is_magic():
    for code in catalogue.AREAS:
        numbers = list(catalogue.numbers_in(code))
        assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
        assert all(scenario(number) == scenario("+14155552671") for number in numbers)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"area_code": 212}, {"212"}),
        ({"area_code": 914}, {"914"}),
        ({"near_number": "+13055550100"}, {"305"}),
        ({"in_region": "CA"}, {"415", "213", "650"}),
        ({"in_locality": "Chicago"}, {"312"}),
        ({"in_postal_code": "98101"}, {"206"}),
        ({"near_lat_long": "37.7,-122.4", "distance": 50}, {"415", "650"}),
        ({"area_code": 415, "contains": "2367"}, {"415"}),
        ({"area_code": 533}, set()),
        ({"fax_enabled": True}, set()),
    ],
)
def test_a_search_finds_what_suits(client, wanted, codes):
    assert {number[2:5] for number in search(client, limit=700, **wanted)} == codes


def test_a_pattern_may_have_letters_and_stars(client):
    assert search(client, area_code=415, contains="BEM7003", limit=5) == ["+14152367003"]
    assert search(client, area_code=415, contains="415*36**03", limit=1) == ["+14152367003"]
    assert search(client, area_code=415, contains="BEM0000", limit=1) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("AreaCode=99", 21451),
        ("Contains=1", 20001),
        ("NearLatLong=here", 20001),
        ("NearLatLong=1,1&Distance=900", 20001),
        ("PageSize=many", 20001),
    ],
)
def test_a_senseless_search_is_refused(wire, world, query, code):
    base = f"http://sandbox.test/api.twilio.com/2010-04-01/Accounts/{world.exchange.account_sid}/AvailablePhoneNumbers"
    assert wire.get(f"{base}/US/Local.json?{query}").json()["code"] == code
    assert wire.get(f"{base}/US/Mobile.json").status_code == 404
    assert wire.get(f"{base}/SE/Mobile.json").json()["available_phone_numbers"] == []


def test_toll_free_numbers_are_found_and_bought_too(client):
    [found] = client.available_phone_numbers("US").toll_free.list(limit=1)
    assert client.incoming_phone_numbers.create(phone_number=found.phone_number).phone_number == found.phone_number


def test_a_bought_number_has_its_settings_and_is_not_offered_again(client):
    wanted = search(client, area_code=415, limit=1)[0]
    number = client.incoming_phone_numbers.create(
        phone_number=wanted, voice_url="https://us.example/voice", friendly_name="ref-1"
    )
    assert (number.voice_url, number.voice_method, number.friendly_name) == (
        "https://us.example/voice",
        "POST",
        "ref-1",
    )
    assert search(client, area_code=415, limit=1) != [wanted]
    assert refused(client.incoming_phone_numbers.create, phone_number=wanted) == 21422


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone_number": "+15005550000"}, 21422),
        ({"phone_number": "+15005550001"}, 21421),
        ({"phone_number": "+14155552671"}, 21422),
        ({"phone_number": "hello"}, 21421),
        ({"area_code": "533"}, 21452),
        ({"area_code": "111"}, 21451),
        ({}, 21450),
        ({"area_code": "415", "friendly_name": "x" * 65}, 20001),
        ({"area_code": "415", "voice_url": "nowhere"}, 20001),
        ({"area_code": "415", "voice_method": "PUT"}, 20001),
        ({"area_code": "415", "address_sid": "AD" + "0" * 32}, 21615),
    ],
)
def test_a_purchase_is_refused_as_twilio_refuses_it_and_nothing_is_bought(client, fields, code):
    assert refused(client.incoming_phone_numbers.create, **fields) == code
    assert client.incoming_phone_numbers.list() == []


@pytest.mark.parametrize("fields", [{"phone_number": "+15005550006"}, {"area_code": "500"}])
def test_the_test_number_can_be_bought(client, fields):
    assert client.incoming_phone_numbers.create(**fields).phone_number == "+15005550006"


def test_numbers_are_found_by_part_name_or_star_and_page_by_page(client):
    numbers = [
        client.incoming_phone_numbers.create(area_code=code, friendly_name=code) for code in ("415", "212", "415")
    ]
    everything = client.incoming_phone_numbers
    assert [each.sid for each in everything.list(page_size=1)] == [each.sid for each in numbers]
    assert [each.sid for each in everything.list(phone_number=numbers[1].phone_number)] == [numbers[1].sid]
    assert [each.sid for each in everything.list(friendly_name="212")] == [numbers[1].sid]
    assert len(everything.list(phone_number="+1415*")) == 2


def test_an_update_changes_only_what_it_names_and_an_empty_value_clears(client):
    number = client.incoming_phone_numbers.create(
        area_code="415", voice_url="https://a.example", sms_url="https://b.example"
    )
    changed = client.incoming_phone_numbers(number.sid).update(voice_url="")
    assert (changed.voice_url, changed.sms_url) == (None, "https://b.example")


def test_a_trunk_and_a_voice_application_exclude_each_other(client):
    sid = client.incoming_phone_numbers.create(area_code="415", voice_application_sid="AP" + "1" * 32).sid
    changed = client.incoming_phone_numbers(sid).update(trunk_sid="TK" + "1" * 32)
    assert (changed.voice_application_sid, changed.trunk_sid) == (None, "TK" + "1" * 32)


def test_a_released_number_is_gone_from_account_and_pool(client):
    number = client.incoming_phone_numbers.create(area_code="415")
    service = client.messaging.v1.services.create(friendly_name="Line")
    pool = client.messaging.v1.services(service.sid).phone_numbers
    pool.create(phone_number_sid=number.sid)
    assert client.incoming_phone_numbers(number.sid).delete()
    assert pool.list() == []
    assert refused(client.incoming_phone_numbers(number.sid).delete) == 20404


@pytest.mark.parametrize(("postal_code", "status"), [("94103", "registered"), ("00000", "registration-failure")])
def test_an_emergency_address_may_take_a_while_to_be_registered(client, world, clock, monkeypatch, postal_code, status):
    monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, emergency=timedelta(seconds=30)))
    address = client.addresses.create("Alice", "1 Main St", "San Francisco", "CA", postal_code, "US")
    number = client.incoming_phone_numbers.create(area_code="415")
    assert number.emergency_address_status == "unregistered"
    assert number.update(emergency_address_sid=address.sid).emergency_address_status == "pending-registration"
    clock.jump(timedelta(seconds=30))
    assert number.fetch().emergency_address_status == status
    assert [each.sid for each in address.dependent_phone_numbers.list()] == [number.sid]
    assert number.update(emergency_address_sid="").emergency_address_status == "pending-unregistration"
    clock.jump(timedelta(seconds=30))
    assert number.fetch().emergency_address_status == "unregistered"


def test_an_emergency_address_in_use_is_taken_off_before_it_changes(client, world, clock, monkeypatch):
    monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, emergency=timedelta(seconds=30)))
    first, second = (
        client.addresses.create(name, "1 Main St", "San Francisco", "CA", "94103", "US") for name in ("Alice", "Bob")
    )
    number = client.incoming_phone_numbers.create(area_code="415", emergency_address_sid=first.sid)
    assert refused(first.update, customer_name="Carol") == 20409
    assert refused(number.update, emergency_address_sid=second.sid) == 20409
    number.update(emergency_address_sid="")
    assert refused(number.update, emergency_address_sid=second.sid) == 20409
    assert refused(number.delete) == 20409
    clock.jump(timedelta(seconds=30))
    assert first.update(customer_name="Carol").customer_name == "Carol"
    assert number.update(emergency_address_sid=second.sid).emergency_address_status == "pending-registration"


def test_the_old_emergency_switch_does_nothing(client):
    number = client.incoming_phone_numbers.create(area_code="415", emergency_status="Inactive")
    assert number.emergency_status == "Active"


def test_an_emergency_address_must_go_first(client):
    address = client.addresses.create("Alice", "1 Main St", "San Francisco", "CA", "94103", "US")
    number = client.incoming_phone_numbers.create(area_code="415", emergency_address_sid=address.sid)
    assert refused(client.incoming_phone_numbers(number.sid).delete) == 20409
    assert refused(client.addresses(address.sid).delete) == 20409
    client.incoming_phone_numbers(number.sid).update(emergency_address_sid="")
    assert client.incoming_phone_numbers(number.sid).delete()
    assert client.addresses(address.sid).delete()


def test_a_number_moves_to_a_subaccount_which_then_owns_it_alone(client):
    number = client.incoming_phone_numbers.create(area_code="415")
    sub = client.api.v2010.accounts.create(friendly_name="Alice")
    client.incoming_phone_numbers(number.sid).update(account_sid=sub.sid)
    assert client.incoming_phone_numbers.list() == []
    assert [each.sid for each in client.api.v2010.accounts(sub.sid).incoming_phone_numbers.list()] == [number.sid]
    assert refused(client.incoming_phone_numbers(number.sid).fetch) == 20404
