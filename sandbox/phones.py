"""Outside phones: the texts that arrived on them, and how they answer calls."""

from typing import Final

from sandbox.exchange import Exchange
from sandbox.records import Message, Phone, PhoneText

SECONDS: Final = {"busy": 0, "failed": 0, "voicemail": 1, "no-answer": 3600}
"""Seconds of ringing before each answer. The voicemail of a mobile that is switched off answers at once."""

A_PERSON: Final = 5
"""Seconds of ringing until a person picks up."""


def how_it_answers(words: str) -> tuple[str, int]:
    """Read how a phone answers, and after how many seconds, from words like `press:1 after 12`. Raises `ValueError`.

    Without a number of seconds: 5 for a person, 1 for a voicemail, 0 for a busy or failed call, never for `no-answer`.
    """
    answer, _, seconds = words.partition(" after ")
    return answer, int(seconds) if seconds else SECONDS.get(answer, A_PERSON)


class Phones:
    """Keeps outside phones; each is created when its number is first used. `pages` are the browsers that are open."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.pages: set[str] = set()

    def phone(self, number: str) -> Phone:
        """The phone with that number in E.164."""
        with self._exchange.lock:
            return self._exchange.state.phones.setdefault(number, Phone(number))

    def is_known(self, number: str) -> bool:
        """Whether a phone was used or told how to answer."""
        return number in self._exchange.state.phones

    def deliver(self, message: Message) -> None:
        """Deliver a text to the phone it is for."""
        media = [each.source or each.content_type for each in message.media]
        arrived = PhoneText(message.body, message.from_ or "", self._exchange.now(), media)
        self.phone(message.to).texts.append(arrived)
