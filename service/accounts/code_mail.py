"""The e-mail with a sign-in code."""

import smtplib
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from service.accounts import codes
from service.accounts.members import find
from service.accounts.models import User
from service.notifications.blocks import block, line
from service.notifications.bodies import Body, html_of, text_of
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "code"

# SMTP: 5yz is for good (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1)
_FOR_GOOD: Final = 500


def mail_new_code(session: Session, services: Services, user: User) -> None:
    """Void a person's earlier sign-in codes and queue the e-mail with a new one."""
    codes.renew(user, services.settings.secret_key)
    session.flush()
    send_code.defer(session, user_id=user.id)


@task
def send_code(services: Services, *, user_id: int) -> None:
    """Mail a person the code that is valid at the moment of sending."""
    with services.sessions.begin() as session:
        user = session.get_one(User, user_id)
    if user.us_totp_secrets is None:  # given up meanwhile
        return
    try:
        services.mailer.send(_mail(services, user))
    except smtplib.SMTPRecipientsRefused as error:
        if any(code < _FOR_GOOD for code, _ in error.recipients.values()):
            raise
        _give_up(services, user_id)


def is_refused(session: Session, email: str) -> bool:
    """Whether the mail server refused for good the address to which a code was to go."""
    user = find(session, email)
    return user is not None and user.us_totp_secrets is None


def _give_up(services: Services, user_id: int) -> None:
    """Void the code of a person whose address the mail server refuses for good; the page that waits for it says so."""
    with services.sessions.begin() as session:
        codes.void(session.get_one(User, user_id))


def _mail(services: Services, user: User) -> Mail:
    template = TEMPLATES / f"{user.language}.txt"
    facts = {"code": codes.code_of(user, services.settings.secret_key), "minutes": codes.LIFE // 60}
    subject, body = line(template, "subject", facts), Body(lines=block(template, "body", facts))
    return Mail(user.email, subject, text_of(body), html_of(body, user.language), message_id=_message_id(user))


def _message_id(user: User) -> str:
    """The same for the same code, by a digest of the secret that the code is made from."""
    digest = sha256((user.us_totp_secrets or "").encode()).hexdigest()
    return f"<code-{digest[:24]}@portline>"
