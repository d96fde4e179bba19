"""Which members of our staff work at the porting desk."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.members import find
from service.accounts.models import DESK, Role, User
from service.errors import NotFound


def seat(session: Session, email: str) -> None:
    """Let a person see the desk's pages. Raises `NotFound` unless a person with this address has signed in before."""
    user = _known(session, email)
    if not user.has_role(DESK):
        user.roles.append(session.scalar(select(Role).where(Role.name == DESK)) or Role(name=DESK))


def unseat(session: Session, email: str) -> None:
    """Stop a person from seeing the desk's pages. Raises `NotFound` as `seat` does."""
    user = _known(session, email)
    user.roles = [role for role in user.roles if role.name != DESK]


def _known(session: Session, email: str) -> User:
    """A person who has entered a code sent to this address; others may have signed up with an address not theirs."""
    user = find(session, email)
    if user is None or user.confirmed_at is None:
        raise NotFound("Nobody has signed in with this address yet. Sign up with it first.")
    return user
