"""One callback as an HTTP request: signed and delivered as Twilio does.

https://www.twilio.com/docs/usage/security#validating-requests,
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urldefrag, urlsplit
from uuid import uuid4

import requests

WHOLE = 15.0
CONNECT = 5.0


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """One request to be posted: a form (list of pairs, blanks included) or a JSON body.

    `signs_fragment`: the signature covers the fragment of the URL too. `repeats_hash`: a JSON body's hash is written
    into the query twice, as seen at https://github.com/twilio/twilio-php/issues/861.
    """

    url: str
    method: str
    form: tuple[tuple[str, str], ...] = ()
    json_body: str | None = None
    signs_fragment: bool = False
    repeats_hash: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a callback. `status` is 0 when none came; `text` then names the error."""

    status: int
    content_type: str
    text: str

    @property
    def good(self) -> bool:
        """Whether the receiver answered 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers


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


def deliver(session: requests.Session, callback: CallbackRequest, token: str) -> Reply:
    """Send a callback signed with `token`, again as its URL's fragment asks. The receiver's faults raise nothing."""
    url, fragment = urldefrag(callback.url)
    overrides = Overrides.of(fragment)
    prepared = _prepare(session, url, callback)
    signed_url = f"{prepared.url}#{fragment}" if callback.signs_fragment and fragment else str(prepared.url)
    prepared.headers["X-Twilio-Signature"] = sign(signed_url, _signed_fields(callback), token)
    for _ in range(overrides.retries):
        reply, failure = _attempt(session, prepared, overrides)
        if reply.good or not overrides.try_again_after(failure):
            return reply
    return _attempt(session, prepared, overrides)[0]


def sign(url: str, form: Iterable[tuple[str, str]], token: str) -> str:
    """Return the value of `X-Twilio-Signature` over the URL and, for a form, its distinct pairs in sorted order."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    return b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def _signed_fields(callback: CallbackRequest) -> tuple[tuple[str, str], ...]:
    """The fields that are signed beside the URL: those of a posted form."""
    return callback.form if callback.json_body is None and callback.method.upper() != "GET" else ()


def _prepare(session: requests.Session, url: str, callback: CallbackRequest) -> requests.PreparedRequest:
    headers = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "I-Twilio-Idempotency-Token": str(uuid4())}
    if callback.json_body is not None:
        headers["Content-Type"] = "application/json"
        joint = "&" if urlsplit(url).query else "?"
        hash_field = f"bodySHA256={sha256(callback.json_body.encode()).hexdigest()}"
        url += joint + "&".join([hash_field] * (2 if callback.repeats_hash else 1))
        request = requests.Request("POST", url, headers, data=callback.json_body.encode())
    elif callback.method.upper() == "GET":
        request = requests.Request("GET", url, headers, params=list(callback.form))
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        request = requests.Request("POST", url, headers, data=list(callback.form))
    return session.prepare_request(request)


def _attempt(session: requests.Session, prepared: requests.PreparedRequest, overrides: Overrides) -> tuple[Reply, str]:
    try:
        response = session.send(prepared, timeout=(overrides.connect, overrides.read))
    except requests.exceptions.ReadTimeout as error:
        return Reply(0, "", type(error).__name__), "rt"
    except requests.exceptions.RequestException as error:
        return Reply(0, "", type(error).__name__), "ct"
    reply = Reply(response.status_code, response.headers.get("Content-Type", ""), response.text)
    return reply, f"{response.status_code // 100}xx"


def _seconds(fields: Mapping[str, str], name: str, default: float) -> float:
    return int(fields[name]) / 1000 if name in fields else default
