"""The phones of people outside: what arrived on them, how they answer."""

from sandbox.exchange import Exchange
from sandbox.records import Message, Phone, PhoneText


class Phones:
    """Every number that is not ours is a phone as soon as somebody speaks of it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def phone(self, number: str) -> Phone:
        """The phone with that number in E.164."""
        with self._exchange.lock:
            return self._exchange.state.phones.setdefault(number, Phone(number))

    def deliver(self, message: Message) -> None:
        """A text arrives."""
        media = [each.source or each.content_type for each in message.media]
        arrived = PhoneText(message.body, message.from_ or "", self._exchange.now(), media)
        self.phone(message.to).texts.append(arrived)
