"""Texts as Telnyx describes and tells of them: `message.sent`, `message.finalized`, `message.received`.

https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

from datetime import timedelta
from uuid import uuid4

from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.operators import LineType, operator_of
from sandbox.records import Media, Message, Number, Service
from sandbox.scenarios import texting_error
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import TITLES, Json
from sandbox.telnyx.events import tell
from sandbox.telnyx.ten_dlc import NOT_REGISTERED, TenDlc
from sandbox.texting.attachments import Attachments
from sandbox.texting.segments import is_gsm, segments

STATUS = {
    "scheduled": "queued",
    "accepted": "queued",
    "queued": "queued",
    "sending": "sending",
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "delivery_failed",
    "unconfirmed": "delivery_unconfirmed",
    "failed": "sending_failed",
    "canceled": "cancelled",
}
"""The world's status → theirs, of the one receiver. A planned text is described as queued."""

FINAL = ("delivered", "undelivered", "unconfirmed", "failed", "canceled")
FAILING = {"3001": 40001, "3002": 40002, "3008": 40008, "3010": 40010, "3012": 40012}
"""The error of a text to an outside phone, by the phone's last four digits."""

UNCONFIRMED = "3015"
LINE_TYPES = {
    LineType.MOBILE: "Wireless",
    LineType.LANDLINE: "Wireline",
    LineType.FIXED_VOIP: "VoIP",
    LineType.NON_FIXED_VOIP: "VoIP",
}
OURS: Json = {"carrier": "Telnyx", "line_type": "VoIP"}
VALID_FOR = timedelta(hours=1)
A_PART = 0.004


class TextEvents:
    """The dialect of the second carrier."""

    bad_media = 40317
    largest_media = 1024 * 1024

    def __init__(
        self, exchange: Exchange, inventory: Inventory, attachments: Attachments, registrations: TenDlc
    ) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self._attachments = attachments
        self._registrations = registrations

    def new_id(self, *, media: bool) -> str:
        """A UUID."""
        return str(uuid4())

    def outcome(self, message: Message) -> tuple[str, int | None]:
        """By the phone's last digits, or by the number that sends."""
        number = self._inventory.held(message.from_ or "")
        failure = FAILING.get(message.to[-4:]) or (self._shortcoming(number) if number else None)
        if failure is None and message.to.endswith(UNCONFIRMED):
            return "unconfirmed", None
        return ("undelivered" if failure else "delivered"), failure

    def _shortcoming(self, number: Number) -> int | None:
        by_magic = texting_error(number, self._exchange.now())
        return NOT_REGISTERED if by_magic is not None else self._registrations.shortcoming(number)

    def tell_status(self, message: Message, status: str) -> None:
        """Tell that a text was sent, and how it ended."""
        event = "message.sent" if status == "sent" else "message.finalized" if status in FINAL else ""
        if event:
            payload = self.resource(message) | {"to": [receiver(message, STATUS[status])]}
            self._tell(message, event, message.status_callback, payload, message.status_fallback)

    def tell_received(self, received: Message, number: Number, service: Service | None, keyword: str | None) -> None:
        """Tell the number's profile; without one nobody is told."""
        if service is not None:
            url, spare = service.settings.get("webhook_url", ""), service.settings.get("webhook_failover_url", "")
            payload = self.resource(received) | {"autoresponse_type": keyword}
            self._tell(received, "message.received", url, payload, spare)

    def resource(self, message: Message) -> Json:
        """A text as Telnyx describes it."""
        described = self._sent(message) if message.direction != "inbound" else self._received(message)
        return described | {
            "record_type": "message",
            "id": message.sid,
            "type": "MMS" if message.media else "SMS",
            "messaging_profile_id": message.service_sid or "",
            "organization_id": message.account_sid,
            "cc": [],
            "text": message.body,
            "subject": None,
            "encoding": "GSM-7" if is_gsm(message.body) else "UCS-2",
            "parts": segments(message.body),
            "tags": [],
            "received_at": iso(message.created),
            "sent_at": iso(message.sent),
            "completed_at": iso(message.updated) if message.status in FINAL else None,
            "errors": _errors(message),
        }

    def _sent(self, message: Message) -> Json:
        cost = {"cost": _cost(message)} if message.status in FINAL else {}
        return cost | {
            "direction": "outbound",
            "from": {"phone_number": message.from_} | OURS,
            "to": [receiver(message, STATUS[message.status])],
            "media": [{"url": media.source, "content_type": media.content_type} for media in message.media],
            "webhook_url": message.status_callback or None,
            "webhook_failover_url": message.status_fallback or None,
            "valid_until": iso(message.created + VALID_FOR),
        }

    def _received(self, message: Message) -> Json:
        return {
            "direction": "inbound",
            "from": {"phone_number": message.from_, "status": "received"} | _line(message.from_ or ""),
            "to": [{"phone_number": message.to, "status": "webhook_delivered"} | OURS],
            "media": [self._medium(media) for media in message.media],
            "valid_until": None,
        }

    def _medium(self, media: Media) -> Json:
        size = len(self._attachments.content(media))
        return {"url": f"https://media.telnyx.com/{media.sid}", "content_type": media.content_type, "size": size}

    def _tell(self, message: Message, event: str, url: str, payload: Json, spare: str) -> None:
        tell(self._exchange, message.account_sid, url, event, payload, spare)


def receiver(message: Message, status: str) -> Json:
    """The one entry of `to` in a text that was sent."""
    return {"phone_number": message.to, "status": status} | _line(message.to)


def _line(number: str) -> Json:
    operator = operator_of(number)
    kind = LINE_TYPES.get(operator.line_type) if operator is not None and operator.line_type else None
    return {"carrier": operator.name if operator else "", "line_type": kind or ""}


def _cost(message: Message) -> Json:
    return {"amount": f"{segments(message.body) * A_PART:.4f}", "currency": "USD"}


def _errors(message: Message) -> list[Json]:
    if message.error_code is None:
        return []
    code = str(message.error_code)
    return [{"code": code, "title": TITLES[code], "detail": TITLES[code]}]
