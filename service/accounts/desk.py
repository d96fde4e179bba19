"""Which members of our staff work at the porting desk, and who of them for one platform alone."""

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.accounts.members import find
from service.accounts.models import DESK, Membership, Role, User
from service.accounts.platforms import is_platform
from service.db import Base
from service.errors import NotFound


class DeskPlatform(Base):
    """A person at the desk who works for one platform, and sees nothing of other workspaces.

    No foreign key keeps the platform: once it is gone they see nothing, rather than everything.
    """

    __tablename__ = "desk_platforms"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    platform_id: Mapped[int]


def seat(session: Session, email: str, platform_owner: str = "") -> None:
    """Let a person see the desk's pages: of all workspaces, or of those that an owner's platform opened.

    Raises:
        NotFound: nobody with this address has signed in before, or no platform is its owner's.
    """
    user = _known(session, email)
    bound_to = _platform_of(session, platform_owner) if platform_owner else 0
    if not user.has_role(DESK):
        user.roles.append(session.scalar(select(Role).where(Role.name == DESK)) or Role(name=DESK))
    session.execute(delete(DeskPlatform).where(DeskPlatform.user_id == user.id))
    if bound_to:
        session.add(DeskPlatform(user_id=user.id, platform_id=bound_to))


def unseat(session: Session, email: str) -> None:
    """Stop a person from seeing the desk's pages. Raises `NotFound` as `seat` does."""
    user = _known(session, email)
    user.roles = [role for role in user.roles if role.name != DESK]


def platform_worked_for(session: Session, user_id: int) -> int:
    """The id of the platform for which a person at the desk works; 0 for all workspaces."""
    return session.scalar(select(DeskPlatform.platform_id).where(DeskPlatform.user_id == user_id)) or 0


def _platform_of(session: Session, email: str) -> int:
    owner = find(session, email)
    owned = [one.workspace_id for one in owner.memberships if one.role is Membership.OWNER] if owner else []
    found = next((one for one in owned if is_platform(session, one)), 0)
    if not found:
        raise NotFound("Nobody with this address owns a platform.")
    return found


def _known(session: Session, email: str) -> User:
    """A person who has entered a code sent to this address; others may have signed up with an address not theirs."""
    user = find(session, email)
    if user is None or user.confirmed_at is None:
        raise NotFound("Nobody has signed in with this address yet. Sign up with it first.")
    return user
