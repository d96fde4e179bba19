"""Coming back: a code by mail, entered on the page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.accounts import codes
from service.accounts.code_mail import mail_new_code
from service.accounts.members import find
from service.accounts.models import User
from service.accounts.signup import confirm
from service.services import Services


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
