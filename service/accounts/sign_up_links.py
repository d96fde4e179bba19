"""Links by which an operator lets a person sign up where that needs an invitation; each is for one address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from itsdangerous import BadSignature

from service.signing import signer
from service.time import now

GOOD_FOR: Final = timedelta(days=14)

_PURPOSE: Final = "sign-up"


def token_for(email: str, keys: Sequence[str]) -> str:
    """The signed part of a link for this address."""
    signed: str = signer(keys, _PURPOSE).dumps([email.lower(), (now() + GOOD_FOR).isoformat()])
    return signed


def address_in(token: str, keys: Sequence[str]) -> str:
    """The address that a link is for; "" for one that is forged or over."""
    try:
        email, until = signer(keys, _PURPOSE).loads(token)
    except BadSignature:
        return ""
    return str(email) if now() < datetime.fromisoformat(until) else ""
