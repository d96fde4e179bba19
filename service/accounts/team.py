"""Changes of a team: roles, granted lines, members who leave or are removed, and a new owner."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.accounts.access import grant, lines_for, seen_by
from service.accounts.change_log import Action, note
from service.accounts.invitations import revoke_those_of
from service.accounts.models import IN_CHARGE, Member, Membership
from service.errors import Conflict, Forbidden, Invalid, NotFound
from service.lines.models import BrowserOff, BrowserPhone, Line, Phone

_ONE_OWNER = "You’re the owner. Make someone else the owner first."


def colleague(session: Session, member: Member, other_id: int) -> Member:
    """Another member of the same workspace, their row locked. Raises `NotFound`."""
    here = select(Member).where(Member.id == other_id, Member.workspace_id == member.workspace_id)
    other = session.scalar(here.with_for_update(of=Member))
    if other is None:
        raise NotFound("They’re no longer on your team.")
    return other


def set_up(session: Session, changer: Member, other: Member, role: Membership, line_ids: Collection[int]) -> None:
    """Give a member of the team a role and, unless it is ADMIN, exactly these lines. Their browser rings on no other.

    Raises:
        Conflict: they are the owner, or the changer.
        Invalid: the role is OWNER; see `hand_over`.
    """
    if other.id == changer.id:
        raise Conflict("You can’t change your own role. Ask another admin or the owner.")
    if other.role is Membership.OWNER:
        raise Conflict(_ONE_OWNER)
    if role is Membership.OWNER:
        raise Invalid({"role": [_ONE_OWNER]})
    before = lines_for(session, other)
    if other.role is not role:
        _note(session, changer, other, Action.ROLE_CHANGED, before=other.role, after=role)
        other.role = role
    grant(session, other, [] if role in IN_CHARGE else line_ids)
    take_browser_off(session, other)
    after = lines_for(session, other)
    if role is Membership.MEMBER and after != before:
        _note(session, changer, other, Action.LINES_CHANGED, before=_names(before), after=_names(after))


def take_browser_off(session: Session, member: Member) -> bool:
    """Take a member's browser off the lines that they do not see any more, or where it was removed by hand.

    False if it was on none of them.
    """
    theirs = select(BrowserPhone.number).where(BrowserPhone.member_id == member.id)
    off = select(BrowserOff.line_id).where(BrowserOff.member_id == member.id)
    rings_on = select(Line.id).where(seen_by(member), Line.id.not_in(off))
    gone = Phone.number.in_(theirs), Phone.line_id.not_in(rings_on)
    return bool(session.scalars(delete(Phone).where(*gone).returning(Phone.id)).all())


def remove(session: Session, remover: Member, other: Member) -> None:
    """Remove a member: they no longer see anything of the workspace, and their phones are taken off its lines.

    The invitations they sent are revoked, so that nobody comes in on the word of a person who is gone.

    Raises:
        Conflict: they are the owner.
        Forbidden: a plain member tries to remove another one; every member but the owner may leave.
    """
    session.refresh(other, with_for_update=True)  # the workspace may have been handed over to them at this moment
    leaving = other.id == remover.id
    if not leaving and remover.role not in IN_CHARGE:
        raise Forbidden("Only owners and admins can do this.")
    if other.role is Membership.OWNER:
        raise Conflict(_ONE_OWNER)
    _note(session, remover, other, Action.MEMBER_LEFT if leaving else Action.MEMBER_REMOVED)
    revoke_those_of(session, other)
    here = select(Line.id).where(Line.workspace_id == other.workspace_id)
    session.execute(delete(Phone).where(Phone.user_id == other.user_id, Phone.line_id.in_(here)))
    session.delete(other)
    session.flush()


def hand_over(session: Session, owner: Member, other: Member) -> None:
    """Make another member the owner; the former owner stays as an admin.

    Raises:
        Forbidden: `owner` is not the owner.
        Conflict: `other` is the owner themselves.
    """
    session.refresh(owner, with_for_update=True)  # a form that is sent twice must not make two owners
    if owner.role is not Membership.OWNER:
        raise Forbidden("Only the owner can choose a new owner.")
    if other.id == owner.id:
        raise Conflict("You’re already the owner.")
    owner.role, other.role = Membership.ADMIN, Membership.OWNER
    _note(session, owner, other, Action.OWNERSHIP_HANDED_OVER)


def _note(session: Session, member: Member, other: Member, action: Action, **details: str) -> None:
    note(
        session,
        workspace_id=member.workspace_id,
        user_id=member.user_id,
        action=action,
        subject=other.user.name or other.user.email,
        details=details,
    )


def _names(lines: Iterable[Line]) -> str:
    return ", ".join(line.name for line in lines)
