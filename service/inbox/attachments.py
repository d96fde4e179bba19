"""Attachments of incoming texts: shown if they are pictures we can show, else offered as downloads, never opened."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from service.inbox.models import Picture
from service.inbox.pictures import KeptPicture, keep
from service.media import Media

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Most bytes of a file that we store."""

PATIENCE: Final = timedelta(minutes=30)
"""For how long after a text a carrier may not have its attachment yet."""

GIVEN_UP: Final = timedelta(hours=2)
"""After this long the queue has made its last try to fetch an attachment."""

UNKNOWN: Final = "application/octet-stream"


class FileKind(StrEnum):
    """The kind of file, as the person who received it would say."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    CONTACT = "contact"
    CALENDAR = "calendar"
    PDF = "pdf"
    TEXT = "text"
    OTHER = "other"


# what phones send, by its MIME type: its kind, and the ending under which other programs know it. Nothing that a
# browser would run is among them
_FILES: Final = {
    "image/jpeg": (FileKind.PICTURE, "jpg"),
    "image/png": (FileKind.PICTURE, "png"),
    "image/gif": (FileKind.PICTURE, "gif"),
    "image/webp": (FileKind.PICTURE, "webp"),
    "image/heic": (FileKind.PICTURE, "heic"),
    "image/heif": (FileKind.PICTURE, "heif"),
    "image/bmp": (FileKind.PICTURE, "bmp"),
    "image/tiff": (FileKind.PICTURE, "tiff"),
    "video/mp4": (FileKind.VIDEO, "mp4"),
    "video/mpeg": (FileKind.VIDEO, "mpeg"),
    "video/quicktime": (FileKind.VIDEO, "mov"),
    "video/webm": (FileKind.VIDEO, "webm"),
    "video/3gpp": (FileKind.VIDEO, "3gp"),
    "video/3gpp2": (FileKind.VIDEO, "3g2"),
    "audio/mpeg": (FileKind.SOUND, "mp3"),
    "audio/mp4": (FileKind.SOUND, "m4a"),
    "audio/ogg": (FileKind.SOUND, "ogg"),
    "audio/wav": (FileKind.SOUND, "wav"),
    "audio/amr": (FileKind.SOUND, "amr"),
    "audio/3gpp": (FileKind.SOUND, "3gp"),
    "text/vcard": (FileKind.CONTACT, "vcf"),
    "text/x-vcard": (FileKind.CONTACT, "vcf"),
    "text/calendar": (FileKind.CALENDAR, "ics"),
    "application/pdf": (FileKind.PDF, "pdf"),
    "text/plain": (FileKind.TEXT, "txt"),
}


class State(StrEnum):
    """How an attachment is shown in its conversation."""

    SHOWN = "shown"
    FILE = "file"
    TOO_LARGE = "too_large"
    FETCHING = "fetching"
    LOST = "lost"
    DELETED = "deleted"


def keep_received(media: Media, content: bytes, media_type: str) -> KeptPicture:
    """Store an attachment. Pictures are known by their bytes, other files by the MIME type the carrier states.

    Of a file larger than `LARGEST_FILE` only the size and type are kept, of an empty file nothing.
    """
    if not content:
        return KeptPicture("", "", "", 0)
    if kept := keep(media, content):
        return kept
    known = media_type if media_type in _FILES else UNKNOWN
    name = media.put(content, known) if len(content) <= LARGEST_FILE else ""
    return KeptPicture(known, name, "", len(content))


def state_of(picture: Picture, sent_at: datetime, now: datetime) -> State:
    """How an attachment of a text sent at `sent_at` (aware) is shown now."""
    if picture.fetched_at is None:
        return State.FETCHING if now < sent_at + GIVEN_UP else State.LOST
    if picture.thumbnail:
        return State.SHOWN
    if picture.media:
        return State.FILE
    if not picture.source_url and picture.size:
        return State.DELETED
    return State.TOO_LARGE if picture.size else State.LOST


def kind_of(picture: Picture) -> FileKind:
    """The kind of file, by its MIME type."""
    return _FILES.get(picture.media_type, (FileKind.OTHER, ""))[0]


def file_name(picture: Picture) -> str:
    """The name for downloading, which is ours: a name given by the sender could be deceptive."""
    _, ending = _FILES.get(picture.media_type, (FileKind.OTHER, "bin"))
    return f"attachment-{picture.id}.{ending}"
