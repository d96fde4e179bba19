"""The one polite answer that somebody gets who still texts a number on its way out."""

from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service import optouts
from service.accounts.models import Workspace
from service.inbox.contacts import is_dialable
from service.inbox.models import Conversation, Message
from service.language import Language
from service.lines.inventory import number_held, outgoing_number
from service.lines.models import NumberRole, PhoneNumber

_WORDS: Final = {
    Language.ENGLISH: "Automatic reply from {business}: we got your text. "
    "Our number is now {number}, please use it from now on.",
    Language.SWEDISH: "Autosvar från {business}: vi har fått ditt sms. "
    "Vårt nummer är nu {number}, använd gärna det i fortsättningen.",
}


def answer_for_retiring(session: Session, conversation: Conversation, texted: PhoneNumber) -> str:
    """What to answer a text to this number, or "" for nothing.

    Only a retiring number answers: once for each contact, never a machine or one of our own numbers (two of them
    would answer each other), never somebody who sent STOP.
    """
    real = outgoing_number(session, conversation.line_id)
    if texted.role is not NumberRole.RETIRING or real is None or real.id == texted.id:
        return ""
    if _is_machine(session, conversation) or _answered(session, conversation, texted):
        return ""
    business = session.get_one(Workspace, conversation.line.workspace_id).name
    return _WORDS[conversation.line.language].format(business=business, number=real.number)


def _is_machine(session: Session, conversation: Conversation) -> bool:
    contact = conversation.contact
    return (
        not is_dialable(contact.number)
        or number_held(session, contact.number) is not None
        or optouts.stopped(session, contact.number, contact.workspace_id)
    )


def _answered(session: Session, conversation: Conversation, texted: PhoneNumber) -> bool:
    before = (
        Message.conversation_id == conversation.id,
        Message.automatic,
        Message.at >= texted.retiring_since,
    )
    return bool(session.scalar(select(exists().where(*before))))
