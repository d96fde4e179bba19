"""The e-mail that says what our porting desk found about whose a number is."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.notifications.blocks import block, line
from service.notifications.bodies import Body, html_of, text_of
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
        mail = _mail(services, project, "yes" if vouched else "no", f"<claim-{project.public_id}-{decided}@portline>")
    services.mailer.send(mail)


def _mail(services: Services, project: PortProject, found: str, message_id: str) -> Mail:
    template = TEMPLATES / f"{project.language}.txt"
    speaker = Speaker(project.language, ZoneInfo(project.workspace.zone))
    facts = {"numbers": speaker.numbers([number.number for number in project.numbers])}
    link = f"{services.settings.public_base_url}/ports/{project.public_id}/review?workspace={project.workspace_id}"
    body = Body(lines=block(template, found, facts), step=line(template, f"{found}_step", facts), link=link)
    subject = line(template, f"{found}_subject", facts)
    return Mail(project.contact_email, subject, text_of(body), html_of(body, project.language), message_id)
