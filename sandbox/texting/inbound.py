"""Texts to numbers of the account."""

from collections.abc import Mapping

from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.phones import Phones
from sandbox.reachability import Destination, Reachability
from sandbox.records import Carrier, Leg, Media, Message, PhoneText, Service, new_sid
from sandbox.texting.dialect import Dialect
from sandbox.texting.opt_out import OptOuts, keyword


class Inbound:
    """Receives texts for the account's numbers."""

    def __init__(
        self,
        exchange: Exchange,
        reachability: Reachability,
        inventory: Inventory,
        phones: Phones,
        opt_outs: OptOuts,
        dialects: Mapping[Carrier, Dialect],
    ) -> None:
        self._exchange = exchange
        self._reachability = reachability
        self._inventory = inventory
        self._phones = phones
        self._opt_outs = opt_outs
        self._dialects = dialects

    def text(self, from_: str, to: str, body: str, media: list[Media]) -> Message:
        """Take a text from an outside phone; `undelivered` if it goes elsewhere. Raises `Unknown`."""
        with self._exchange.changing():
            self._phones.phone(from_)
            return self._receive(
                self._message(from_, to, body, media), self._reachability.destination(to, from_, Leg.TEXTS)
            )

    def elsewhere(self, from_: str, to: str, body: str) -> Message:
        """A text from an outside phone to somebody who is no customer of the carrier; it is not kept."""
        return self._message(from_, to, body, [])

    def hand_over(self, message: Message) -> None:
        """Deliver a text of the account to an outside phone, or to another number of the account."""
        if self._inventory.held(message.to) is None:
            self._phones.deliver(message)
        else:
            sender = message.from_ or ""
            received = self._message(sender, message.to, message.body, message.media)
            self._receive(received, self._reachability.destination(message.to, sender, Leg.TEXTS))

    def _message(self, from_: str, to: str, body: str, media: list[Media]) -> Message:
        now = self._exchange.now()
        return Message(
            sid=new_sid("MM" if media else "SM"),
            account_sid=self._exchange.account_sid,
            service_sid=None,
            from_=from_,
            to=to,
            body=body,
            status="received",
            direction="inbound",
            created=now,
            updated=now,
            media=media,
            sent=now,
        )

    def _receive(self, received: Message, destination: Destination) -> Message:
        """Receive a text, or deliver it to the phone at the old operator, or lose it."""
        number = self._inventory.held(received.to)
        if destination is not Destination.OURS or number is None:
            received.status = "undelivered"
            if destination is Destination.OLD:
                self._phones.deliver(received)
            return received
        service = self._inventory.service_of(number)
        dialect = self._dialects[self._exchange.carrier_of(number.account_sid)]
        received.sid = dialect.new_id(media=bool(received.media))
        received.account_sid, received.service_sid = number.account_sid, service.sid if service else None
        self._exchange.state.messages[received.sid] = received
        keyword_heeded = self._heed_keyword(received, service)
        dialect.tell_received(received, number, service, keyword_heeded)
        return received

    def _heed_keyword(self, received: Message, service: Service | None) -> str | None:
        kind, contact = keyword(received.body), received.from_ or ""
        if kind:
            answer = self._opt_outs.hears(service.sid if service else received.to, contact, kind)
            if answer and self._inventory.held(contact) is None:
                self._phones.phone(contact).texts.append(PhoneText(answer, received.to, self._exchange.now()))
        return kind
