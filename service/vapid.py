"""The key by which push services of browsers know our notices (VAPID, https://www.rfc-editor.org/rfc/rfc8292).

A private key is kept as the 32 bytes of its number on the curve P-256, in base64url; a public one as its uncompressed
point in base64url, as browsers want it.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode, b64urlencode

_LENGTH: Final = 32


def new_key() -> str:
    """A fresh private key."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return str(b64urlencode(number.to_bytes(_LENGTH, "big")))


def public_key(private: str) -> str:
    """The public key of a private one. Raises ValueError if it is not one."""
    point = _signer(private).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def signature(private: str, endpoint: str, contact: str, until: int) -> Mapping[str, str]:
    """The headers that show the push service at `endpoint` who sends, until a moment (seconds since 1970).

    `contact` is the mail address at which the push service reaches us if something is wrong.
    """
    service = urlsplit(endpoint)
    claims = {"aud": f"{service.scheme}://{service.netloc}", "sub": f"mailto:{contact}", "exp": until}
    headers: Mapping[str, str] = _signer(private).sign(claims)
    return headers


def _signer(private: str) -> Vapid02:
    if len(b64urldecode(private.encode())) != _LENGTH:
        raise ValueError("not the 32 bytes of a private key")
    return Vapid02.from_raw(private.encode())
