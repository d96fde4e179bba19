"""Who of us works at the porting desk."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.members import find
from service.accounts.models import DESK, Role, User
from service.errors import NotFound


def seat(session: Session, email: str) -> None:
    """Have a person who has signed in before see the desk's pages. Raises `NotFound` where there is none."""
    user = _known(session, email)
    if not user.has_role(DESK):
        user.roles.append(session.scalar(select(Role).where(Role.name == DESK)) or Role(name=DESK))


def unseat(session: Session, email: str) -> None:
    """They see the desk's pages no longer. Raises `NotFound` where there is no such person."""
    user = _known(session, email)
    user.roles = [role for role in user.roles if role.name != DESK]


def _known(session: Session, email: str) -> User:
    """Whoever gave an address that is not theirs must get no seat by it: they have entered a code that went there."""
    user = find(session, email)
    if user is None or user.confirmed_at is None:
        raise NotFound("Nobody has signed in with this address yet. Sign up with it first.")
    return user
