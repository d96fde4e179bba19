"""Invitations into a workspace: an e-mail with a link that works once and for a week."""

from collections.abc import Collection
from datetime import timedelta
from secrets import compare_digest, token_urlsafe
from typing import Final
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from service.accounts.access import grant
from service.accounts.change_log import Action, note
from service.accounts.invitation_mail import send_invitation
from service.accounts.members import find
from service.accounts.models import Invitation, Member, Membership, User, Workspace
from service.accounts.tokens import read
from service.errors import Forbidden, Invalid, NotFound, TooMany
from service.services import Services
from service.time import now

LIFE: Final = timedelta(days=7)
"""How long an invitation is valid."""

MOST_OPEN: Final = 50
"""How many invitations of a workspace may be open at a time."""

_NOT_GOOD: Final = (
    "This invitation no longer works. If you’ve joined already, sign in. If not, ask for a new invitation."
)


def invite(session: Session, inviter: Member, email: str, role: Membership, line_ids: Collection[int]) -> Invitation:
    """Invite a person by e-mail to join the workspace.

    Raises:
        Invalid: they are a member or were invited already, or the role is OWNER.
        TooMany: `MOST_OPEN` invitations are open.
    """
    _check(session, inviter.workspace_id, email.lower(), role)
    invitation = Invitation(
        workspace_id=inviter.workspace_id,
        email=email.lower(),
        role=role,
        line_ids=sorted(line_ids),
        invited_by=inviter.user_id,
        nonce=token_urlsafe(12),
        expires_at=now() + LIFE,
    )
    session.add(invitation)
    session.flush()
    send_invitation.defer(session, invitation_id=invitation.id)
    _note(session, inviter, Action.MEMBER_INVITED, invitation)
    return invitation


def send_again(session: Session, sender: Member, invitation_id: int) -> Invitation:
    """Mail a new link that is valid for another week; earlier links are void. Raises `NotFound`."""
    invitation = _open(session, sender, invitation_id)
    invitation.nonce, invitation.expires_at = token_urlsafe(12), now() + LIFE
    send_invitation.defer(session, invitation_id=invitation.id)
    _note(session, sender, Action.INVITATION_SENT_AGAIN, invitation)
    return invitation


def revoke(session: Session, revoker: Member, invitation_id: int) -> None:
    """Revoke an invitation; its link is void from now on. Raises `NotFound`."""
    invitation = _open(session, revoker, invitation_id)
    invitation.revoked_at = now()
    _note(session, revoker, Action.INVITATION_REVOKED, invitation)


def revoke_those_of(session: Session, member: Member) -> None:
    """Revoke the open invitations that a member sent."""
    theirs = Invitation.workspace_id == member.workspace_id, Invitation.invited_by == member.user_id
    session.execute(update(Invitation).where(*theirs, *_OPEN).values(revoked_at=now()))


def open_invitations(session: Session, workspace_id: int) -> list[Invitation]:
    """Invitations that were neither accepted nor revoked, oldest first; some may have expired."""
    rows = select(Invitation).where(Invitation.workspace_id == workspace_id, *_OPEN)
    return list(session.scalars(rows.order_by(Invitation.id)))


def invitation_of(session: Session, services: Services, token: str) -> Invitation:
    """The invitation that a link belongs to. Raises `NotFound` for a link that is forged, used, revoked or expired."""
    invitation_id, nonce = read(token, services.settings.secret_keys)
    rows = select(Invitation).where(Invitation.id == invitation_id, *_OPEN).options(joinedload(Invitation.workspace))
    invitation = session.scalar(rows.with_for_update(of=Invitation))
    if invitation is None or invitation.expires_at < now() or not compare_digest(invitation.nonce, nonce):
        raise NotFound(_NOT_GOOD)
    return invitation


def known_or_new(session: Session, invitation: Invitation) -> User:
    """The invited person's account. A new one is made if needed, which has no workspace until they accept."""
    user = find(session, invitation.email)
    if user is None:
        user = User(email=invitation.email, language=invitation.workspace.language, fs_uniquifier=uuid4().hex)
        session.add(user)
        session.flush()
    return user


def accept(session: Session, invitation: Invitation, user: User) -> Member:
    """Make the person a member; the link works no more. Raises `Forbidden` when another person was invited."""
    if user.email != invitation.email:
        raise Forbidden("This invitation is for someone else.")
    invitation.accepted_at = now()
    here = select(Member).where(Member.workspace_id == invitation.workspace_id, Member.user_id == user.id)
    member = session.scalar(here)
    if member is None:
        member = Member(workspace_id=invitation.workspace_id, user_id=user.id, role=invitation.role)
        session.add(member)
        session.flush()
        grant(session, member, invitation.line_ids)
        _note(session, member, Action.MEMBER_JOINED, invitation)
    return member


_OPEN = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


def _check(session: Session, workspace_id: int, email: str, role: Membership) -> None:
    if role is Membership.OWNER:
        raise Invalid({"role": ["A workspace has one owner. Invite them as an admin, then make them the owner."]})
    belongs = select(Member.id).join(Member.user).where(Member.workspace_id == workspace_id, User.email == email)
    if session.scalar(belongs):
        raise Invalid({"email": ["They’re already on the team."]})
    session.get_one(Workspace, workspace_id, with_for_update=True)  # two admins may invite the same person at once
    asked = select(Invitation.id).where(Invitation.workspace_id == workspace_id, Invitation.email == email, *_OPEN)
    if session.scalar(asked):
        raise Invalid({"email": ["They’ve already been invited. You can send the invitation again below."]})
    count = select(func.count()).where(Invitation.workspace_id == workspace_id, *_OPEN)
    if (session.scalar(count) or 0) >= MOST_OPEN:
        raise TooMany("Too many invitations are open. Cancel some first, or wait until they’re accepted.")


def _open(session: Session, member: Member, invitation_id: int) -> Invitation:
    here = (Invitation.id == invitation_id, Invitation.workspace_id == member.workspace_id, *_OPEN)
    invitation = session.scalar(select(Invitation).where(*here).with_for_update())
    if invitation is None:
        raise NotFound("We can’t find this invitation. It was accepted or canceled.")
    return invitation


def _note(session: Session, member: Member, action: Action, invitation: Invitation) -> None:
    note(
        session,
        workspace_id=invitation.workspace_id,
        user_id=member.user_id,
        action=action,
        subject=invitation.email,
        details={"role": invitation.role},
    )
