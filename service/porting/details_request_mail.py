"""The e-mail that asks a person outside the workspace for details of a draft."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.brands import brand_of
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.porting.models import DetailsRequest
from service.porting.signed_links import details_path
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "details_request"


@task
def send_details_request(services: Services, *, request_id: int) -> None:
    """Mail the link of a request, unless it was taken back meanwhile."""
    with services.sessions.begin() as session:
        request = session.get_one(DetailsRequest, request_id)
        if request.revoked_at:
            return
        mail = _mail(services, request)
    services.mailer.send(mail)


def asker_of(request: DetailsRequest) -> str:
    """Who asks: the member's name or address, or the business once their account is gone. On one line."""
    asker, workspace = request.asker, request.project.workspace
    return " ".join(((asker.name or asker.email) if asker else workspace.name).split())


def _mail(services: Services, request: DetailsRequest) -> Mail:
    """In the language of the draft. It names the business and its first number, and nothing that was answered."""
    project = request.project
    speaker = Speaker(project.language, ZoneInfo(project.workspace.zone))
    facts = {
        "asker": asker_of(request),
        "workspace": " ".join(project.workspace.name.split()),
        "numbers": speaker.numbers([number.number for number in project.numbers]),
        "fields": request.fields,
        "until": speaker.moment(request.expires_at),
    }
    path, message_id = details_path(services, request), _message_id(request)
    brand = brand_of(services.settings, project.workspace)
    return compose(TEMPLATES, project.language, facts, brand=brand, to=request.email, message_id=message_id, path=path)


def _message_id(request: DetailsRequest) -> str:
    """The same for a mail that is sent twice, by the link's expiry: the nonce is a secret."""
    return f"<details-request-{request.id}-{int(request.expires_at.timestamp())}@portline>"
