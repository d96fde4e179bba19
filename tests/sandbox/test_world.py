"""The world used by several threads, and the carrier's smaller interfaces."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread

import pytest
from twilio.base.exceptions import TwilioRestException

OUTSIDE = "+12125550123"
SIGNING = "http://sandbox.test/numbers.twilio.com/v1/SigningRequest/Configuration"


def refused(act, *args, **told):
    with pytest.raises(TwilioRestException) as refusal:
        act(*args, **told)
    return refusal.value.code


def test_many_buyers_at_once_get_different_numbers(client):
    with ThreadPoolExecutor(8) as buyers:
        bought = list(buyers.map(lambda _: client.incoming_phone_numbers.create(area_code="415"), range(40)))
    assert len({number.phone_number for number in bought}) == 40


def test_two_buyers_of_one_number_do_not_both_get_it(client):
    def buy(_):
        try:
            return client.incoming_phone_numbers.create(phone_number="+14152367003").sid
        except TwilioRestException as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as buyers:
        ends = list(buyers.map(buy, range(8)))
    assert ends.count(21422) == 7


def test_the_carrier_answers_while_a_callback_is_on_its_way(client, world, listener):
    number = client.incoming_phone_numbers.create(area_code="415", sms_url="http://listener.test/sms")
    seen = []

    def ask_the_carrier(heard):
        asking = Thread(target=lambda: seen.extend(client.messages.list(to=number.phone_number)))
        asking.start()
        asking.join(timeout=5)
        return "", 204

    listener.answers["/sms"] = ask_the_carrier
    world.text(OUTSIDE, number.phone_number, "Hi")
    world.run_due()
    assert [message.body for message in seen] == ["Hi"]


def test_two_who_run_what_is_due_do_nothing_twice(client, world, listener):
    number = client.incoming_phone_numbers.create(area_code="415", sms_url="http://listener.test/sms")
    for count in range(30):
        world.text(OUTSIDE, number.phone_number, str(count))
    with ThreadPoolExecutor(4) as runners:
        list(runners.map(lambda _: world.run_due(), range(4)))
    assert [each.form["Body"] for each in listener.heard] == [str(count) for count in range(30)]


def test_who_asks_when_the_clock_was_wound_is_told_what_stands_by_then(client, world, clock, listener):
    number = client.incoming_phone_numbers.create(area_code="415")
    told = "http://listener.test/status"
    sent = client.messages.create(to=OUTSIDE, from_=number.phone_number, body="Hi", status_callback=told)
    begun = clock.now()
    with pytest.raises(ValueError, match="backwards"):
        world.wind(timedelta(seconds=-1))
    world.wind(timedelta(days=1))
    assert clock.now() == begun + timedelta(days=1)
    assert client.messages(sent.sid).fetch().status == "undelivered"
    assert client.messages(sent.sid).fetch().date_updated < begun + timedelta(minutes=1)
    assert listener.heard == []
    world.run_due()
    assert [each.form["MessageStatus"] for each in listener.heard][-1] == "undelivered"


def test_the_look_of_the_signature_mail_can_be_set(wire, world, clock, file_port):
    assert wire.get(SIGNING).json()["configurations"] == []
    assert wire.post(SIGNING, json={"email_subject": "Please sign", "country": "US"}).status_code == 201
    assert wire.get(SIGNING).json()["configurations"][0]["email_subject"] == "Please sign"
    assert wire.post(SIGNING, json={"email_subject": "x" * 256}).status_code == 400
    assert wire.post(SIGNING, json={"colour": "red"}).status_code == 400
    file_port("+14155552671")
    clock.jump(timedelta(seconds=6))
    world.run_due()
    assert world.mailbox[0].subject == "Please sign"


def test_texts_are_found_by_their_day(client, world, clock):
    number = client.incoming_phone_numbers.create(area_code="415")
    for body in ("first", "second"):
        client.messages.create(to=OUTSIDE, from_=number.phone_number, body=body)
        clock.jump(timedelta(days=1))
        world.run_due()
    days = {"date_sent": "2026-03-02"}, {"date_sent_after": "2026-03-03"}, {"date_sent_before": "2026-03-03"}
    assert [[message.body for message in client.messages.list(**day)] for day in days] == [
        ["first"],
        ["second"],
        ["first"],
    ]


def test_an_answer_to_a_text_that_cannot_be_sent_is_written_down(client, world, listener):
    number = client.incoming_phone_numbers.create(area_code="415", sms_url="http://listener.test/sms")
    for answer in ("<Response><Message to='abc'>x</Message></Response>", "<Response>"):
        listener.answers["/sms"] = answer
        world.text(OUTSIDE, number.phone_number, "Hi")
        world.run_due()
    assert [post.fate[-1][:5] for post in world.state.posts.values()] == ["21211", "12100"]


def test_services_addresses_and_accounts_can_be_read_changed_and_removed(client):
    service = client.messaging.v1.services.create(friendly_name="Line")
    number = client.incoming_phone_numbers.create(area_code="415")
    client.messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=number.sid)
    assert (
        client.messaging.v1.services(service.sid).phone_numbers(number.sid).fetch().phone_number == number.phone_number
    )
    assert client.messaging.v1.services(service.sid).update(friendly_name="Shop").friendly_name == "Shop"
    assert client.messaging.v1.services(service.sid).delete()
    assert refused(client.messaging.v1.services(service.sid).fetch) == 20404
    assert refused(client.messaging.v1.services.create, friendly_name="x", validity_period="long") == 20001
    address = client.addresses.create("Alice", "1 Main St", "San Francisco", "CA", "94103", "US")
    assert client.addresses(address.sid).update(street="2 Main St").street == "2 Main St"
    assert [one.sid for one in client.addresses.list(customer_name="Alice")] == [address.sid]
    assert client.addresses.list(friendly_name="another") == []
    assert refused(client.addresses.create, "Alice", "", "San Francisco", "CA", "94103", "US") == 21628
    assert refused(client.addresses("AD" + "0" * 32).fetch) == 20404
    client.api.v2010.accounts.create(friendly_name="Alice")
    assert [account.friendly_name for account in client.api.v2010.accounts.list()] == ["Rehearsal", "Alice"]


def test_a_caller_id_is_validated_once_and_can_be_removed(client, world):
    asked = client.validation_requests.create(phone_number=OUTSIDE, friendly_name="Old line")
    world.verify_caller(OUTSIDE, asked.validation_code)
    assert refused(client.validation_requests.create, phone_number=OUTSIDE) == 21450
    assert refused(client.validation_requests.create, phone_number="abc") == 21211
    [verified] = client.outgoing_caller_ids.list(phone_number=OUTSIDE)
    assert (verified.friendly_name, verified.delete()) == ("Old line", True)
    assert client.outgoing_caller_ids.list() == []


@pytest.mark.parametrize(
    ("ending", "jump", "error"), [("4207", 10, 30034), ("4208", 3600, 30035), ("4208", 90000, None)]
)
def test_a_ported_number_may_not_be_ready_for_texting(  # noqa: PLR0917 -- one way of each to get there
    client, world, clock, file_port, register, ending, jump, error
):
    number = f"+1415555{ending}"
    kw = file_port(number)
    for _ in range(2):
        clock.jump(timedelta(seconds=6))
        world.run_due()
        if world.port_in(kw).signed is None:
            world.sign(kw)
    world.complete(kw)
    clock.jump(timedelta(seconds=40 + jump))
    world.run_due()
    register(world.inventory.held(number).sid)
    sent = client.messages.create(to=OUTSIDE, from_=number, body="Hello")
    clock.jump(timedelta(seconds=5))
    world.run_due()
    assert client.messages(sent.sid).fetch().error_code == error
