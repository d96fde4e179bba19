"""Marks in our callback addresses, for carriers whose signatures cover the body alone.

Without them a genuine callback could be sent once more to another address of ours, and count for another call or text.
A mark signs carrier, subject and query; it is the last parameter.
"""

from collections.abc import Sequence
from hmac import compare_digest

from itsdangerous import Signer


def webhook_address(base_url: str, carrier: str, subject: str, secret_keys: Sequence[str]) -> str:
    """Our public URL for a carrier's callbacks about a subject, marked if there are secret keys."""
    address = f"{base_url}/webhooks/{carrier}/{subject}"
    return marked(address, secret_keys) if secret_keys else address


def marked(address: str, secret_keys: Sequence[str]) -> str:
    """The address with its mark, made with the newest of the secret keys, which comes first."""
    place = address.partition("/webhooks/")[2]
    return f"{address}{'&' if '?' in address else '?'}mark={_mark(place, secret_keys[0])}"


def is_marked(path: str, query: str, secret_keys: Sequence[str]) -> bool:
    """Whether one of the secret keys made the mark for this path (`<carrier>/<subject>`) and the rest of the query."""
    rest, _, mark = query.rpartition("mark=")
    place = f"{path}?{rest.removesuffix('&')}" if rest else path
    return any(compare_digest(mark.encode(), _mark(place, key).encode()) for key in secret_keys)


def _mark(place: str, secret_key: str) -> str:
    return Signer(secret_key, salt="callback address").get_signature(place).decode()
