"""The e-mail to a person at the porting desk whom a colleague has mentioned in a comment."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.brands import our_brand
from service.desk.comments import DeskMention
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.queue import task
from service.services import Mail, Services
from service.time import now

TEMPLATES: Final = Path(__file__).parent / "templates" / "mention"


@task
def mail_desk_mention(services: Services, *, comment_id: int, user_id: int) -> None:
    """Mail the mention, once. The comment itself is read on the desk's page, behind a second step."""
    with services.sessions.begin() as session:
        mention = session.get(DeskMention, (comment_id, user_id))
        if mention is None or mention.mailed_at:
            return
        mail = _mail(services, mention)
    services.mailer.send(mail)
    with services.sessions.begin() as session:
        if sent := session.get(DeskMention, (comment_id, user_id)):
            sent.mailed_at = now()


def _mail(services: Services, mention: DeskMention) -> Mail:
    project, author, user = mention.comment.project, mention.comment.author, mention.user
    speaker = Speaker(user.language, ZoneInfo(project.workspace.zone))
    facts = {
        "author": " ".join((author.name or author.email).split()) if author else "–",
        "workspace": " ".join(project.workspace.name.split()),
        "numbers": speaker.numbers([number.number for number in project.numbers]),
    }
    brand, path = our_brand(services.settings), f"/desk/transfers/{project.public_id}"
    message_id = f"<desk-mention-{mention.comment_id}-{mention.user_id}@portline>"
    return compose(TEMPLATES, user.language, facts, brand=brand, to=user.email, message_id=message_id, path=path)
