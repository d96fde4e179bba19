"""Erasing a person who signs in: name, address, devices and all that lets them in. What they wrote and did stays."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, literal, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from service.accounts import sign_ins
from service.accounts.change_log import ABOUT_PEOPLE, BY_SOMEONE_ERASED, Change
from service.accounts.members import find, memberships
from service.accounts.models import Invitation, Member, Membership, User
from service.accounts.second_step import is_ours_alone
from service.accounts.team import remove
from service.calls.owners import forget_gone_phones
from service.errors import Conflict, Forbidden, NotFound, Sentence
from service.inbox.models import Message
from service.inbox.unassigning import unassign_hidden
from service.lines.models import Phone
from service.queue import task
from service.services import Services

_OWNS: Final = "You own {workspace}. Make someone else the owner, or close the account, first."
_NOBODY: Final = "–"
"""What stands in the change history for a person who was erased."""


def erase_person(session: Session, user: User, remover: Member | None = None) -> None:
    """Have a person leave every team and sign them out everywhere; soon after, nothing names them anymore.

    With a `remover` they were removed from the one team that they are on.

    Raises:
        Conflict: they own a workspace.
    """
    places = memberships(session, user.id)
    for obstacle in obstacles(places):
        raise Conflict(obstacle)
    for place in places:
        leave(session, remover or place, place)
    sign_ins.end_all(session, user.id)
    session.execute(update(User).where(User.id == user.id).values(active=False))
    forget_person.defer(session, user_id=user.id, workspace_ids=[place.workspace_id for place in places])


def erase_by_address(session: Session, email: str) -> None:
    """Do the same for the person with an address, as the operator. Raises `NotFound`, and `Conflict` as above."""
    user = find(session, email)
    if user is None:
        raise NotFound("No one has this email address.")
    erase_person(session, user)


def erase_member(session: Session, owner: Member, other: Member) -> None:
    """Do the same for a member of the owner's team.

    Raises:
        Forbidden: this is not the owner.
        Conflict: the member belongs to other workspaces too, or to our staff: only they themselves may ask for it.
    """
    if owner.role is not Membership.OWNER or other.id == owner.id:
        raise Forbidden("Only the owner can do that.")
    if not is_ours_alone(session, other):
        raise Conflict("They’re in other workspaces too. Remove them from the team; only they can delete their data.")
    erase_person(session, other.user, owner)


def obstacles(places: Sequence[Member]) -> list[Sentence]:
    """Why a person with these memberships is not erased yet: a sentence for each workspace that they own."""
    owned = [place.workspace.name for place in places if place.role is Membership.OWNER]
    return [Sentence(_OWNS, workspace=name) for name in owned]


def leave(session: Session, remover: Member, other: Member) -> None:
    """Remove a member, whose conversations become free and whose phones leave every call plan. Raises as `remove`."""
    workspace_id, user_id = other.workspace_id, other.user_id
    remove(session, remover, other)
    unassign_hidden(session, workspace_id, user_id)
    forget_gone_phones(session, workspace_id)


@task
def forget_person(services: Services, *, user_id: int, workspace_ids: list[int]) -> None:
    """Delete a person who has left these workspaces, and their name and address in what is kept."""
    with services.sessions.begin() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None or user.active:
            return
        session.execute(text("SET LOCAL statement_timeout = 0"))  # all that they ever wrote
        _forget_in_history(session, user, workspace_ids)
        session.execute(update(Message).where(Message.author_id == user_id).values(author_id=None))
        session.execute(update(Phone).where(Phone.user_id == user_id).values(user_id=None))
        session.execute(delete(Invitation).where(Invitation.email == user.email))
        session.execute(delete(User).where(User.id == user_id))


def _forget_in_history(session: Session, user: User, workspace_ids: list[int]) -> None:
    theirs = update(Change).where(Change.user_id == user.id)
    session.execute(theirs.values(details=Change.details.op("||")(literal({BY_SOMEONE_ERASED: True}, JSONB))))
    theirs_here = Change.workspace_id.in_(workspace_ids) & (Change.subject == user.name)
    named = Change.action.in_(ABOUT_PEOPLE), theirs_here | (Change.subject == user.email)
    session.execute(update(Change).where(*named).values(subject=_NOBODY))
