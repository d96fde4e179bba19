"""The e-mail with a sign-in code."""

import smtplib
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts import codes
from service.accounts.models import SignInCode, User
from service.brands import shared_brand
from service.notifications.composing import compose
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "code"

# SMTP: 5yz is for good (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1)
_FOR_GOOD: Final = 500


def mail_new_code(session: Session, services: Services, user_id: int | None, asked_by: str) -> None:
    """Queue the e-mail with a new code for a browser. For an unknown address the same is done, and nothing mailed."""
    code = codes.new_code(session, user_id, asked_by, services.settings.secret_keys)
    send_code.defer(session, code_id=code.id)


@task
def send_code(services: Services, *, code_id: int) -> None:
    """Mail a person the code that is valid at the moment of sending."""
    with services.sessions.begin() as session:
        code = session.get(SignInCode, code_id, options=[joinedload(SignInCode.user)])
        if code is None or code.user is None or code.secret is None:
            return
        mail = _mail(services, code, code.user)
    try:
        services.mailer.send(mail)
    except smtplib.SMTPRecipientsRefused as error:
        if any(refusal < _FOR_GOOD for refusal, _ in error.recipients.values()):
            raise
        _give_up(services, code_id)


def is_refused(session: Session, asked_by: str) -> bool:
    """Whether the mail server refused for good the address to which a browser's last code was to go."""
    rows = select(SignInCode).where(SignInCode.asked_by == asked_by).order_by(SignInCode.id.desc()).limit(1)
    last = session.scalar(rows)
    return last is not None and last.secret is None


def _give_up(services: Services, code_id: int) -> None:
    """Void a code whose address the mail server refuses for good; the page that waits for it says so."""
    with services.sessions.begin() as session:
        session.get_one(SignInCode, code_id).secret = None


def _mail(services: Services, code: SignInCode, user: User) -> Mail:
    facts = {"code": codes.digits_of(code, services.settings.secret_keys), "minutes": codes.LIFE // 60}
    brand = shared_brand(services.settings, (one.workspace for one in user.memberships))
    return compose(TEMPLATES, user.language, facts, brand=brand, to=user.email, message_id=_message_id(code))


def _message_id(code: SignInCode) -> str:
    """The same for the same code, by a digest of the secret that the code is made from."""
    digest = sha256((code.secret or "").encode()).hexdigest()
    return f"<code-{digest[:24]}@portline>"
