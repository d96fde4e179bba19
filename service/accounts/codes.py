"""Sign-in codes. A code is computed from the person's secret when it is mailed, so no row or job ever holds one."""

import json
from functools import cache

from flask_security.totp import Totp

from service.accounts.models import User

LIFE = 600
"""Seconds for which a code is valid at least; mail can be slow."""

TRIES = 5
"""After this many wrong codes the person has to ask for a new one."""


class LongLivedTotp(Totp):
    """Flask-Security's codes, valid for `LIFE` seconds instead of the 30 seconds of an authenticator app."""

    def __init__(self, secret_key: str) -> None:
        super().__init__({"1": secret_key}, "Portline")
        self._totp = self._totp.using(period=LIFE)


def renew(user: User, secret_key: str) -> None:
    """Give a person a new secret, which voids every code made from the old one."""
    user.us_totp_secrets = json.dumps({"email": _maker(secret_key).generate_totp_secret()})
    user.code_tries = 0


def void(user: User) -> None:
    """Make a person's codes void, until they ask for a new one."""
    user.us_totp_secrets = None


def code_of(user: User, secret_key: str) -> str:
    """The code that is valid now, six digits."""
    return _maker(secret_key).generate_totp_password(_secret(user))


def matches(user: User, code: str, secret_key: str) -> bool:
    """Whether this is a code of the last ten minutes. Counts wrong codes; after `TRIES` of them no code matches."""
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
