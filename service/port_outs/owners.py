"""Telling those in charge of a workspace that a number of theirs leaves, by mail and by text."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import IN_CHARGE, Member, Membership, Workspace
from service.lines.models import PhoneNumber
from service.notifications.facts import About
from service.notifications.leaving_notices import LeavingNotice
from service.notifications.notify import Recipient, notify
from service.porting.models import PortProject
from service.services import Services


def notify_those_in_charge(
    session: Session, services: Services, number: PhoneNumber, notice: LeavingNotice, link: str, version: str
) -> None:
    """Notify the owner and admins of a number's workspace, once for each `version` of a kind of notice.

    All are mailed, and the owner is texted too. `link` is the page of ours (a URL) where they go on.
    """
    workspace = session.get_one(Workspace, number.line.workspace_id)
    about = About(numbers=[number.number], link=link, zone=workspace.zone)
    for member in _in_charge(session, workspace.id):
        phone = _contact_number(session, number) if member.role is Membership.OWNER else ""
        recipient = Recipient(None, workspace.id, member.user.language, phone, member.user.email)
        notify(session, services, recipient, about, notice, f"{version}:{member.user_id}")


def _in_charge(session: Session, workspace_id: int) -> list[Member]:
    here = Member.workspace_id == workspace_id, Member.role.in_(IN_CHARGE)
    return list(session.scalars(select(Member).where(*here).options(joinedload(Member.user)).order_by(Member.id)))


def _contact_number(session: Session, number: PhoneNumber) -> str:
    """The phone (E.164) that the workspace named last for news of its transfers, unless it is this number; or ""."""
    named = PortProject.workspace_id == number.line.workspace_id, PortProject.contact_number.not_in(["", number.number])
    newest = select(PortProject.contact_number).where(*named).order_by(PortProject.id.desc())
    return session.scalar(newest.limit(1)) or ""
