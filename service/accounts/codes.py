"""Sign-in codes: made from a secret of the person's when they are delivered, so that no row or job ever holds one."""

import json
from functools import cache

from flask_security.totp import Totp

from service.accounts.models import User

LIFE = 600
"""Seconds that a code is good for, at least; mail can be slow."""

TRIES = 5
"""Wrong codes after which only a new one helps."""


class LongLivedTotp(Totp):
    """Flask-Security's codes with steps as long as mail may take, instead of an authenticator's 30 seconds."""

    def __init__(self, secret_key: str) -> None:
        super().__init__({"1": secret_key}, "Portline")
        self._totp = self._totp.using(period=LIFE)


def renew(user: User, secret_key: str) -> None:
    """Give a person a new secret; every code made from the old one is void."""
    user.us_totp_secrets = json.dumps({"email": _maker(secret_key).generate_totp_secret()})
    user.code_tries = 0


def void(user: User) -> None:
    """Make a person's codes void, until they ask for a new one."""
    user.us_totp_secrets = None


def code_of(user: User, secret_key: str) -> str:
    """The code that is good now, six digits."""
    return _maker(secret_key).generate_totp_password(_secret(user))


def matches(user: User, code: str, secret_key: str) -> bool:
    """Whether it is a code of the last ten minutes. Counts what is wrong; after five nothing matches any more."""
    if user.us_totp_secrets is None or user.code_tries >= TRIES:
        return False
    if _maker(secret_key).verify_totp(code, _secret(user), user, window=LIFE):
        return True
    user.code_tries += 1
    return False


@cache
def _maker(secret_key: str) -> LongLivedTotp:
    return LongLivedTotp(secret_key)


def _secret(user: User) -> str:
    secret: str = json.loads(user.us_totp_secrets or "{}")["email"]
    return secret
