"""The letter that brings an invitation."""

from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from service.accounts.members import find
from service.accounts.models import Invitation
from service.accounts.tokens import token_of
from service.notifications.speech import Speaker
from service.queue import task
from service.services import Mail, Services

_templates = Environment(
    loader=PackageLoader("service.accounts", "templates/invitation"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
)


@task
def send_invitation(services: Services, *, invitation_id: int) -> None:
    """Mail an invitation, unless it was accepted or taken back meanwhile."""
    with services.sessions.begin() as session:
        invitation = session.get_one(Invitation, invitation_id)
        if invitation.accepted_at or invitation.revoked_at:
            return
        letter = _letter(session, services, invitation)
    services.mailer.send(letter)


def _letter(session: Session, services: Services, invitation: Invitation) -> Mail:
    """In the language of the person where we know them, else in the workspace's."""
    known, workspace, inviter = find(session, invitation.email), invitation.workspace, invitation.inviter
    language = known.language if known else workspace.language
    token = token_of(invitation, services.settings.secret_key)
    said = {
        "inviter": (inviter.name or inviter.email) if inviter else workspace.name,
        "workspace": workspace.name,
        "link": f"{services.settings.public_base_url}/join/{token}",
        "until": Speaker(language, ZoneInfo(workspace.zone)).moment(invitation.expires_at),
    }
    subject, text, html = (
        _templates.get_template(f"{language}/{part}").render(said) for part in ("subject.txt", "body.txt", "body.html")
    )
    return Mail(invitation.email, " ".join(subject.split()), text, html, message_id=_message_id(invitation))


def _message_id(invitation: Invitation) -> str:
    """The same for the same letter: each has its own expiry, and the nonce must not be told."""
    return f"<invitation-{invitation.id}-{int(invitation.expires_at.timestamp())}@portline>"
