"""Callbacks as a carrier posts them, signed or spoilt."""

from hashlib import sha256
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.conftest import CARRIER_SETTINGS, PORTLINE
from tests.factories import CALLER
from tests.service.inbox.lines import OURS

TOKEN = CARRIER_SETTINGS["TWILIO_AUTH_TOKEN"]
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
DOOR = "/webhooks/twilio"

EVERYTHING = {
    "MessageSid": "SM" + "1" * 32,
    "CallSid": "CA" + "1" * 32,
    "RecordingSid": "RE" + "1" * 32,
    "From": CALLER,
    "To": OURS,
    "Body": "Hello",
    "MediaUrl0": "https://carrier.example/picture",
    "MessageStatus": "sent",
    "CallStatus": "completed",
    "CallDuration": "9",
    "RecordingUrl": "https://carrier.example/recording",
    "RecordingStatus": "completed",
    "RecordingDuration": "9",
    "TranscriptionText": "Hello",
    "ForwardedFrom": CALLER,
    "ErrorCode": "30003",
}
"""All that some callback has."""


def text(**changes):
    """The fields of a text that came in."""
    return {
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": CARRIER_SETTINGS["TWILIO_ACCOUNT_SID"],
        "From": "+14155550123",
        "To": "+14155550199",
        "Body": "Hej då",
        "NumMedia": "0",
        "FromCity": "",
        **changes,
    }


def port_event(kw="KW" + "a" * 32):
    return f'{{"port_in_request_sid":"{kw}","status":"in_review","last_date_updated":"2026-03-02T15:00:00Z"}}'.encode()


def sign(url, fields, token=TOKEN):
    """As the carrier's own library does."""
    return RequestValidator(token).compute_signature(url, fields)


def post_form(client, subject, fields, *, query="", token=TOKEN, **more):
    """Post a form as the carrier would; `token` another one makes it a forgery."""
    path = f"{DOOR}/{subject}" + (f"?{query}" if query else "")
    headers = {"X-Twilio-Signature": sign(PORTLINE + path, fields, token), **more.pop("headers", {})}
    return client.post(path, data=urlencode(fields).encode(), content_type=FORM, headers=headers, **more)


def post_json(client, body, *, sent=None):
    """Post a porting event; `sent` is another body under the same signature."""
    path = f"{DOOR}/porting?bodySHA256={sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": sign(PORTLINE + path, {})}
    return client.post(path, data=sent or body, content_type="application/json", headers=headers)
