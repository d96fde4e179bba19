"""Sign-in codes. A code is computed from a row's secret when it is mailed, so no row or job ever holds one."""

import json
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Final

from flask_security.totp import Totp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.accounts.models import SignInCode, User
from service.time import real_time

LIFE = 600
"""Seconds for which a code is valid at least; mail can be slow."""

TRIES = 5
"""After this many wrong codes the person has to ask for a new one."""

_KEPT: Final = timedelta(seconds=3 * LIFE)


class LongLivedTotp(Totp):
    """Flask-Security's codes, valid for `LIFE` seconds instead of the 30 seconds of an authenticator app."""

    def __init__(self, secret_keys: tuple[str, ...]) -> None:
        super().__init__({_tag(key): key for key in secret_keys}, "Portline")
        self._totp = self._totp.using(period=LIFE)
        self._totp.wallet.default_tag = _tag(secret_keys[0])


def new_code(session: Session, user_id: int | None, asked_by: str, secret_keys: tuple[str, ...]) -> SignInCode:
    """A code for a browser; earlier ones stay good until they are used or too old. No id: an unknown address."""
    secret = json.dumps({"email": _maker(secret_keys).generate_totp_secret()})
    code = SignInCode(user_id=user_id, asked_by=asked_by, secret=secret, tries=0, asked_at=real_time())
    session.add(code)
    session.flush()
    return code


def digits_of(code: SignInCode, secret_keys: tuple[str, ...]) -> str:
    """The six digits that are valid now."""
    return _maker(secret_keys).generate_totp_password(_secret(code))


def enter_code(session: Session, asked_by: str, digits: str, secret_keys: tuple[str, ...]) -> User | None:
    """The person whose code this is, if it was asked for in this browser; the browser's codes are used up then.

    A wrong one counts against each of them: commit.
    """
    codes = session.scalars(select(SignInCode).where(SignInCode.asked_by == asked_by).with_for_update()).all()
    right = [code for code in codes if matches(code, digits, secret_keys)]
    if not right:
        return None
    session.execute(delete(SignInCode).where(SignInCode.asked_by == asked_by))
    return right[0].user


def matches(code: SignInCode, digits: str, secret_keys: tuple[str, ...]) -> bool:
    """Whether these are a code's digits of the last ten minutes. After `TRIES` wrong ones none match."""
    if code.secret is None or code.tries >= TRIES:
        return False
    if _maker(secret_keys).verify_totp(digits, _secret(code), code.user or User(), window=LIFE):
        return True
    code.tries += 1
    return False


def forget_codes(session: Session) -> None:
    """Delete the codes that are too old to match."""
    session.execute(delete(SignInCode).where(SignInCode.asked_at < real_time() - _KEPT))


def _tag(secret_key: str) -> str:
    """A name of a secret key that stands with what it encrypted; the key's place in the setting changes."""
    return sha256(secret_key.encode()).hexdigest()[:16]


@cache
def _maker(secret_keys: tuple[str, ...]) -> LongLivedTotp:
    return LongLivedTotp(secret_keys)


def _secret(code: SignInCode) -> str:
    secret: str = json.loads(code.secret or "{}")["email"]
    return secret
