"""Whether the contact of a conversation may be called or texted now, as far as money and destinations go."""

from sqlalchemy.orm import Session

from service.errors import Conflict
from service.inbox.models import Conversation
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import Line, Phone
from service.phone_numbers import is_dialable
from service.spending.permission import SENTENCES, Stop, Use, report, stop_of
from service.web.shell.context import services
from service.web.shell.scoped import my_conversation


def must_be_permitted(conversation_id: int, phone_id: int = 0) -> None:
    """Raise `Conflict` if the contact may not be texted, or called from this phone of the line."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        _must_permit(session, _use(session, conversation, session.get(Phone, phone_id)))


def must_be_permitted_to(conversation_id: int, number: str) -> None:
    """Raise `Conflict` if the business may not call a number (E.164) now."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        shown = shown_number(numbers_of(session, conversation.line_id))
        _must_permit(session, Use(conversation.contact.workspace_id, shown.number, (number,)) if shown else None)


def must_permit_texts(session: Session, conversation: Conversation) -> None:
    """Raise `Conflict` if the contact may not be texted now."""
    _must_permit(session, _use(session, conversation, None))


def must_permit_texts_to(session: Session, line: Line, number: str) -> None:
    """Raise `Conflict` if a number (E.164) may not be texted from a line now."""
    shown = shown_number(numbers_of(session, line.id))
    _must_permit(session, Use(line.workspace_id, shown.number, (number,)) if shown and is_dialable(number) else None)


def refusal(session: Session, conversation: Conversation) -> str:
    """Why the contact may not be texted now, as a sentence; "" if they may."""
    stop = _stop(session, _use(session, conversation, None))
    return SENTENCES[stop] if stop else ""


def _must_permit(session: Session, use: Use | None) -> None:
    """Raise `Conflict` for what is not permitted; the operators hear of it in a transaction of its own."""
    stop = _stop(session, use)
    if use and stop:
        with services().sessions.begin() as apart:
            report(apart, use, stop)
        raise Conflict(SENTENCES[stop])


def _stop(session: Session, use: Use | None) -> Stop | None:
    return stop_of(session, services().settings, use) if use else None


def _use(session: Session, conversation: Conversation, phone: Phone | None) -> Use | None:
    """None for a contact without a phone number, or on a line without one: that is refused for itself."""
    contact, shown = conversation.contact, shown_number(numbers_of(session, conversation.line_id))
    if shown is None or not is_dialable(contact.number):
        return None
    dialed = (contact.number, phone.number) if phone else (contact.number,)
    return Use(contact.workspace_id, shown.number, dialed, texts=0 if phone else 1)
