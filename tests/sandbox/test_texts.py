"""Texts out and in: statuses, refusals, keywords, services, campaigns, media."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from sandbox.errors import Unknown
from sandbox.exchange import registered_service
from tests.sandbox.conftest import SID

OUTSIDE = "+12125550123"
SMS, STATUS = "http://listener.test/sms", "http://listener.test/status"


@pytest.fixture
def ours(client, register):
    number = client.incoming_phone_numbers.create(area_code="415", sms_url=SMS)
    register(number.sid)
    return number


@pytest.fixture
def send(client, ours, world, clock):
    def send_text(to=OUTSIDE, body="Hello", **told):
        sender = {} if "messaging_service_sid" in told else {"from_": ours.phone_number}
        message = client.messages.create(to=to, body=body, status_callback=STATUS, **sender | told)
        clock.jump(timedelta(seconds=10))
        world.run_due()
        return message

    return send_text


@pytest.fixture
def service(client, ours):
    changes = {"inbound_request_url": "http://listener.test/pool", "use_inbound_webhook_on_number": False}
    return client.messaging.v1.services(registered_service(SID)).update(**changes)


def refused(act, *args, **told):
    with pytest.raises(TwilioRestException) as refusal:
        act(*args, **told)
    return refusal.value.code


def test_a_text_arrives_on_the_outside_phone(send, world, ours):
    send(body="Your number moves on Monday")
    [text] = world.phone(OUTSIDE).texts
    assert (text.body, text.from_) == ("Your number moves on Monday", ours.phone_number)


def test_its_statuses_are_called_back_signed_without_the_first_one(send, listener):
    message = send()
    assert message.status == "queued"
    assert [each.form["MessageStatus"] for each in listener.heard] == ["sent", "delivered"]
    heard = listener.heard[0]
    assert RequestValidator("rehearsal-auth-token").validate(STATUS, heard.form, heard.headers["X-Twilio-Signature"])


def test_statuses_may_come_out_of_order_and_twice(send, listener, client):
    message = send(to="+12125553009")
    assert [each.form["MessageStatus"] for each in listener.heard] == ["delivered", "sent", "delivered"]
    assert client.messages(message.sid).fetch().status == "delivered"


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007, 30008])
def test_a_text_may_fail_on_its_way(send, listener, client, code):
    message = send(to=f"+1212555{code - 27000}")
    assert [each.form.get("ErrorCode") for each in listener.heard] == [None, str(code)]
    assert client.messages(message.sid).fetch().error_code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": "+14155550000"}, 21659),
        ({"from_": "abc"}, 21212),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"to": "abc"}, 21211),
        ({"to": ""}, 21604),
        ({"from_": ""}, 21603),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"media_url": ["https://example.com/a.jpg"] * 11}, 21623),
        ({"media_url": ["https://example.com/a.jpg", "a.jpg"]}, 21620),
        ({"messaging_service_sid": "MG" + "0" * 32, "from_": ""}, 21703),
    ],
)
def test_a_text_is_refused_as_twilio_refuses_it(client, ours, fields, code):
    told = {"to": OUTSIDE, "from_": ours.phone_number, "body": "Hello"} | fields
    assert refused(client.messages.create, **told) == code


def test_texts_are_listed_newest_first_and_page_by_page(client, send, ours):
    sids = [send(body=str(count)).sid for count in range(5)]
    assert [message.sid for message in client.messages.list(page_size=2)] == sids[::-1]
    assert [m.sid for m in client.messages.list(to=OUTSIDE, from_=ours.phone_number, limit=1)] == [sids[-1]]
    assert client.messages.list(to="+12125550199") == []


def test_a_text_can_be_redacted_and_forgotten(client, send):
    message = send()
    assert client.messages(message.sid).update(body="").body == ""
    assert client.messages(message.sid).delete()
    assert refused(client.messages(message.sid).fetch) == 20404


def test_a_scheduled_text_waits_and_can_be_taken_back(client, service, world, clock):
    at = clock.now() + timedelta(hours=1)
    told = {"to": OUTSIDE, "body": "Later", "messaging_service_sid": service.sid, "schedule_type": "fixed"}
    sent, stopped = (client.messages.create(**told, send_at=at) for _ in range(2))
    client.messages(stopped.sid).update(status="canceled")
    clock.jump(timedelta(hours=2))
    world.run_due()
    assert [client.messages(each.sid).fetch().status for each in (sent, stopped)] == ["delivered", "canceled"]
    assert len(world.phone(OUTSIDE).texts) == 1


def test_a_text_from_outside_comes_to_the_numbers_webhook_with_all_its_parameters(world, ours, listener):
    world.text(OUTSIDE, ours.phone_number, "Hi", media=["image/jpeg"])
    world.run_due()
    [heard] = listener.at("/sms")
    assert (heard.form["From"], heard.form["To"], heard.form["Body"]) == (OUTSIDE, ours.phone_number, "Hi")
    assert heard.form["MessageSid"] == heard.form["SmsSid"] == heard.form["SmsMessageSid"]
    assert (heard.form["NumMedia"], heard.form["MediaContentType0"]) == ("1", "image/jpeg")
    assert (heard.form["ToCity"], heard.form["FromState"], heard.form["SmsStatus"]) == (
        "SAN FRANCISCO",
        "NY",
        "received",
    )
    assert RequestValidator("rehearsal-auth-token").validate(SMS, heard.form, heard.headers["X-Twilio-Signature"])


def test_its_picture_is_there_for_who_has_the_credentials(world, ours, listener, wire):
    world.text(OUTSIDE, ours.phone_number, "Look", media=["image/png"])
    world.run_due()
    url = listener.heard[0].form["MediaUrl0"].replace("https://", "http://sandbox.test/")
    assert wire.get(url).content.startswith(b"\x89PNG")
    assert wire.get(url, auth=("nobody", "x")).status_code == 401


PICTURE = b"\x89PNG a picture"


def test_pictures_we_send_are_fetched_and_listed_under_the_message(client, send, world, listener, wire):
    listener.answers["/a.png"] = (PICTURE, 200, {"Content-Type": "image/png"})
    message = send(body="Look", media_url=["http://listener.test/a.png"])
    assert [each.form["MessageStatus"] for each in listener.at("/status")] == ["sent", "delivered"]
    [media] = client.messages(message.sid).media.list()
    assert media.content_type == "image/png"
    url = f"http://sandbox.test/api.twilio.com{media.uri.removesuffix('.json')}"
    assert wire.get(url).content == PICTURE
    assert wire.get(url, auth=("nobody", "x")).status_code == 401
    assert world.phone(OUTSIDE).texts[0].media == ["http://listener.test/a.png"]


def test_an_attachment_leads_to_itself_and_can_be_deleted(client, world, ours):
    message = world.text(OUTSIDE, ours.phone_number, "Look", media=["image/png"])
    [media] = client.messages(message.sid).media.list()
    fetched = client.messages(message.sid).media(media.sid).fetch()
    assert (fetched.sid, fetched.uri) == (media.sid, media.uri)
    assert fetched.delete()
    assert client.messages(message.sid).media.list() == []
    with pytest.raises(TwilioRestException) as refusal:
        fetched.fetch()
    assert refusal.value.status == 404


@pytest.mark.parametrize(
    "answer",
    [
        ("not here", 404),
        ("<p>Sign in</p>", 200, {"Content-Type": "text/html"}),
        (b"x" * (5 * 1024 * 1024 + 1), 200, {"Content-Type": "image/png"}),
    ],
)
def test_a_picture_that_cannot_be_fetched_ends_the_text(client, send, world, listener, answer):
    listener.answers["/a.png"] = answer
    message = send(media_url=["http://listener.test/a.png"])
    assert (client.messages(message.sid).fetch().status, client.messages(message.sid).fetch().error_code) == (
        "failed",
        21620,
    )
    assert [each.form.get("ErrorCode") for each in listener.at("/status")] == ["21620"]
    assert world.phone(OUTSIDE).texts == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("x" * 160, "1"),
        ("x" * 161, "2"),
        ("x" * 306, "2"),
        ("x" * 307, "3"),
        ("åäö" * 53, "1"),
        ("€" * 80, "1"),
        ("€" * 81, "2"),
        ("x" * 152 + "€" + "x" * 152, "3"),
        ("ç" * 70, "1"),
        ("ç" * 71, "2"),
        ("🎂" * 35, "1"),
        ("🎂" * 36, "2"),
        ("🎂" * 67, "3"),
    ],
)
def test_a_text_is_counted_in_segments(send, world, ours, listener, body, count):
    assert send(body=body).num_segments == count
    world.text(OUTSIDE, ours.phone_number, body)
    world.run_due()
    assert listener.at("/sms")[0].form["NumSegments"] == count


def test_the_answer_to_a_text_may_be_a_text(world, ours, listener, clock):
    listener.answers["/sms"] = "<Response><Message>Thanks &amp; bye</Message></Response>"
    world.text(OUTSIDE, ours.phone_number, "Hi")
    world.run_due()
    clock.jump(timedelta(seconds=5))
    world.run_due()
    assert [text.body for text in world.phone(OUTSIDE).texts] == ["Thanks & bye"]


def test_a_webhook_that_fails_goes_to_the_fallback(client, world, ours, listener):
    client.incoming_phone_numbers(ours.sid).update(sms_fallback_url="http://listener.test/fallback")
    listener.answers["/sms"] = ("", 500)
    world.text(OUTSIDE, ours.phone_number, "Hi")
    world.run_due()
    assert (len(listener.at("/sms")), listener.at("/fallback")[0].form["ErrorUrl"]) == (1, SMS)


def test_a_text_to_a_number_of_nobody_is_told_so(world):
    with pytest.raises(Unknown):
        world.text(OUTSIDE, "+14155550000", "Hi")


def test_stop_holds_until_start_and_is_answered_once(world, client, listener):
    alone = client.incoming_phone_numbers.create(area_code="415", sms_url=SMS).phone_number
    for word in ("stop", "STOP"):
        world.text(OUTSIDE, alone, word)
    world.run_due()
    assert len(listener.at("/sms")) == 2
    assert len(world.phone(OUTSIDE).texts) == 1
    assert refused(client.messages.create, to=OUTSIDE, from_=alone, body="Hello") == 21610
    world.text(OUTSIDE, alone, "Start")
    assert client.messages.create(to=OUTSIDE, from_=alone, body="Hello").status == "queued"


def test_in_a_service_stop_holds_for_the_whole_pool(world, ours, client, service):
    other = client.incoming_phone_numbers.create(area_code="415")
    client.messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=other.sid)
    world.text(OUTSIDE, ours.phone_number, "STOP")
    told = {"to": OUTSIDE, "body": "x", "messaging_service_sid": service.sid}
    assert refused(client.messages.create, **told) == 21610
    assert refused(client.messages.create, **told, from_=other.phone_number) == 21610


def test_a_service_picks_the_number_the_contact_knows(client, service, send, ours):
    other = client.incoming_phone_numbers.create(area_code="212")
    client.messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=other.sid)
    assert send(messaging_service_sid=service.sid, from_=other.phone_number).status == "accepted"
    assert send(messaging_service_sid=service.sid).from_ == other.phone_number


def test_the_services_webhook_goes_before_the_numbers(client, world, ours, service, listener):
    world.text(OUTSIDE, ours.phone_number, "1")
    world.run_due()
    client.messaging.v1.services(service.sid).update(use_inbound_webhook_on_number=True)
    world.text(OUTSIDE, ours.phone_number, "2")
    world.run_due()
    client.messaging.v1.services(service.sid).update(use_inbound_webhook_on_number=False, inbound_request_url="")
    world.text(OUTSIDE, ours.phone_number, "3")
    world.run_due()
    assert [(each.path, each.form["Body"]) for each in listener.heard] == [("/pool", "1"), ("/sms", "2")]
    assert listener.heard[0].form["MessagingServiceSid"] == service.sid


def test_a_number_is_in_one_pool_only(client, ours, service):
    pool = client.messaging.v1.services(service.sid).phone_numbers
    assert refused(pool.create, phone_number_sid=ours.sid) == 21710
    other = client.messaging.v1.services.create(friendly_name="Other")
    assert refused(client.messaging.v1.services(other.sid).phone_numbers.create, phone_number_sid=ours.sid) == 21712


def test_a_pool_has_a_limit(client, ours, service, world, clock):
    now = clock.now()
    world.state.services[service.sid].pool |= {f"PN{count:032}": now for count in range(400)}
    other = client.incoming_phone_numbers.create(area_code="415")
    pool = client.messaging.v1.services(service.sid).phone_numbers
    assert refused(pool.create, phone_number_sid=other.sid) == 21714


@pytest.mark.parametrize(
    ("campaign", "error"), [("VERIFIED", None), ("IN_PROGRESS", 30034), ("PENDING", 30034), ("FAILED", 30034)]
)
def test_the_campaign_decides_whether_a_number_texts(client, world, service, send, campaign, error):
    world.registry.decide_campaign(service.sid, campaign)
    message = send(messaging_service_sid=service.sid)
    assert client.messages(message.sid).fetch().error_code == error
    [told] = client.messaging.v1.services(service.sid).us_app_to_person.list()
    assert told.campaign_status == campaign
    assert client.messaging.v1.services(service.sid).us_app_to_person(told.sid).fetch().campaign_status == campaign


def test_a_number_outside_the_campaign_cannot_text(client, send):
    other = client.incoming_phone_numbers.create(area_code="212")
    assert client.messages(send(from_=other.phone_number).sid).fetch().error_code == 30034


def test_texts_to_a_ported_number_are_lost_while_its_messaging_leg_is_late(client, world, clock, file_port):
    kw = file_port("+14155554204")
    clock.jump(timedelta(seconds=6))
    world.run_due()
    world.sign(kw)
    clock.jump(timedelta(seconds=6))
    world.run_due()
    world.complete(kw)
    clock.jump(timedelta(minutes=1))
    world.run_due()
    assert world.text(OUTSIDE, "+14155554204", "lost").status == "undelivered"
    clock.jump(timedelta(hours=2))
    assert world.text(OUTSIDE, "+14155554204", "found").status == "received"
    assert [message.body for message in client.messages.list()] == ["found"]


def test_our_own_numbers_can_text_each_other(client, send, ours, world, listener):
    other = client.incoming_phone_numbers.create(area_code="212", sms_url="http://listener.test/other")
    send(to=other.phone_number, body="over here")
    assert listener.at("/other")[0].form["From"] == ours.phone_number
