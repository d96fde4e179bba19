"""Texts and pictures (https://www.twilio.com/docs/messaging/api/message-resource)."""

from datetime import UTC, datetime
from decimal import Decimal

from twilio.base import values
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from provisioning.carriers.twilio.client import LEEWAY, understood
from provisioning.carriers.twilio.pool import Pool
from provisioning.carriers.twilio.settings import Settings
from provisioning.carriers.twilio.vocabulary import MESSAGE_STATUSES, evened, trouble
from provisioning.carriers.twilio.webhook_urls import insistent
from provisioning.contract.errors import Refused
from provisioning.contract.messaging import (
    LoggedMessage,
    Media,
    MediaLimits,
    MessageStatus,
    OutgoingMessage,
    SentMessage,
    Trouble,
)
from provisioning.media import MediaHosts
from provisioning.texts import are_same_words, take_pictures

LOOKED_THROUGH = 200
PAGE = 1000


class TwilioMessaging:
    """The messaging facet. With a messaging service, messages leave through it from the sender we name."""

    def __init__(self, client: Client, media: MediaHosts, settings: Settings) -> None:
        self._client = client
        self._media = media
        self._settings = settings

    def enrol(self, reference: str, pool: str = "") -> None:
        """Add a number to the pool of a messaging service."""
        self._pool(pool).add(reference)

    def enrolled(self, reference: str, pool: str = "") -> bool:
        """Whether a number is in that pool."""
        return self._pool(pool).has(reference)

    def withdraw(self, reference: str, pool: str = "") -> None:
        """Remove a number from that pool."""
        self._pool(pool).remove(reference)

    def media_limits(self, sender: str, recipient: str) -> MediaLimits:
        """https://www.twilio.com/docs/messaging/guides/accepted-mime-types, https://help.twilio.com/articles/223179808."""
        return (
            MediaLimits(pictures=10, total_bytes=5_000_000) if take_pictures(sender, recipient) else MediaLimits(0, 0)
        )

    def send(self, message: OutgoingMessage) -> SentMessage:
        """Send a message. The code of a refusal becomes one of `Trouble`."""
        try:
            with understood():
                return _sent(self._create(message))
        except Refused as error:
            reason = trouble(error.code) or Trouble.OTHER
            raise Refused(str(error), code=reason.value, faults=error.faults) from error

    def find(self, message: OutgoingMessage, since: datetime) -> list[SentMessage]:
        """Search the latest messages between the two.

        The carrier filters by the day a message was *sent*, which a waiting one does not have yet, so the creation
        time is compared here.
        """
        with understood():
            found = self._client.messages.list(to=message.recipient, from_=message.sender, limit=LOOKED_THROUGH)
            same = [one for one in found if are_same_words(one.body, message.text) and _made(one) >= since - LEEWAY]
            return [_sent(one) for one in sorted(same, key=_made)]

    def left(self, since: datetime) -> list[LoggedMessage]:
        """The carrier filters by day, so the time is compared here. `outbound-reply` are its own automatic answers."""
        with understood():
            found = self._client.messages.stream(date_sent_after=since - LEEWAY, page_size=PAGE)
            left = [_logged(one) for one in found if evened(one.direction) == "outbound_api"]
            return sorted((one for one in left if one.at >= since - LEEWAY), key=lambda one: one.at)

    def fetch_media(self, url: str) -> Media:
        """Fetch an attachment or a recording."""
        return self._media.fetch(url)

    def _pool(self, service: str) -> Pool:
        return Pool(self._client, service or self._settings.messaging_service)

    def _create(self, message: OutgoingMessage) -> MessageInstance:
        return self._client.messages.create(
            to=message.recipient,
            from_=message.sender,
            messaging_service_sid=message.pool or self._settings.messaging_service or values.unset,
            body=message.text or values.unset,
            media_url=list(message.media_urls) or values.unset,
            status_callback=insistent(message.status_url),
        )


def _sent(message: MessageInstance) -> SentMessage:
    if not message.sid:
        raise ValueError("a message without a sid")
    return SentMessage(
        reference=message.sid,
        status=MESSAGE_STATUSES.get(evened(message.status), MessageStatus.QUEUED),
        trouble=trouble(message.error_code),
    )


def _logged(message: MessageInstance) -> LoggedMessage:
    if not (message.sid and message.from_ and message.to and isinstance(message.date_created, datetime)):
        raise ValueError("a message without its particulars")
    sent = _sent(message)
    return LoggedMessage(
        reference=sent.reference,
        sender=message.from_,
        recipient=message.to,
        at=message.date_created,
        text=message.body or "",
        status=sent.status,
        trouble=sent.trouble,
        price=_price(message),
    )


def _price(message: MessageInstance) -> Decimal | None:
    """What a message cost; the carrier writes it as a negative amount, some time after it was sent."""
    return abs(Decimal(message.price)) if message.price else None


def _made(message: MessageInstance) -> datetime:
    """When a message was created. An unreadable date counts as new, so that the message is not overlooked."""
    made = message.date_created
    return made if isinstance(made, datetime) else datetime.max.replace(tzinfo=UTC)
