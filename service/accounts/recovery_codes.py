"""Recovery codes: ten on paper, each good once, for a person whose phone or key is lost."""

from hashlib import sha256
from secrets import choice
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.accounts.models import RecoveryCode

HOW_MANY: Final = 10
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look like others on paper."""

_LENGTH: Final = 24
"""31 letters at 24 places are 118 bits: from 112 on, ASVS 6.5.2 asks for no more than a plain digest."""


def make(session: Session, user_id: int) -> list[str]:
    """New codes, of which only the digests are kept; earlier ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(code)) for code in codes)
    return ["-".join(code[place : place + 4] for place in range(0, _LENGTH, 4)) for code in codes]


def use(session: Session, user_id: int, typed: str) -> bool:
    """Whether this is one of a person's codes, which is used up then."""
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    mine = RecoveryCode.user_id == user_id, RecoveryCode.digest == _digest(code)
    return session.scalar(delete(RecoveryCode).where(*mine).returning(RecoveryCode.id)) is not None


def left(session: Session, user_id: int) -> int:
    """How many codes a person has left."""
    return session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
