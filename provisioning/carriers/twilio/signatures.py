"""Whether a callback bears the carrier's signature.

Written out here instead of calling the SDK's validator, which takes four times as long on the busiest path of all and
is easily held wrong (a JSON body given to it as an empty form is not checked at all). Tests hold the two against
each other. https://www.twilio.com/docs/usage/security
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
    """The request is not of the shape the carrier signs."""


def is_signed(request: SignedRequest, tokens: tuple[str, ...], content_type: str) -> bool:
    """Whether one of the tokens signed this request, which must have the content type (FORM or JSON). Never raises."""
    try:
        signature = request.headers.get("x-twilio-signature", "").encode()
        if _content_type(request) != content_type:
            return False
        parameters = _form_as_signed(request.body) if content_type == FORM else _json_as_signed(request)
        texts = [(url + parameters).encode() for url in _spellings(request.url)]
    except ValueError:  # a wrong shape, undecodable bytes, too many fields
        return False
    return any(hmac.compare_digest(_signature(token, text), signature) for token in tokens for text in texts)


def _content_type(request: SignedRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _form_as_signed(body: bytes) -> str:
    """Every name with each of its different values, both sorted, run together; blank values count."""
    return "".join(name + value for name, value in sorted(set(fields(body))))


@lru_cache(maxsize=64)
def fields(body: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a form, in their order; raises `ValueError`. Remembered from the check to the reading of it."""
    return tuple(
        parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=MOST_FIELDS
        )
    )


def _json_as_signed(request: SignedRequest) -> str:
    """JSON is signed through its hash in the URL, which has been seen twice (twilio-php#861): all must be the body's.

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
