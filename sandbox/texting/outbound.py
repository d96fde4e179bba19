"""Texts from the account: checked, sent and delivered, with a callback for each status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.errors import Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import TEST_NUMBER, Inventory
from sandbox.records import Carrier, Media, Message, Service, Step, new_sid
from sandbox.scenarios import JUMBLED, country
from sandbox.texting.attachments import is_address
from sandbox.texting.dialect import Dialect
from sandbox.texting.inbound import Inbound
from sandbox.texting.opt_out import OptOuts

RANKS = ("scheduled", "accepted", "queued", "sending", "sent")
LONGEST_BODY = 1600
MOST_MEDIA = 10
# https://www.twilio.com/docs/iam/test-credentials#magic-input
TEST_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
TEST_RECEIVERS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
WHY = {
    21211: "The 'To' number is not a valid phone number.",
    21212: "The 'From' number is not a valid phone number.",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number.",
    21606: "The 'From' phone number is not a valid, SMS-capable inbound phone number for your account.",
    21610: "Attempt to send to unsubscribed recipient.",
    21611: "This 'From' number has exceeded the maximum number of queued messages.",
    21612: "The 'To' phone number is not currently reachable via SMS.",
    21614: "The 'To' number is not a valid mobile number.",
    21659: "The 'From' number is not a Twilio phone number or short code of this account.",
}
BAD_MEDIA = 21620


@dataclass(frozen=True, slots=True)
class Text:
    """A text to send, as requested."""

    account_sid: str
    to: str
    from_: str = ""
    service_sid: str = ""
    body: str = ""
    media: list[str] = field(default_factory=list)
    status_callback: str = ""
    status_fallback: str = ""
    send_at: datetime | None = None
    direction: str = "outbound-api"


class Outbound:
    """Sends texts of the account's numbers."""

    def __init__(
        self,
        exchange: Exchange,
        inventory: Inventory,
        inbound: Inbound,
        opt_outs: OptOuts,
        dialects: Mapping[Carrier, Dialect],
    ) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._inbound = inbound
        self._opt_outs = opt_outs
        self._dialects = dialects

    def send(self, text: Text) -> Message:
        """Accept a text. Raises `Refusal` for what Twilio refuses at once; later failures come as a status.

        A text with attachments waits until `go_on` is called after these were fetched.
        """
        _must_be_complete(text)
        with self._exchange.changing():
            service = self._service(text)
            sender = self._sender(text, service)
            if self._opt_outs.stopped(service.sid if service else sender, text.to):
                raise _refusal(21610)
            message = self._message(text, service, sender)
            self._exchange.state.messages[message.sid] = message
            start = max(timedelta(0), text.send_at - self._exchange.now()) if text.send_at else timedelta(0)
            if text.media:
                self._exchange.later(StepKind.FETCH, message.sid, start)
            else:
                self._plan(message, start)
        return message

    def go_on(self, message: Message, due: datetime, *, fetched: bool) -> None:
        """Continue once the attachments were fetched; if they were not, the text is `failed`."""
        with self._exchange.at(due):
            if message.status == "canceled":
                return
            if fetched:
                self._plan(message, timedelta(0))
            else:
                self._exchange.later(StepKind.TEXT_STATUS, message.sid, detail="failed")

    def cancel(self, message: Message) -> None:
        """Cancel a scheduled text. Raises `Refusal` 30409 for any other."""
        if message.status != "scheduled":
            raise Refusal(30409, "Only scheduled messages can be canceled.", 409)
        message.status, message.updated = "canceled", self._exchange.now()

    def status(self, step: Step) -> None:
        """Advance the status of a text. Each status gets a callback, even one that comes too late to count."""
        message = self._exchange.state.messages.get(step.subject)
        if message is None or message.status == "canceled":
            return
        status = step.detail
        if _rank(status) > _rank(message.status):
            self._advance(message, status)
        self._dialect(message).tell_status(message, status)

    def _advance(self, message: Message, status: str) -> None:
        now = self._exchange.now()
        if status == "failed":
            message.error_code = self._dialect(message).bad_media
        elif status == "undelivered":
            _, message.error_code = self._dialect(message).outcome(message)
        elif status == "delivered":
            self._inbound.hand_over(message)
        elif status == "sent":
            message.sent = now
        message.status, message.updated = status, now

    def _plan(self, message: Message, start: timedelta) -> None:
        """Put the statuses of a text on the agenda, beginning `start` from now."""
        delays = self._exchange.delays
        end, _ = self._dialect(message).outcome(message)
        steps = [("sent", delays.text_sent), (end, delays.text_delivered)]
        if message.to.endswith(JUMBLED):
            steps = [
                ("delivered", delays.text_sent),
                ("sent", delays.text_delivered),
                ("delivered", delays.text_delivered),
            ]
        if message.service_sid:
            steps = [("queued", timedelta(0)), *steps]
        for status, after in steps:
            self._exchange.later(StepKind.TEXT_STATUS, message.sid, start + after, status)

    def _dialect(self, message: Message) -> Dialect:
        return self._dialects[self._exchange.carrier_of(message.account_sid)]

    def _service(self, text: Text) -> Service | None:
        if not text.service_sid:
            return None
        service = self._exchange.state.services.get(text.service_sid)
        if service is None or service.account_sid != text.account_sid:
            raise Refusal(21703, f"The Messaging Service {text.service_sid} does not exist.", 404)
        return service

    def _sender(self, text: Text, service: Service | None) -> str:
        if text.from_ in TEST_SENDERS:
            raise _refusal(TEST_SENDERS[text.from_])
        if service is not None and not text.from_:
            return self._from_pool(service, text.to)
        number = self._inventory.held(text.from_)
        owned = number is not None and number.account_sid == text.account_sid and number.texts_from is not None
        if not owned and text.from_ != TEST_NUMBER:
            raise _refusal(21659 if country(text.from_) else 21212)
        if service is not None and number is not None and number.sid not in service.pool:
            raise Refusal(21712, f"{text.from_} is not in the Messaging Service.")
        return text.from_

    def _from_pool(self, service: Service, to: str) -> str:
        """The number that last texted this contact, else the first of the pool that can text."""
        pool = [self._exchange.state.numbers[sid] for sid in service.pool]
        able = [number.phone_number for number in pool if number.texts_from is not None]
        if not able:
            raise Refusal(21704, "The Messaging Service contains no phone numbers.")
        known = [message.from_ for message in self._exchange.state.messages.values() if message.to == to]
        return next((number for number in reversed(known) if number in able), None) or able[0]

    def _message(self, text: Text, service: Service | None, sender: str) -> Message:
        now = self._exchange.now()
        status = "scheduled" if text.send_at else "accepted" if service else "queued"
        return Message(
            sid=self._dialects[self._exchange.carrier_of(text.account_sid)].new_id(media=bool(text.media)),
            account_sid=text.account_sid,
            service_sid=service.sid if service else None,
            from_=sender,
            to=text.to,
            body=text.body,
            status=status,
            direction=text.direction,
            created=now,
            updated=now,
            media=[Media(new_sid("ME"), "image/jpeg", url) for url in text.media],
            status_callback=text.status_callback or (service.settings.get("status_callback", "") if service else ""),
            status_fallback=text.status_fallback,
        )


