"""Who is who, and who belongs where."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from service.accounts.models import Member, Membership, User, Workspace
from service.errors import Forbidden, NotFound

_MAY_PORT = frozenset({Membership.OWNER, Membership.ADMIN})


def find(session: Session, email: str) -> User | None:
    """The person with this address, locked against a simultaneous try; addresses are kept in lower case."""
    return session.scalar(select(User).where(User.email == email.lower()).with_for_update())


def membership(session: Session, user_id: int) -> Member:
    """A person's place in their workspace, the first one they joined. Raises `NotFound` when they have none."""
    member = session.scalar(
        select(Member)
        .join(Member.workspace)
        .options(contains_eager(Member.workspace))
        .where(Member.user_id == user_id)
        .order_by(Workspace.id)
        .limit(1)
    )
    if member is None:
        raise NotFound("You belong to no workspace.")
    return member


def must_be_able_to_port(member: Member) -> None:
    """Raise `Forbidden` unless they may bring numbers in, and change or cancel that."""
    if member.role not in _MAY_PORT:
        raise Forbidden("Only owners and admins may do this.")
