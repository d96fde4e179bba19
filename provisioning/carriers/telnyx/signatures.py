"""Verifies the carrier's signature on callbacks: Ed25519 over the time of sending and the body.

Address and other headers are not signed. https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

from base64 import b64decode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.contract.callbacks import SignedRequest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

TOLERANCE = timedelta(minutes=5)
"""How far the time of sending may lie from our clock, in either direction: as the carrier's own library has it."""

LONGEST_STAMP = 11


def public_key(written: str) -> Ed25519PublicKey:
    """An account's public key, in base64 as the carrier's portal shows it. Raises `ValueError`."""
    return Ed25519PublicKey.from_public_bytes(b64decode(written, validate=True))


def is_signed(request: SignedRequest, keys: Iterable[Ed25519PublicKey], at: datetime, content_type: str) -> bool:
    """Whether one of the keys signed this request lately, and it has this content type (FORM or JSON). Never raises."""
    stamp = request.headers.get("telnyx-timestamp", "")
    if _content_type(request) != content_type or not _is_recent(stamp, at):
        return False
    try:
        signature = b64decode(request.headers.get("telnyx-signature-ed25519", ""), validate=True)
    except ValueError:
        return False
    return any(_signed(key, signature, stamp.encode() + b"|" + request.body) for key in keys)


def _content_type(request: SignedRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_recent(stamp: str, at: datetime) -> bool:
    """Whether it is the seconds since 1970 of a time near ours."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= LONGEST_STAMP):
        return False
    return abs(at - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=int(stamp))) <= TOLERANCE


def _signed(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True
