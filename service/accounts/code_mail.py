"""What follows from a wish to sign in."""

from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from service.accounts import codes
from service.accounts.models import User
from service.queue import task
from service.services import Mail, Services

_templates = Environment(
    loader=PackageLoader("service.accounts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=False,
)


def mail_new_code(session: Session, services: Services, user: User) -> None:
    """Make a person's earlier codes void and have a new one mailed."""
    codes.renew(user, services.settings.secret_key)
    session.flush()
    send_code.defer(session, user_id=user.id)


@task
def send_code(services: Services, *, user_id: int) -> None:
    """Mail a person the code that is good at the moment of sending."""
    with services.sessions.begin() as session:
        user = session.get_one(User, user_id)
    services.mailer.send(_letter(services, user))


def _letter(services: Services, user: User) -> Mail:
    said = {"code": codes.code_of(user, services.settings.secret_key), "minutes": codes.LIFE // 60}
    subject, text, html = (
        _templates.get_template(f"{user.language}/{part}").render(said)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Mail(user.email, subject, text, html, message_id=_message_id(user))


def _message_id(user: User) -> str:
    """The same for the same wish: it is told apart by the secret, of which a digest gives nothing away."""
    digest = sha256((user.us_totp_secrets or "").encode()).hexdigest()
    return f"<code-{digest[:24]}@portline>"
