"""Texts of the second carrier: out with their events, in with theirs, STOP, the log."""

from datetime import timedelta

import pytest
import requests
import telnyx
from flask import Flask, Response

from tests.in_process import InProcess
from tests.sandbox.conftest import SANDBOX
from tests.sandbox.telnyx.conftest import TOLD, events

PHONE = "+12125550123"


@pytest.fixture
def profile(sdk, listener):
    listener.answers["/told"] = ("", 200)
    return sdk.messaging_profiles.create(name="Alice", whitelisted_destinations=["US"], webhook_url=TOLD).data


@pytest.fixture
def number(buy, profile):
    return buy(messaging_profile_id=profile.id).phone_number


@pytest.fixture
def go_on(world, clock):
    def wait(seconds=10):
        clock.jump(timedelta(seconds=seconds))
        world.run_due()

    return wait


def refused(call, **what):
    with pytest.raises(telnyx.APIStatusError) as caught:
        call(**what)
    return caught.value.body["errors"][0]["code"]


def last(listener):
    return events(listener)[-1]


def test_a_text_is_queued_sent_and_delivered_with_two_events(sdk, number, world, listener, go_on):
    sent = sdk.messages.send(from_=number, to=PHONE, text="Hi").data
    assert (sent.to[0].status, sent.parts, sent.type, sent.encoding) == ("queued", 1, "SMS", "GSM-7")
    go_on()
    told = events(listener)
    assert [(kind, payload["to"][0]["status"]) for kind, payload in told] == [
        ("message.sent", "sent"),
        ("message.finalized", "delivered"),
    ]
    assert {payload["id"] for _, payload in told} == {sent.id}
    assert told[-1][1]["cost"] == {"amount": "0.0040", "currency": "USD"}
    kept = sdk.messages.retrieve(sent.id).data
    assert (kept.to[0].status, kept.errors) == ("delivered", [])
    assert [text.body for text in world.phone(PHONE).texts] == ["Hi"]


@pytest.mark.parametrize(
    ("ending", "status", "codes"),
    [
        ("3001", "delivery_failed", ["40001"]),
        ("3002", "delivery_failed", ["40002"]),
        ("3008", "delivery_failed", ["40008"]),
        ("3010", "delivery_failed", ["40010"]),
        ("3012", "delivery_failed", ["40012"]),
        ("3015", "delivery_unconfirmed", []),
    ],
)
def test_a_text_ends_as_the_phone_says(sdk, number, listener, go_on, ending, status, codes):
    sdk.messages.send(from_=number, to=f"+1212555{ending}", text="Hi")
    go_on()
    kind, payload = last(listener)
    assert (kind, payload["to"][0]["status"]) == ("message.finalized", status)
    assert [error["code"] for error in payload["errors"]] == codes


def test_events_out_of_order_end_with_what_came_late(sdk, number, listener, go_on):
    sdk.messages.send(from_=number, to="+12125553009", text="Hi")
    go_on()
    assert [kind for kind, _ in events(listener)] == ["message.finalized", "message.sent", "message.finalized"]


def test_the_address_of_a_text_goes_before_that_of_the_profile(sdk, number, listener, go_on):
    sdk.messages.send(from_=number, to=PHONE, text="Hi", webhook_url=f"{TOLD}/one")
    go_on()
    assert listener.at("/told") == []
    assert {kind for kind, _ in events(listener, "/told/one")} == {"message.sent", "message.finalized"}
    sdk.messages.send(from_=number, to=PHONE, text="Hi", use_profile_webhooks=False)
    go_on()
    assert listener.at("/told") == []


def test_the_profile_alone_chooses_one_of_its_numbers(sdk, number, profile):
    sent = sdk.messages.send(messaging_profile_id=profile.id, to=PHONE, text="Hi").data
    assert sent.from_.phone_number == number


def test_a_repeated_key_is_answered_with_the_text_that_it_made(sdk, number, world, go_on):
    first, again = (
        sdk.messages.send(from_=number, to=PHONE, text="Hi", extra_headers={"Idempotency-Key": "one"}).data.id
        for _ in range(2)
    )
    other = sdk.messages.send(from_=number, to=PHONE, text="Hi", extra_headers={"Idempotency-Key": "two"}).data.id
    go_on()
    assert first == again != other
    assert len(world.phone(PHONE).texts) == 2


