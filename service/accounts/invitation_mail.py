"""The e-mail with an invitation to a workspace."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from service.accounts.members import find
from service.accounts.models import Invitation
from service.accounts.tokens import token_of
from service.brands import brand_of
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "invitation"


@task
def send_invitation(services: Services, *, invitation_id: int) -> None:
    """Mail an invitation, unless it was accepted or revoked meanwhile."""
    with services.sessions.begin() as session:
        invitation = session.get_one(Invitation, invitation_id)
        if invitation.accepted_at or invitation.revoked_at:
            return
        mail = _mail(session, services, invitation)
    services.mailer.send(mail)


def _mail(session: Session, services: Services, invitation: Invitation) -> Mail:
    """Written in the language of the invited person if they have an account, else in that of the workspace."""
    known, workspace = find(session, invitation.email), invitation.workspace
    language = known.language if known else workspace.language
    facts = {
        "inviter": " ".join(_inviter(invitation).split()),
        "workspace": " ".join(workspace.name.split()),
        "until": Speaker(language, ZoneInfo(workspace.zone)).moment(invitation.expires_at),
    }
    brand, message_id = brand_of(services.settings, workspace), _message_id(invitation)
    path = f"/join/{token_of(invitation, services.settings.secret_keys)}"
    return compose(TEMPLATES, language, facts, brand=brand, to=invitation.email, message_id=message_id, path=path)


def _inviter(invitation: Invitation) -> str:
    inviter = invitation.inviter
    return (inviter.name or inviter.email) if inviter else invitation.workspace.name


def _message_id(invitation: Invitation) -> str:
    """The same for an invitation that is sent twice, by its expiry: the nonce is a secret."""
    return f"<invitation-{invitation.id}-{int(invitation.expires_at.timestamp())}@portline>"
