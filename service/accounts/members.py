"""Who is who, and who belongs where."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import IN_CHARGE, Member, User, Workspace
from service.errors import Forbidden, NotFound


def find(session: Session, email: str) -> User | None:
    """The person with this address, locked against a simultaneous try; addresses are kept in lower case."""
    return session.scalar(select(User).where(User.email == email.lower()).with_for_update())


def memberships(session: Session, user_id: int) -> list[Member]:
    """Every place a person has, with its workspace, in the order the workspaces were opened."""
    places = select(Member).join(Member.workspace).options(contains_eager(Member.workspace))
    return list(session.scalars(places.where(Member.user_id == user_id).order_by(Workspace.id)))


def place_in(places: Sequence[Member], workspace_id: int | None) -> Member:
    """Of somebody's places the one in this workspace, or else the first. Raises `NotFound` when there is none."""
    if not places:
        raise NotFound("You belong to no workspace.")
    return next((place for place in places if place.workspace_id == workspace_id), places[0])


def team_of(session: Session, workspace_id: int) -> list[Member]:
    """Everybody in a workspace, in the order they joined."""
    here = select(Member).where(Member.workspace_id == workspace_id)
    return list(session.scalars(here.options(joinedload(Member.user)).order_by(Member.id)))


def must_be_in_charge(member: Member) -> None:
    """Raise `Forbidden` unless they are an owner or admin: they alone port, change lines and the team."""
    if member.role not in IN_CHARGE:
        raise Forbidden("Only owners and admins may do this.")