def test_a_lost_answer_leaves_a_text_that_the_key_finds(sdk, number, world, go_on):
    what = {"from_": number, "to": PHONE, "text": "Hi", "extra_headers": {"Idempotency-Key": "one"}}
    world.faults.add("lose-after", path="*/messages", count=1)
    with pytest.raises(telnyx.APIConnectionError):
        sdk.messages.send(**what)
    sdk.messages.send(**what)
    go_on()
    assert len(world.phone(PHONE).texts) == 1


def test_what_is_refused_at_once_has_their_codes(sdk, number, buy, client, profile, raw):
    bare, theirs = buy().phone_number, client.incoming_phone_numbers.create(area_code="415").phone_number
    send = sdk.messages.send
    assert refused(send, from_=bare, to=PHONE, text="Hi") == "40305"
    assert refused(send, from_=bare, messaging_profile_id=profile.id, to=PHONE, text="Hi") == "40305"
    assert refused(send, from_=theirs, to=PHONE, text="Hi") == "40305"
    assert refused(send, from_=theirs, messaging_profile_id=profile.id, to=PHONE, text="Hi") == "40305"
    assert refused(send, from_=number, to="+1212", text="Hi") == "40310"
    assert refused(send, from_=number, to=PHONE, text="a" * 1601) == "40302"
    assert refused(send, from_=number, to=PHONE, media_urls=["http://us.test/1.png"] * 11) == "40317"
    unplanned = raw("POST", "/messages", {"from": number, "to": PHONE, "text": "Hi", "send_at": "soon"})
    assert unplanned.json()["errors"][0]["source"] == {"pointer": "/send_at"}


def test_pictures_are_fetched_and_too_large_ones_fail(sdk, number, world, listener, go_on):
    pictures = Flask("pictures")
    sizes = {"small": 1000, "large": 1024 * 1024 + 1}

    @pictures.get("/<size>")
    def picture(size):
        return Response(b"x" * sizes[size], mimetype="image/png")

    world._callbacks._session.mount("http://pictures.test", InProcess(pictures))
    sdk.messages.send(from_=number, to=PHONE, media_urls=["http://pictures.test/small"])
    go_on()
    kind, payload = last(listener)
    assert (payload["type"], payload["to"][0]["status"]) == ("MMS", "delivered")
    assert world.phone(PHONE).texts[-1].media == ["http://pictures.test/small"]
    sdk.messages.send(from_=number, to=PHONE, media_urls=["http://pictures.test/large"])
    go_on()
    kind, payload = last(listener)
    assert (kind, payload["to"][0]["status"]) == ("message.finalized", "sending_failed")
    assert payload["errors"][0]["code"] == "40317"


def test_a_planned_text_is_sent_then_unless_it_is_cancelled(sdk, number, world, clock, go_on, raw):
    later = (clock.now() + timedelta(hours=1)).isoformat()
    kept, dropped = (sdk.messages.send(from_=number, to=PHONE, text=body, send_at=later).data.id for body in ("a", "b"))
    answer = raw("DELETE", f"/messages/{dropped}")
    assert (answer.status_code, answer.json()["to"][0]["status"]) == (200, "cancelled")
    go_on(3700)
    go_on()
    assert [text.body for text in world.phone(PHONE).texts] == ["a"]
    assert raw("DELETE", f"/messages/{kept}").status_code == 422


def test_a_text_that_comes_in_is_told_to_the_profile(sdk, number, world, listener, profile):
    world.text("+14155556103", number, "Hello", ["image/png"])
    world.run_due()
    kind, payload = last(listener)
    assert (kind, payload["text"], payload["type"]) == ("message.received", "Hello", "MMS")
    assert payload["from"]["phone_number"] == "+14155556103"
    assert (payload["from"]["carrier"], payload["from"]["line_type"]) == ("T-Mobile USA, Inc.", "Wireless")
    assert payload["to"][0] | {"carrier": "", "line_type": ""} == {
        "phone_number": number,
        "status": "webhook_delivered",
        "carrier": "",
        "line_type": "",
    }
    assert (payload["messaging_profile_id"], payload["autoresponse_type"]) == (profile.id, None)
    assert sdk.messages.retrieve(payload["id"]).data.direction == "inbound"


