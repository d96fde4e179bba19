"""Callbacks, signed and tried again as Telnyx does.

Three tries at each address with a growing pause, and only 200 counts as received; the pauses are not published.
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import json
from base64 import b64encode
from datetime import datetime, timedelta
from urllib.parse import urlencode

import requests

from sandbox.callback_requests import CallbackRequest, Delivery, Reply, attempt
from sandbox.faults import FaultKind
from sandbox.records import Account
from sandbox.telnyx.dates import oddly
from sandbox.telnyx.keys import private_key

TRIES = 3
PATIENCE = 2.0
PATIENCE_OF_CALLS = 10.0
PAUSE = timedelta(seconds=5)
STALE = timedelta(seconds=400)
RECEIVED = 200


def deliver(session: requests.Session, callback: CallbackRequest, account: Account, now: datetime) -> Delivery:
    """Send a callback once, after three failures to its fallback URL; each failure but the last is tried again."""
    if callback.awaited:
        return _fetch(session, callback, account, now)
    fallback = callback.tries >= TRIES
    reply = _attempt(session, callback, account, now, PATIENCE, fallback=fallback)
    note = f"fallback {reply.note}" if fallback else reply.note
    tried = callback.tries + 1
    over = reply.status == RECEIVED or tried >= TRIES * (2 if callback.fallback_url else 1)
    return Delivery(reply, (note,), None if over else PAUSE * 2 ** (callback.tries % TRIES))


def _fetch(session: requests.Session, callback: CallbackRequest, account: Account, now: datetime) -> Delivery:
    """Ask for a document for which a call waits: once, and then at the fallback URL. How often is not published."""
    reply = _attempt(session, callback, account, now, PATIENCE_OF_CALLS)
    if reply.good or not callback.fallback_url:
        return Delivery(reply, (reply.note,))
    second = _attempt(session, callback, account, now, PATIENCE_OF_CALLS, fallback=True)
    return Delivery(second, (reply.note, f"fallback {second.note}"))


def _attempt(
    session: requests.Session,
    callback: CallbackRequest,
    account: Account,
    now: datetime,
    patience: float,
    *,
    fallback: bool = False,
) -> Reply:
    url = callback.fallback_url if fallback else callback.url
    request = session.prepare_request(_signed(callback, url, account, now))
    return attempt(session, request, connect=patience, read=patience)


def sign(timestamp: str, body: bytes, api_key: str) -> str:
    """The value of `telnyx-signature-ed25519`: over the time and the body as it is sent, not over the URL."""
    return b64encode(private_key(api_key).sign(timestamp.encode() + b"|" + body)).decode()


def _signed(callback: CallbackRequest, url: str, account: Account, now: datetime) -> requests.Request:
    body, kind = _body(callback, url)
    api_key = f"not {account.token}" if FaultKind.FORGE in callback.faults else account.token
    stamped = now - STALE if FaultKind.STALE in callback.faults else now
    timestamp = str(int(stamped.timestamp()))
    headers = {
        "User-Agent": "telnyx-webhooks",
        "Content-Type": kind,
        "telnyx-timestamp": timestamp,
        "telnyx-signature-ed25519": sign(timestamp, body, api_key),
    }
    body += b" " if FaultKind.TAMPER in callback.faults else b""
    if callback.method.upper() == "GET":
        return requests.Request("GET", url, headers, params=list(callback.form))
    return requests.Request("POST", url, headers, data=body)


def _body(callback: CallbackRequest, url: str) -> tuple[bytes, str]:
    if callback.json_body is None:
        form = () if callback.method.upper() == "GET" else callback.form
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    event = json.loads(callback.json_body)
    if FaultKind.UNKNOWN_EVENT in callback.faults:
        event["event_type"] = f"new.{event['event_type']}"
    flat = FaultKind.FLAT in callback.faults
    written = json.dumps(_flat(event, url) if flat else _enveloped(event, callback, url))
    return (oddly(written) if FaultKind.ODD_DATES in callback.faults else written).encode(), "application/json"


def _enveloped(event: dict[str, object], callback: CallbackRequest, url: str) -> dict[str, object]:
    return {"data": event, "meta": {"attempt": callback.tries % TRIES + 1, "delivered_to": url}}


def _flat(event: dict[str, object], url: str) -> dict[str, object]:
    """The other envelope of the documents, with `data` taken apart."""
    named = {name: event[name] for name in ("id", "event_type", "occurred_at", "payload")}
    return named | {"urls": [url], "format": "v2"}
