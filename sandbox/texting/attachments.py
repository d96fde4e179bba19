"""Attachments of texts: fetched from their sender as Twilio does, and kept.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""

from urllib.parse import urlsplit

import requests

from sandbox.records import Media, Message
from sandbox.sample_media import content_of

PATIENCE = (5.0, 15.0)
ACCEPTED = ("image/", "audio/", "video/", "text/vcard", "text/calendar", "text/plain", "application/pdf")


def is_address(url: str) -> bool:
    """Whether a URL can be fetched."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class Attachments:
    """Keeps attachments in memory. After a restart each is a sample file of its type."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._contents: dict[str, bytes] = {}

    def fetch(self, message: Message, largest: int) -> bool:
        """Fetch all attachments of a text, at most `largest` bytes together; whether that succeeded.

        The caller must not hold the exchange's lock: the sender may call the carrier meanwhile.
        """
        fetched = [self._get(each) for each in message.media if each.source]
        return all(fetched) and sum(len(self.content(each)) for each in message.media) <= largest

    def content(self, media: Media) -> bytes:
        """The content of an attachment."""
        return self._contents.get(media.sid) or content_of(media.content_type)

    def _get(self, media: Media) -> bool:
        try:
            answer = self._session.get(media.source, timeout=PATIENCE, headers={"User-Agent": "TwilioProxy/1.1"})
        except requests.RequestException:
            return False
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not answer.ok or not kind.startswith(ACCEPTED):
            return False
        media.content_type = kind
        self._contents[media.sid] = answer.content
        return True
