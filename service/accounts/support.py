"""Letting our staff look into a workspace for some hours: the owner grants it, ends it, and reads what they saw."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership, User, Workspace
from service.accounts.support_models import SupportAccess, SupportView
from service.errors import Forbidden, NotFound
from service.time import now

HOURS: Final = (1, 8, 24, 72)
"""For how long access can be granted."""

KEPT: Final = timedelta(days=90)
"""How long after its end an access is kept with what was seen."""

SHOWN: Final = 200
"""How many pages that were seen an owner reads."""

_SAME: Final = timedelta(minutes=10)
"""A page that renews itself, or is opened again so soon, is noted once."""


def grant_support(session: Session, owner: Member, hours: int) -> None:
    """Let our staff look into a workspace for some hours from now, in place of an earlier grant."""
    _must_own(owner)
    _end(session, owner.workspace_id)
    session.add(SupportAccess(workspace_id=owner.workspace_id, ends_at=now() + timedelta(hours=hours)))
    _note(session, owner, Action.SUPPORT_GRANTED, hours=str(hours))


def end_support(session: Session, owner: Member) -> None:
    """End the access at once. Idempotent."""
    _must_own(owner)
    if _end(session, owner.workspace_id):
        _note(session, owner, Action.SUPPORT_ENDED)


def views_of(session: Session, workspace_id: int) -> Sequence[tuple[SupportView, User | None]]:
    """What our staff saw of a workspace lately, newest first, with who it was."""
    seen = select(SupportView, User).join(SupportAccess, SupportAccess.id == SupportView.access_id)
    here = seen.outerjoin(User, User.id == SupportView.user_id).where(SupportAccess.workspace_id == workspace_id)
    return [(view, user) for view, user in session.execute(here.order_by(SupportView.id.desc()).limit(SHOWN))]


def open_accesses(session: Session) -> Sequence[tuple[SupportAccess, Workspace]]:
    """The workspaces that our staff may look into now, the one whose access ends first at the top."""
    found = select(SupportAccess, Workspace).join(Workspace, Workspace.id == SupportAccess.workspace_id)
    opened = found.where(SupportAccess.ends_at > now()).order_by(SupportAccess.ends_at)
    return [(access, workspace) for access, workspace in session.execute(opened)]


def access_by_id(session: Session, access_id: int | None) -> SupportAccess:
    """An access that has not ended. Raises `NotFound`."""
    found = select(SupportAccess).where(SupportAccess.id == access_id, SupportAccess.ends_at > now())
    access = session.scalar(found)
    if access is None:
        raise NotFound("Support access to this workspace has ended.")
    return access


def note_view(session: Session, access: SupportAccess, user_id: int, path: str) -> None:
    """Note that one of our staff opens a page."""
    same = SupportView.access_id == access.id, SupportView.user_id == user_id, SupportView.path == path[:500]
    if not session.scalar(select(exists().where(*same, SupportView.at > now() - _SAME))):
        session.add(SupportView(access_id=access.id, user_id=user_id, path=path[:500]))


def onlooker(session: Session, workspace_id: int, user_id: int) -> Member:
    """One of our staff as an admin of a workspace who is in no table; the transaction cannot write anything.

    https://www.postgresql.org/docs/15/sql-set-transaction.html
    """
    session.execute(text("SET TRANSACTION READ ONLY"))
    found = Member(workspace_id=workspace_id, user_id=user_id, role=Membership.ADMIN)
    found.on_duty, found.hides_checklist = False, True
    set_committed_value(found, "workspace", session.get_one(Workspace, workspace_id))
    set_committed_value(found, "user", session.get_one(User, user_id))
    return found


def forget_support(session: Session) -> None:
    """Delete accesses that ended long ago, with what was seen."""
    session.execute(delete(SupportAccess).where(SupportAccess.ends_at < now() - KEPT))


def _must_own(member: Member) -> None:
    if member.role is not Membership.OWNER:
        raise Forbidden("Only the owner can do that.")


def _end(session: Session, workspace_id: int) -> bool:
    lasting = SupportAccess.workspace_id == workspace_id, SupportAccess.ends_at > now()
    ended = update(SupportAccess).where(*lasting).values(ends_at=now()).returning(SupportAccess.id)
    return bool(session.scalars(ended).all())


def _note(session: Session, owner: Member, action: Action, **details: str) -> None:
    note(session, workspace_id=owner.workspace_id, user_id=owner.user_id, action=action, details=details)
