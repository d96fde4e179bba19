"""Pictures and files of texts: fetched from their sender as Twilio fetches them, and kept for whoever may see them.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""

from urllib.parse import urlsplit

import requests

from sandbox.records import Media, Message
from sandbox.sample_media import content_of

PATIENCE = (5.0, 15.0)
LARGEST = 5 * 1024 * 1024
ACCEPTED = ("image/", "audio/", "video/", "text/vcard", "text/calendar", "text/plain", "application/pdf")


def is_address(url: str) -> bool:
    """Whether something can be fetched from there at all."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class Attachments:
    """What texts carry. Contents live in memory: after a restart an attachment is a plain file of its kind again."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._contents: dict[str, bytes] = {}

    def fetch(self, message: Message) -> bool:
        """Get everything a text wants to carry, at most 5 MB together; whether all of it could be had.

        Called without the exchange's lock: the sender may be asking the carrier something at this moment.
        """
        fetched = [self._get(each) for each in message.media if each.source]
        return all(fetched) and sum(len(self.content(each)) for each in message.media) <= LARGEST

    def content(self, media: Media) -> bytes:
        """An attachment's bytes."""
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
