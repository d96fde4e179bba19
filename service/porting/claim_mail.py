"""The e-mail that says what our porting desk found about whose a number is."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.brands import brand_of
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.porting.models import PortProject
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates" / "claim"


@task
def send_decision(services: Services, *, project_id: int, vouched: bool, decided: int) -> None:
    """Mail a draft's contact whether it can be sent now. `decided` is when the desk said so (seconds of the epoch)."""
    with services.sessions.begin() as session:
        project = session.get_one(PortProject, project_id)
        found = TEMPLATES / ("vouched" if vouched else "unclear")
        mail = _mail(services, project, found, f"<claim-{project.public_id}-{decided}@portline>")
    services.mailer.send(mail)


def _mail(services: Services, project: PortProject, found: Path, message_id: str) -> Mail:
    speaker = Speaker(project.language, ZoneInfo(project.workspace.zone))
    facts = {"numbers": speaker.numbers([number.number for number in project.numbers])}
    path, to = f"/ports/{project.public_id}/review?workspace={project.workspace_id}", project.contact_email
    brand = brand_of(services.settings, project.workspace)
    return compose(found, project.language, facts, brand=brand, to=to, message_id=message_id, path=path)
