"""Signing in with a code by mail; the first one confirms the address and opens the workspace's line."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.accounts import codes
from service.accounts.code_mail import mail_new_code
from service.accounts.members import find
from service.accounts.models import User
from service.lines.inventory import lines_of, open_line
from service.services import Services
from service.time import now


def ask_code(session: Session, services: Services, email: str) -> None:
    """Send a code to a known address; an unknown one gets nothing, and the caller cannot tell the difference."""
    user = find(session, email)
    if user is not None and user.active:
        mail_new_code(session, services, user)


@dataclass(frozen=True, slots=True)
class Entered:
    """Who got in, and whether it was for the first time."""

    user: User
    first: bool


def enter(session: Session, services: Services, *, email: str, code: str) -> Entered | None:
    """Let in whoever has the code, once. A wrong one is counted, so do commit when this returns None.

    Raises:
        TooMany: it was their first time, and no more numbers may be bought now.
    """
    user = find(session, email)
    key = services.settings.secret_key
    if user is None or not user.active or not codes.matches(user, code, key):
        return None
    codes.renew(user, key)
    return Entered(user, first=confirm(session, services, user))


def confirm(session: Session, services: Services, user: User) -> bool:
    """Note that the address is theirs; a workspace without a line gets its first, and that a number, at once.

    Returns whether they or their line are new. Raises `TooMany` when no more numbers may be bought now.
    """
    first = user.confirmed_at is None
    user.confirmed_at = user.confirmed_at or now()
    bare = [member.workspace for member in user.memberships if not lines_of(session, member.workspace_id)]
    for workspace in bare:
        open_line(
            session,
            services,
            workspace_id=workspace.id,
            name=workspace.name,
            country="US",
            language=workspace.language,
            area=workspace.area,
        )
    return first or bool(bare)
