"""The automatic answer to texts that come in while the line is closed."""

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.inbox.automatic import Occasion, answer
from service.inbox.handling import settings_of
from service.inbox.models import Message
from service.language import Language
from service.time import today

_WORDS: Final = {
    Language.ENGLISH: "Automatic reply from {business}: we are closed at the moment. "
    "We have your text and answer when we are open again.",
    Language.SWEDISH: "Autosvar från {business}: vi har stängt just nu. "
    "Vi har fått ditt sms och svarar när vi har öppet igen.",
    Language.SPANISH: "Respuesta automática de {business}: ahora estamos cerrados. "
    "Recibimos su mensaje y le responderemos cuando volvamos a abrir.",
    Language.FRENCH: "Réponse automatique de {business} : nous sommes fermés en ce moment. "
    "Nous avons reçu votre texto et répondrons à la réouverture.",
}


def standard_words(language: Language, business: str) -> str:
    """The answer if the team has not written one of its own."""
    return _WORDS[language].format(business=business)


def answer_after_hours(session: Session, message: Message) -> None:
    """Answer a text that came in while its line was closed, once per contact and day in the workspace's time zone."""
    line = message.conversation.line
    settings = settings_of(session, line.id)
    if not settings.after_hours:
        return
    workspace = session.get_one(Workspace, line.workspace_id)
    text = settings.after_hours_text or standard_words(line.language, workspace.name)
    answer(session, message, Occasion.AFTER_HOURS, text, today(ZoneInfo(workspace.zone)))
