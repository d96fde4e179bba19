"""The e-mails to a transfer's contact: the desk wrote to them, or asks them for something."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.brands import brand_of
from service.desk.correspondence import DeskQuestion, TransferMessage
from service.notifications.bodies import quoted
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.porting.models import PortProject
from service.queue import task
from service.services import Mail, Services

TEMPLATES: Final = Path(__file__).parent / "templates"


@task
def mail_transfer_message(services: Services, *, message_id: int) -> None:
    """Mail what the desk wrote."""
    with services.sessions.begin() as session:
        message = session.get_one(TransferMessage, message_id)
        mail = _mail(services, message.project, "message", f"message-{message_id}", text=quoted(message.text))
    services.mailer.send(mail)


@task
def mail_desk_question(services: Services, *, question_id: int) -> None:
    """Mail what the desk asks, with the link to answer, unless it was answered or taken back meanwhile."""
    with services.sessions.begin() as session:
        question = session.get_one(DeskQuestion, question_id)
        if question.answered_at or question.taken_back_at:
            return
        mail = _mail(
            services, question.project, "question", f"question-{question_id}", "/fix", text=quoted(question.text)
        )
    services.mailer.send(mail)


def _mail(services: Services, project: PortProject, kind: str, name: str, page: str = "", *, text: str) -> Mail:
    """In the transfer's language; it holds what the desk wrote, in which no secret was let through."""
    speaker = Speaker(project.language, ZoneInfo(project.workspace.zone))
    spoken = {
        "numbers": speaker.numbers([number.number for number in project.numbers]),
        "text": text,
    }
    path = f"/ports/{project.public_id}{page}?workspace={project.workspace_id}"
    brand = brand_of(services.settings, project.workspace)
    message_id = f"<desk-{name}@portline>"
    to = project.contact_email
    return compose(TEMPLATES / kind, project.language, spoken, brand=brand, to=to, message_id=message_id, path=path)