def test_a_picture_that_comes_in_has_a_link_without_a_key_for_thirty_days(number, world, clock, listener, app):
    world.text(PHONE, number, "", ["image/png"])
    world.run_due()
    [medium] = last(listener)[1]["media"]
    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    link = medium["url"].replace("https:/", SANDBOX)
    answer = session.get(link)
    assert (answer.headers["Content-Type"], len(answer.content)) == ("image/png", medium["size"])
    clock.jump(timedelta(days=31))
    assert session.get(link).status_code == 404


def test_a_number_without_a_profile_tells_nobody(buy, world, listener):
    world.text(PHONE, buy().phone_number, "Hello")
    world.run_due()
    assert listener.heard == []


def test_a_stop_holds_for_the_whole_profile_until_start(sdk, number, buy, profile, world, listener):
    second = buy(messaging_profile_id=profile.id).phone_number
    world.text(PHONE, number, "Stop")
    world.run_due()
    assert last(listener)[1]["autoresponse_type"] == "STOP"
    for sender in (number, second):
        assert refused(sdk.messages.send, from_=sender, to=PHONE, text="Hi") == "40300"
    [row] = sdk.messaging_optouts.list(filter={"messaging_profile_id": profile.id}).data
    assert (row.from_, row.to, row.keyword) == (PHONE, number, "STOP")
    other = sdk.messaging_profiles.create(name="Bob", whitelisted_destinations=["US"]).data.id
    assert sdk.messaging_optouts.list(filter={"messaging_profile_id": other}).data == []
    third = buy(messaging_profile_id=other).phone_number
    sdk.messages.send(from_=third, to=PHONE, text="Hi")
    world.text(PHONE, number, "START")
    sdk.messages.send(from_=number, to=PHONE, text="Hi")
    assert sdk.messaging_optouts.list().data == []


def test_a_text_can_be_looked_up_for_ten_days(sdk, number, clock):
    sent = sdk.messages.send(from_=number, to=PHONE, text="Hi").data.id
    clock.jump(timedelta(days=11))
    with pytest.raises(telnyx.NotFoundError):
        sdk.messages.retrieve(sent)


def test_the_log_has_both_directions_without_words(sdk, number, world, go_on, raw):
    sdk.messages.send(from_=number, to=PHONE, text="Hi")
    world.text(PHONE, number, "Hello")
    go_on()
    about = {"record_type": "messaging", "date_range": "last_2_days"}
    rows = [row.to_dict() for row in sdk.detail_records.list(filter=about)]
    assert [(row["direction"], row["status"]) for row in rows] == [("inbound", "received"), ("outbound", "delivered")]
    assert not any("text" in row or "Hi" in row.values() for row in rows)
    [left] = sdk.detail_records.list(filter=about | {"direction": "outbound"}).data
    assert left.to_dict()["cld"] == PHONE
    wrong = {"filter[record_type]": "messaging", "filter[text]": "Hi"}
    assert raw("GET", "/detail_records", **wrong).status_code == 400
    assert raw("GET", "/detail_records").status_code == 400


def test_each_carriers_texts_are_its_own_and_reach_the_other(sdk, number, client, register, world, listener, go_on):
    theirs = client.incoming_phone_numbers.create(area_code="415", sms_url="http://listener.test/theirs")
    sent = sdk.messages.send(from_=number, to=theirs.phone_number, text="From Telnyx").data.id
    go_on()
    assert [heard.form["Body"] for heard in listener.at("/theirs")] == ["From Telnyx"]
    assert sent not in {each.sid for each in client.messages.list()}
    register(theirs.sid)
    client.messages.create(from_=theirs.phone_number, to=number, body="From Twilio")
    go_on()
    assert ("message.received", "From Twilio") in [(kind, told["text"]) for kind, told in events(listener)]
