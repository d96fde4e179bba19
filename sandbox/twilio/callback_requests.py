"""Callbacks, signed and delivered as Twilio does.

https://www.twilio.com/docs/usage/security#validating-requests,
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qs, urldefrag, urlsplit
from uuid import uuid4

import requests

from sandbox.callback_requests import CallbackRequest, Delivery, Reply, attempt
from sandbox.faults import FaultKind
from sandbox.records import Account

WHOLE = 15.0
CONNECT = 5.0


@dataclass(frozen=True, slots=True)
class Overrides:
    """Delivery settings a customer may write into the fragment of a callback URL."""

    retries: int
    policy: frozenset[str]
    connect: float
    read: float

    @classmethod
    def of(cls, fragment: str) -> "Overrides":
        """Read `rc`, `rp`, `ct`, `rt` and `tt` (times in milliseconds) from a fragment, with Twilio's defaults."""
        fields = {name: values[-1] for name, values in parse_qs(fragment).items()}
        whole = _seconds(fields, "tt", WHOLE)
        return cls(
            retries=min(5, int(fields.get("rc", "1"))),
            policy=frozenset(fields.get("rp", "ct").split(",")),
            connect=min(_seconds(fields, "ct", CONNECT), whole),
            read=min(_seconds(fields, "rt", WHOLE), whole),
        )

    def try_again_after(self, failure: str) -> bool:
        """Whether the policy asks for another attempt after this kind of failure: `ct`, `rt`, `4xx` or `5xx`."""
        return bool(self.policy & {failure, "all"})


def deliver(session: requests.Session, callback: CallbackRequest, account: Account, now: datetime) -> Delivery:
    """Send a callback, again as its URL's fragment asks, and to its fallback URL where no answer was a success."""
    token = f"not {account.token}" if FaultKind.FORGE in callback.faults else account.token
    reply = _send(session, callback, token)
    if reply.good or not callback.fallback_url:
        return Delivery(reply, (reply.note,))
    form = (*callback.form, ("ErrorCode", "11200"), ("ErrorUrl", callback.url))
    second = _send(session, replace(callback, url=callback.fallback_url, form=form), token)
    return Delivery(second, (reply.note, f"fallback {second.note}"))


def sign(url: str, form: Iterable[tuple[str, str]], token: str) -> str:
    """Return the value of `X-Twilio-Signature` over the URL and, for a form, its distinct pairs in sorted order."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    return b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def _send(session: requests.Session, callback: CallbackRequest, token: str) -> Reply:
    url, fragment = urldefrag(callback.url)
    overrides = Overrides.of(fragment)
    prepared = _prepare(session, url, callback)
    signs_fragment = fragment and FaultKind.SIGN_FRAGMENT in callback.faults
    signed_url = f"{prepared.url}#{fragment}" if signs_fragment else str(prepared.url)
    prepared.headers["X-Twilio-Signature"] = sign(signed_url, _signed_fields(callback), token)
    for _ in range(overrides.retries):
        reply = _attempt(session, prepared, overrides)
        if reply.good or not overrides.try_again_after(_failure(reply)):
            return reply
    return _attempt(session, prepared, overrides)


def _signed_fields(callback: CallbackRequest) -> tuple[tuple[str, str], ...]:
    """The fields that are signed beside the URL: those of a posted form."""
    return callback.form if callback.json_body is None and callback.method.upper() != "GET" else ()


def _prepare(session: requests.Session, url: str, callback: CallbackRequest) -> requests.PreparedRequest:
    headers = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "I-Twilio-Idempotency-Token": str(uuid4())}
    if callback.json_body is not None:
        headers["Content-Type"] = "application/json"
        joint = "&" if urlsplit(url).query else "?"
        hash_field = f"bodySHA256={sha256(callback.json_body.encode()).hexdigest()}"
        # twice, as seen at https://github.com/twilio/twilio-php/issues/861
        url += joint + "&".join([hash_field] * (2 if FaultKind.REPEAT_HASH in callback.faults else 1))
        request = requests.Request("POST", url, headers, data=callback.json_body.encode())
    elif callback.method.upper() == "GET":
        request = requests.Request("GET", url, headers, params=list(callback.form))
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        request = requests.Request("POST", url, headers, data=list(callback.form))
    return session.prepare_request(request)


def _attempt(session: requests.Session, prepared: requests.PreparedRequest, overrides: Overrides) -> Reply:
    return attempt(session, prepared, connect=overrides.connect, read=overrides.read)


def _failure(reply: Reply) -> str:
    """The kind of failure, in the words of an override."""
    if reply.status:
        return f"{reply.status // 100}xx"
    return "rt" if reply.text == requests.ReadTimeout.__name__ else "ct"


def _seconds(fields: Mapping[str, str], name: str, default: float) -> float:
    return int(fields[name]) / 1000 if name in fields else default
