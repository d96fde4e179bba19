"""Reads of people and of their memberships in workspaces."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import IN_CHARGE, Member, User, Workspace
from service.errors import Forbidden, NotFound


def find(session: Session, email: str) -> User | None:
    """The person with this address (in any case), their row locked, so that two requests at once make one workspace."""
    return session.scalar(select(User).where(User.email == email.lower()).with_for_update())


def memberships(session: Session, user_id: int) -> list[Member]:
    """Every membership of a person, with its workspace, in the order the workspaces were opened."""
    found = select(Member).join(Member.workspace).options(contains_eager(Member.workspace))
    return list(session.scalars(found.where(Member.user_id == user_id).order_by(Workspace.id)))


def membership_in(memberships: Sequence[Member], workspace_id: int | None) -> Member:
    """A person's membership in this workspace, or else their first. Raises `NotFound` when they have none."""
    if not memberships:
        raise NotFound("You’re not in a workspace.")
    return next((membership for membership in memberships if membership.workspace_id == workspace_id), memberships[0])


def team_of(session: Session, workspace_id: int) -> list[Member]:
    """All members of a workspace, in the order they joined."""
    here = select(Member).where(Member.workspace_id == workspace_id)
    return list(session.scalars(here.options(joinedload(Member.user)).order_by(Member.id)))


def must_be_in_charge(member: Member) -> None:
    """Raise `Forbidden` unless the member is an owner or admin: only these port, and change lines and the team."""
    if member.role not in IN_CHARGE:
        raise Forbidden("Only owners and admins can do this.")
