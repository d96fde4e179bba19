"""What came with a text: shown where it is a picture we can show, else a file to be downloaded and never opened."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from service.inbox.models import Picture
from service.inbox.pictures import KeptPicture, keep
from service.media import Media

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Bytes of a file that we keep."""

PATIENCE: Final = timedelta(minutes=30)
"""So long a carrier may still say that it does not have what it has just told us of."""

GIVEN_UP: Final = timedelta(hours=2)
"""After so long no further try is made: the queue has made its last."""

UNKNOWN: Final = "application/octet-stream"


class FileKind(StrEnum):
    """What a file is to the person who received it."""

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
    """How an attachment is shown."""

    SHOWN = "shown"
    FILE = "file"
    TOO_LARGE = "too_large"
    FETCHING = "fetching"
    LOST = "lost"


def keep_received(media: Media, content: bytes, media_type: str) -> KeptPicture:
    """Put away what came, as what its bytes are or, if they are no picture, as what the carrier calls it (MIME).

    Of a file larger than `LARGEST_FILE` only its size and kind are kept; of an empty one nothing.
    """
    if not content:
        return KeptPicture("", "", "", 0)
    if kept := keep(media, content):
        return kept
    known = media_type if media_type in _FILES else UNKNOWN
    name = media.put(content, known) if len(content) <= LARGEST_FILE else ""
    return KeptPicture(known, name, "", len(content))


def state_of(picture: Picture, sent_at: datetime, now: datetime) -> State:
    """How an attachment of a text that came at a moment (aware) is shown now."""
    if picture.fetched_at is None:
        return State.FETCHING if now < sent_at + GIVEN_UP else State.LOST
    if picture.thumbnail:
        return State.SHOWN
    if picture.media:
        return State.FILE
    return State.TOO_LARGE if picture.size else State.LOST


def kind_of(picture: Picture) -> FileKind:
    """What kind of file it is, as far as its sender's carrier said."""
    return _FILES.get(picture.media_type, (FileKind.OTHER, ""))[0]


def file_name(picture: Picture) -> str:
    """The name it is downloaded under: ours, since what a stranger calls a file may deceive."""
    _, ending = _FILES.get(picture.media_type, (FileKind.OTHER, "bin"))
    return f"attachment-{picture.id}.{ending}"
