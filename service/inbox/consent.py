"""What people want of our texts: keywords count at once; what may be meant so is suggested to the team."""

from datetime import datetime

from sqlalchemy.orm import Session

from service import optouts
from service.inbox.models import Contact, Direction, Message
from service.optout_words import Wish, asks_to_stop
from service.optouts import OptOut
from service.phone_numbers import is_dialable


def heed(session: Session, contact: Contact, wish: Wish | None, at: datetime | None) -> None:
    """Store a STOP or START of a contact. `at` is when they sent it (aware), by default now; the latest counts."""
    if wish is Wish.STOP:
        optouts.stop(session, contact.number, contact.workspace_id, at=at)
    elif wish is Wish.START:
        optouts.start(session, contact.number, contact.workspace_id, at=at)


def may_mean_stop(message: Message, last_word: OptOut | None) -> bool:
    """Whether a text reads as if its sender wants no more, and neither they nor the team have settled that since."""
    if message.direction is Direction.OUT or not is_dialable(message.conversation.contact.number):
        return False
    settled = last_word is not None and (not last_word.lifted or last_word.at >= message.at)
    return not settled and asks_to_stop(message.text)
