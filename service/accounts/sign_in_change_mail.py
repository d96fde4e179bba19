"""The e-mail that tells a person what has changed in how they sign in, in case it was somebody else."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.models import User
from service.brands import shared_brand
from service.notifications.blocks import line
from service.notifications.composing import compose
from service.queue import task
from service.services import Mail, Services
from service.time import real_time

TEMPLATES: Final = Path(__file__).parent / "templates" / "sign_in_change"


class SignInChange(StrEnum):
    """What happened; each has a block in the templates."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    TAKEN_AWAY = "taken_away"


def notify_of_change(session: Session, user_id: int, change: SignInChange) -> None:
    """Have a person mailed about a change."""
    mail_sign_in_change.defer(session, user_id=user_id, change=change, at=int(real_time().timestamp()))


@task
def mail_sign_in_change(services: Services, *, user_id: int, change: str, at: int) -> None:
    """Mail a person about a change. `at` is when it was made (seconds of the epoch)."""
    with services.sessions() as session:
        user = session.get(User, user_id)
        mail = user and _mail(services, user, change, f"<sign-in-{user_id}-{change}-{at}@portline>")
    if mail:
        services.mailer.send(mail)


def _mail(services: Services, user: User, change: str, message_id: str) -> Mail:
    facts = {"what": line(TEMPLATES / f"{user.language}.txt", change, {})}
    brand = shared_brand(services.settings, (one.workspace for one in user.memberships))
    path = "/sign-in-methods/"
    return compose(TEMPLATES, user.language, facts, brand=brand, to=user.email, message_id=message_id, path=path)
