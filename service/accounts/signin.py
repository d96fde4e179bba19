"""Signing in with a code sent by mail; the first code confirms the address and opens the workspace's line."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.code_mail import mail_new_code
from service.accounts.codes import enter_code
from service.accounts.models import User
from service.accounts.newcomers import welcome
from service.lines.inventory import lines_of
from service.services import Services
from service.time import now


def ask_code(session: Session, services: Services, email: str, asked_by: str) -> None:
    """Mail a code to a known address. An unknown one gets none; neither what is done nor how long it takes tells."""
    user_id = session.scalar(select(User.id).where(User.email == email.lower(), User.active))
    mail_new_code(session, services, user_id, asked_by)


@dataclass(frozen=True, slots=True)
class Entered:
    """The person who signed in, and whether this was their first time."""

    user: User
    first: bool


def enter(session: Session, services: Services, *, asked_by: str, code: str) -> Entered | None:
    """The person whose code this is; a code works once. None for a wrong code: commit, as it is counted."""
    user = enter_code(session, asked_by, code, services.settings.secret_keys)
    if user is None or not user.active:
        return None
    return Entered(user, first=confirm(session, services, user))


def confirm(session: Session, services: Services, user: User) -> bool:
    """Mark the address as confirmed. Each workspace of theirs without a line gets one, with a number when it may.

    Returns whether they or their line are new.
    """
    first = user.confirmed_at is None
    user.confirmed_at = user.confirmed_at or now()
    without_line = [member.workspace for member in user.memberships if not lines_of(session, member.workspace_id)]
    for workspace in without_line:
        welcome(session, services, workspace)
    return first or bool(without_line)
