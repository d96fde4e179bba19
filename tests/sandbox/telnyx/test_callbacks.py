"""How the second carrier signs its events, and how often it tries."""

import json
from base64 import b64decode
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from telnyx import Telnyx

from sandbox.clock import RehearsalClock
from sandbox.exchange import TELNYX_ACCOUNT, TELNYX_KEY
from sandbox.telnyx.events import tell
from sandbox.telnyx.keys import public_key
from tests.sandbox.telnyx.conftest import TOLD

KEY = public_key(TELNYX_KEY)
SPARE = f"{TOLD}/spare"


def send(world, fallback=""):
    with world.exchange.changing():
        tell(world.exchange, TELNYX_ACCOUNT, f"{TOLD}?x=1", "number_order.complete", {"id": "1"}, fallback)
    world.run_due()


def verify(heard, key=KEY, body=None):
    signed = f"{heard.headers['Telnyx-Timestamp']}|{body or heard.body}".encode()
    VerifyKey(b64decode(key)).verify(signed, b64decode(heard.headers["Telnyx-Signature-Ed25519"]))


def wait(world, clock, seconds=60):
    clock.jump(timedelta(seconds=seconds))
    world.run_due()


def test_an_event_is_enveloped_and_signed_over_time_and_body(world, listener, clock):
    send(world)
    [heard] = listener.heard
    verify(heard)
    assert heard.headers["Telnyx-Timestamp"] == str(int(clock.now().timestamp()))
    assert heard.json["data"]["event_type"] == "number_order.complete"
    assert heard.json["meta"] == {"attempt": 1, "delivered_to": f"{TOLD}?x=1"}


def test_the_sdk_believes_an_event_and_none_that_is_old_or_forged_or_changed(world, listener):
    world.exchange.clock = world.faults.clock = RehearsalClock(None)
    sdk = Telnyx(api_key=TELNYX_KEY)
    send(world)
    for kind in ("forge", "stale", "tamper"):
        world.faults.add(kind, count=1)
        send(world)
    good, *bad = listener.heard
    assert sdk.webhooks.unwrap(good.body, headers=good.headers, key=KEY)
    for heard in bad:
        with pytest.raises(ValueError, match=r"too old|verification failed"):
            sdk.webhooks.unwrap(heard.body, headers=heard.headers, key=KEY)


def test_another_key_signs_otherwise(world, listener):
    send(world)
    [heard] = listener.heard
    with pytest.raises(BadSignatureError):
        verify(heard, public_key("KEYother"))


def test_only_200_is_received_and_three_tries_are_made(world, listener, clock):
    send(world)  # the listener thanks with 204
    wait(world, clock)
    wait(world, clock)
    wait(world, clock, 3600)
    assert [heard.json["meta"]["attempt"] for heard in listener.heard] == [1, 2, 3]
    assert len({heard.json["data"]["id"] for heard in listener.heard}) == 1
    for heard in listener.heard:
        verify(heard)
    [callback] = world.state.posts.values()
    assert callback.fate == ["204", "204", "204"]


def test_what_was_received_is_not_sent_again(world, listener, clock):
    listener.answers["/told"] = ("", 200)
    send(world)
    wait(world, clock)
    assert len(listener.heard) == 1


def test_after_three_failures_the_other_address_is_tried(world, listener, clock):
    listener.answers |= {"/told": ("", 503), "/told/spare": ("", 200)}
    send(world, SPARE)
    for _ in range(6):
        wait(world, clock)
    assert [heard.path for heard in listener.heard] == ["/told", "/told", "/told", "/told/spare"]
    assert listener.heard[-1].json["meta"] == {"attempt": 1, "delivered_to": SPARE}


def test_dropped_doubled_and_delayed_events_are_the_worlds(world, listener, clock):
    listener.answers["/told"] = ("", 200)
    world.faults.add("drop", count=1)
    send(world)
    world.faults.add("double", count=1)
    send(world)
    assert len(listener.heard) == 2
    world.faults.add("delay", count=1, seconds=30)
    send(world)
    assert len(listener.heard) == 2
    wait(world, clock)
    assert len(listener.heard) == 3


def test_the_flat_envelope_has_the_same_event(world, listener):
    world.faults.add("flat", count=1)
    send(world)
    [heard] = listener.heard
    verify(heard)
    told = json.loads(heard.body)
    assert (told["event_type"], told["payload"], told["format"]) == ("number_order.complete", {"id": "1"}, "v2")


def test_a_form_is_signed_the_same_way(world, listener):
    world.exchange.post_form(TELNYX_ACCOUNT, TOLD, {"CallStatus": "completed", "From": "+1"})
    world.run_due()
    [heard] = listener.heard
    verify(heard, body=urlencode(heard.form))
    assert heard.form == {"CallStatus": "completed", "From": "+1"}


def test_deliveries_tell_what_was_sent_and_answered(world, listener, clock, sdk):
    listener.answers["/told"] = ("", 503)
    send(world)
    listener.answers["/told"] = ("", 200)
    wait(world, clock)
    send(world)
    later, first = sdk.webhook_deliveries.list().data
    assert [each.status for each in (first, later)] == ["delivered", "delivered"]
    assert [attempt.http.response.status for attempt in first.attempts] == [503, 200]
    assert first.webhook.event_type == "number_order.complete"
    assert sdk.webhook_deliveries.list(filter={"status": {"eq": "failed"}}).data == []
    assert sdk.webhook_deliveries.retrieve(first.id).data.id == first.id


def test_an_event_of_an_unknown_kind_is_signed_like_any_other(world, listener):
    world.faults.add("unknown-event", count=1)
    world.faults.add("odd-dates", count=1)
    send(world)
    [heard] = listener.heard
    verify(heard)
    assert heard.json["data"]["event_type"] == "new.number_order.complete"
    assert heard.json["data"]["occurred_at"].endswith("+00:00")
