"""The browsers in which people are signed in: each is a row, so that signing out holds for copied cookies too."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from service.accounts.models import SignIn, User
from service.time import real_time

IDLE: Final = timedelta(days=30)
"""A browser that asked for nothing for so long is signed out."""

LONGEST: Final = timedelta(days=180)
"""After so long every browser is signed out."""

FRESH: Final = timedelta(hours=1)
"""For so long after a code nothing asks for another one."""

_EVERY: Final = timedelta(minutes=10)


def begin(session: Session, user: User, browser: str, *, second_step: bool = False) -> dict[str, str]:
    """Sign a person in; returns what the session's cookie is to hold. `browser` is shown to them in their list."""
    token, at = token_urlsafe(32), real_time()
    times = {"began_at": at, "seen_at": at, "proven_at": at}
    steps = {"second_step": second_step}
    session.add(SignIn(user_id=user.id, token=_digest(token), browser=browser[:60], **times, **steps))
    return {"_user_id": user.fs_uniquifier, "sign_in": token}


def find(session: Session, token: str, uniquifier: str) -> SignIn | None:
    """The sign-in that a cookie belongs to, with its person; None if it has ended, or the account was closed."""
    good = (SignIn.token == _digest(token), *_still_good(), User.fs_uniquifier == uniquifier, User.active)
    return session.scalar(select(SignIn).join(SignIn.user).where(*good).options(contains_eager(SignIn.user)))


def is_to_be_noted(sign_in: SignIn) -> bool:
    """Whether the last page asked for is ten minutes old, so that the time is worth a write."""
    return sign_in.seen_at < real_time() - _EVERY


def note(session: Session, sign_in: SignIn) -> None:
    """Note that a page was asked for now."""
    session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(seen_at=real_time()))


def note_second_step(session: Session, sign_in: SignIn) -> None:
    """Note that the person has shown a second step in this browser, too."""
    session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(second_step=True))


def is_fresh(sign_in: SignIn) -> bool:
    """Whether a code was entered lately, or a passkey used."""
    return sign_in.proven_at > real_time() - FRESH


def sign_ins_of(session: Session, user_id: int) -> list[SignIn]:
    """The browsers in which a person is signed in, the one seen last first."""
    rows = select(SignIn).where(SignIn.user_id == user_id, *_still_good())
    return list(session.scalars(rows.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def end(session: Session, token: str) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.token == _digest(token)))


def end_by_id(session: Session, user_id: int, sign_in_id: int) -> None:
    """Sign one of a person's browsers out."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id))


def end_all(session: Session, user_id: int) -> None:
    """Sign all of a person's browsers out."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def end_others(session: Session, user_id: int, token: str) -> None:
    """Sign a person's other browsers out."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token != _digest(token)))


def forget_ended(session: Session) -> None:
    """Delete the sign-ins that are over."""
    over = or_(SignIn.seen_at < real_time() - IDLE, SignIn.began_at < real_time() - LONGEST)
    session.execute(delete(SignIn).where(over))


def _still_good() -> tuple[ColumnElement[bool], ...]:
    return (SignIn.seen_at > real_time() - IDLE, SignIn.began_at > real_time() - LONGEST)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
