"""Verifies the carrier's signature on callbacks.

This does not use the SDK's validator, which takes four times as long on the busiest path and is easily misused (it
does not check a JSON body that is passed as an empty form). Tests compare the two. https://www.twilio.com/docs/usage/security
"""

import hashlib
import hmac
import re
from base64 import b64encode
from functools import lru_cache
from urllib.parse import parse_qsl

from provisioning.carriers.twilio.webhook_urls import INSISTENCE
from provisioning.contract.callbacks import SignedRequest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS = 1000

HASH_IN_QUERY = re.compile(r"[?&]bodySHA256=([^&]*)")


class Unsigned(ValueError):
    """The request is not one that the carrier signs."""


def is_signed(request: SignedRequest, tokens: tuple[str, ...], content_type: str) -> bool:
    """Whether one of the tokens signed this request and it has this content type (FORM or JSON). Never raises."""
    try:
        signature = request.headers.get("x-twilio-signature", "").encode()
        if _content_type(request) != content_type:
            return False
        parameters = _form_as_signed(request.body) if content_type == FORM else _json_as_signed(request)
        texts = [(url + parameters).encode() for url in _spellings(request.url)]
    except ValueError:  # not signed, undecodable bytes, or too many fields
        return False
    return any(hmac.compare_digest(_signature(token, text), signature) for token in tokens for text in texts)


def _content_type(request: SignedRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _form_as_signed(body: bytes) -> str:
    """Concatenate each name with each of its distinct values, sorted; blank values count."""
    return "".join(name + value for name, value in sorted(set(fields(body))))


@lru_cache(maxsize=64)
def fields(body: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a form in order. Raises `ValueError`. Cached between checking and reading a callback."""
    return tuple(
        parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=MOST_FIELDS
        )
    )


def _json_as_signed(request: SignedRequest) -> str:
    """Check the hash of a JSON body in the URL. It may be repeated (twilio-php#861), but all must match.

    Raises `Unsigned` where the URL has no hash or another one.
    """
    hashes, right = HASH_IN_QUERY.findall(request.url), hashlib.sha256(request.body).hexdigest()
    if not hashes or not all(hmac.compare_digest(right.encode(), one.encode()) for one in hashes):
        raise Unsigned
    return ""


def _spellings(url: str) -> tuple[str, ...]:
    """The URL as the carrier may have signed it: without and with its port, without and with the fragment we gave it.

    The fragment is not part of the request, and it is not documented whether it is signed.
    """
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    name, colon, port = host.rpartition(":")
    if not (colon and port.isdecimal()):
        name, port = host, "443" if scheme == "https" else "80"
    plain, with_port = f"{scheme}://{name}{slash}{path}", f"{scheme}://{name}:{port}{slash}{path}"
    return plain, with_port, plain + INSISTENCE, with_port + INSISTENCE


def _signature(token: str, text: bytes) -> bytes:
    return b64encode(hmac.digest(token.encode(), text, "sha1"))
