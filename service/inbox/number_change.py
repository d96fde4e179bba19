"""The automatic answer to texts to a retiring number, which tells the line's new number."""

from typing import Final

from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.inbox.automatic import Occasion, answer
from service.inbox.models import Message
from service.language import Language
from service.lines.inventory import outgoing_number
from service.lines.models import NumberRole, PhoneNumber
from service.written_numbers import written

_WORDS: Final = {
    Language.ENGLISH: "Automatic reply from {business}: we got your text. "
    "Our number is now {number}, please use it from now on.",
    Language.SWEDISH: "Autosvar från {business}: vi har fått ditt sms. "
    "Vårt nummer är nu {number}, använd gärna det i fortsättningen.",
    Language.SPANISH: "Respuesta automática de {business}: recibimos su mensaje. "
    "Nuestro número ahora es {number}; por favor, úselo de aquí en adelante.",
    Language.FRENCH: "Réponse automatique de {business} : nous avons reçu votre texto. "
    "Notre numéro est maintenant le {number}; merci de l’utiliser désormais.",
}


def answer_for_retiring(session: Session, message: Message, texted: PhoneNumber) -> None:
    """Answer a text to a retiring number with the number that the line texts from now, once for each contact."""
    if texted.role is not NumberRole.RETIRING or texted.retiring_since is None:
        return
    line = message.conversation.line
    real = outgoing_number(session, line.id)
    if real is None or real.id == texted.id:
        return
    business = session.get_one(Workspace, line.workspace_id).name
    text = _WORDS[line.language].format(business=business, number=written(real.number))
    answer(session, message, Occasion.RETIRING, text, texted.retiring_since.date())
