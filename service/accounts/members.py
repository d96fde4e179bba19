"""Who is who, and who belongs where."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import IN_CHARGE, Member, User, Workspace
from service.errors import Forbidden, NotFound


def find(session: Session, email: str) -> User | None:
    """The person with this address, locked against a simultaneous try; addresses are kept in lower case."""
    return session.scalar(select(User).where(User.email == email.lower()).with_for_update())


def membership(session: Session, user_id: int, workspace_id: int | None = None) -> Member:
    """A person's place in this workspace, or else in the first they belong to. Raises `NotFound` when in none."""
    wanted_first = _places(user_id).order_by(Workspace.id != (workspace_id or 0), Workspace.id)
    member = session.scalar(wanted_first.limit(1))
    if member is None:
        raise NotFound("You belong to no workspace.")
    return member


def memberships(session: Session, user_id: int) -> list[Member]:
    """Every place a person has, with its workspace, by the workspaces' names."""
    return list(session.scalars(_places(user_id).order_by(Workspace.name, Workspace.id)))


def team_of(session: Session, workspace_id: int) -> list[Member]:
    """Everybody in a workspace, in the order they joined."""
    here = select(Member).where(Member.workspace_id == workspace_id)
    return list(session.scalars(here.options(joinedload(Member.user)).order_by(Member.id)))


def must_be_in_charge(member: Member) -> None:
    """Raise `Forbidden` unless they are an owner or admin: they alone port, change lines and the team."""
    if member.role not in IN_CHARGE:
        raise Forbidden("Only owners and admins may do this.")


def must_be_able_to_port(member: Member) -> None:
    """Raise `Forbidden` unless they may bring numbers in, and change or cancel that."""
    must_be_in_charge(member)


def _places(user_id: int) -> Select[Member]:
    return (
        select(Member).join(Member.workspace).options(contains_eager(Member.workspace)).where(Member.user_id == user_id)
    )
