"""Texts and pictures (https://developers.telnyx.com/api-reference/messages)."""

from datetime import datetime
from decimal import Decimal

from provisioning.carriers.telnyx.assignments import Assignments
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.error_answers import read_error
from provisioning.carriers.telnyx.json_parts import (
    IDENTIFIER,
    Json,
    as_object,
    first,
    id_of,
    moment,
    objects_of,
    text_of,
)
from provisioning.carriers.telnyx.text_log import fetch_text, texts_since
from provisioning.carriers.telnyx.vocabulary import MESSAGE_STATUSES, trouble
from provisioning.contract.errors import Broken, NotFound, Refused
from provisioning.contract.messaging import (
    CannotTell,
    LoggedMessage,
    Media,
    MediaLimits,
    MessageStatus,
    OutgoingMessage,
    SentMessage,
)
from provisioning.http import Outgoing
from provisioning.media import MediaHosts
from provisioning.texts import are_same_words, take_pictures

# 10 and 1 MB; more than 600 KB some operators refuse
PICTURES = MediaLimits(pictures=10, total_bytes=600_000)

LATE = CannotTell("its log of texts lags behind, and an answer that lacks one proves nothing")
FORGOTTEN = CannotTell("it keeps the words of a text for ten days only")

OUTBOUND = "outbound"


class TelnyxMessaging:
    """The messaging facet. A pool is that of a campaign; a number that needs none may text as it has a profile."""

    def __init__(self, client: Client, media: MediaHosts, assignments: Assignments) -> None:
        self._client = client
        self._media = media
        self._assignments = assignments

    def enrol(self, reference: str, pool: str = "") -> None:
        """Have the number join the campaign of the pool, if that is approved and the number needs one."""
        self._assignments.join(reference, pool)

    def enrolled(self, reference: str, pool: str = "") -> bool:
        """Whether it is in that campaign, or cannot be in one yet."""
        return self._assignments.has_joined(reference, pool)

    def withdraw(self, reference: str, pool: str = "") -> None:
        """Take the number out of that campaign."""
        self._assignments.leave(reference, pool)

    def media_limits(self, sender: str, recipient: str) -> MediaLimits:
        """https://developers.telnyx.com/docs/messaging/messages/mms-guide."""
        return PICTURES if take_pictures(sender, recipient) else MediaLimits(0, 0)

    def send(self, message: OutgoingMessage) -> SentMessage:
        """Send a message. With a tag the carrier sends it once, however often it is asked to.

        The code of a refusal becomes one of `Trouble`.
        """
        headers = {"Idempotency-Key": message.tag} if message.tag else None
        try:
            sent = self._client.create("/messages", _body(message), headers)
        except Refused as error:
            raise Refused(str(error), code=trouble(error.code).value, faults=error.faults) from error
        with understood():
            return _sent(sent)

    def find(self, message: OutgoingMessage, since: datetime) -> list[SentMessage] | CannotTell:
        """Compare the words of the texts between the two.

        That there are none proves nothing: how late the log is, is not published.
        """
        texts = self._outbound(since, cli=message.sender, cld=message.recipient)
        if texts is None:
            return FORGOTTEN
        with understood():
            same = [_sent(text) for text in texts if are_same_words(text.get("text"), message.text)]
        return same or LATE

    def left(self, since: datetime) -> list[LoggedMessage] | CannotTell:
        """List the texts that we sent, which name an address; the carrier's automatic answers name none."""
        texts = self._outbound(since)
        if texts is None:
            return FORGOTTEN
        with understood():
            return [_logged(text) for text in texts if text.get("webhook_url")]

    def _outbound(self, since: datetime, **same: str) -> list[Json] | None:
        """Texts from our numbers, oldest first; None if one of them is no longer kept."""
        try:
            return [
                fetch_text(self._client, one) for one in texts_since(self._client, since, direction=OUTBOUND, **same)
            ]
        except NotFound:
            return None

    def fetch_media(self, url: str) -> Media:
        """Fetch an attachment or a recording. A recording whose link has died is asked for by its id, if it has one."""
        link, _, recording = url.partition("#")
        try:
            return self._media.fetch(link)
        except (Broken, NotFound):
            if not IDENTIFIER.fullmatch(recording):
                raise
        with understood():
            links = as_object(self._client.fetch(f"/recordings/{recording}")["download_urls"])
            return self._media.fetch(text_of(links, "mp3"))


def _body(message: OutgoingMessage) -> Json:
    """What the carrier is asked to send. The fallback is the same URL, as a second attempt."""
    body: Json = {
        "from": message.sender,
        "to": message.recipient,
        "webhook_url": message.status_url,
        "webhook_failover_url": message.status_url,
        "use_profile_webhooks": False,
    }
    if message.text:
        body["text"] = message.text
    if message.media_urls:
        body |= {"type": "MMS", "media_urls": list(message.media_urls)}
    return body


def _sent(text: Json) -> SentMessage:
    errors = objects_of(text, "errors")
    status = MESSAGE_STATUSES.get(text_of(first(objects_of(text, "to")), "status"), MessageStatus.QUEUED)
    return SentMessage(id_of(text, "id"), status, trouble(text_of(errors[0], "code")) if errors else None)


def _logged(text: Json) -> LoggedMessage:
    sent, made = _sent(text), moment(text.get("sent_at") or text["received_at"])
    if made is None:
        raise ValueError("a text without a date")
    return LoggedMessage(
        reference=sent.reference,
        sender=text_of(as_object(text["from"]), "phone_number"),
        recipient=text_of(first(objects_of(text, "to")), "phone_number"),
        at=made,
        text=str(text.get("text") or ""),
        status=sent.status,
        trouble=sent.trouble,
        price=Decimal(str(text["cost"]["amount"])) if text.get("cost") else None,
    )


def media_hosts(outgoing: Outgoing) -> MediaHosts:
    """The hosts of attachments and of recordings, whose links bear what is needed; neither gets our key."""
    return MediaHosts(outgoing, {"media.telnyx.com": None, "s3.amazonaws.com": None}, read_error)