def _must_be_complete(text: Text) -> None:
    refusals = (
        (21604, "A 'To' phone number is required.", not text.to),
        (21603, "A 'From' or 'MessagingServiceSid' parameter is required.", not (text.from_ or text.service_sid)),
        (21602, "Message body is required.", not (text.body or text.media)),
        (21617, "The concatenated message body exceeds the 1600 character limit.", len(text.body) > LONGEST_BODY),
        (21623, "Number of media files exceeds allowed limit.", len(text.media) > MOST_MEDIA),
        (BAD_MEDIA, "Invalid media URL(s).", not all(map(is_address, text.media))),
    )
    for code, why, wrong in refusals:
        if wrong:
            raise Refusal(code, why)
    if wanted := _code_of_test(text.to):
        raise _refusal(wanted)
    if country(text.to) is None:
        raise _refusal(21211)


def _code_of_test(to: str) -> int | None:
    """The code with which a text is refused: by the carrier's own test numbers, or as the number ends with it."""
    ending = int(to[-5:]) if to[-5:].isdecimal() else None
    return TEST_RECEIVERS.get(to) or (ending if ending in TEST_RECEIVERS.values() else None)


def _refusal(code: int) -> Refusal:
    return Refusal(code, WHY[code])


def _rank(status: str) -> int:
    return RANKS.index(status) if status in RANKS else len(RANKS)
