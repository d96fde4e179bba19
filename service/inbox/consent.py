"""Texts that may revoke consent without a keyword: suggested to the team, which decides."""

from service.inbox.models import Direction, Message
from service.optout_words import asks_to_stop
from service.optouts import OptOut
from service.phone_numbers import is_dialable


def may_mean_stop(message: Message, last_word: OptOut | None) -> bool:
    """Whether a text reads as if its sender wants no more, and neither they nor the team have settled that since."""
    if message.direction is Direction.OUT or not is_dialable(message.conversation.contact.number):
        return False
    settled = last_word is not None and (not last_word.lifted or last_word.at >= message.at)
    return not settled and asks_to_stop(message.text)
