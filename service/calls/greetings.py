"""Recorded greetings: their format is known by their content, and carriers fetch them from our media."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from tinytag import TinyTag, TinyTagException

from service.calls.models import RecordedGreeting
from service.calls.queries import document_of, earlier_plan
from service.errors import Invalid, NotFound
from service.lines.models import Line
from service.media import Media
from service.queue import task
from service.services import Services
from service.time import now

LARGEST: Final = 5 * 1024 * 1024
LONGEST_SECONDS: Final = 180
UNUSED: Final = timedelta(days=30)
"""How long a recording that no plan plays is kept, in case a member wants it again."""

_RIFF, _WAVE, _ID3, _FRAME = b"RIFF", b"WAVE", b"ID3", 0xE0
_WRONG: Final = "Choose an MP3 or WAV file of at most three minutes and 5 MB."


@dataclass(frozen=True, slots=True)
class Sound:
    """A stored recording: its unguessable name in the media, its MIME type, and its size in bytes."""

    media: str
    media_type: str
    size: int


def put_away(media: Media, content: bytes) -> Sound:
    """Store a recording. Raises `Invalid` for a file that cannot be played to callers."""
    kind = media_type(content)
    if not kind or len(content) > LARGEST or not 0 < _seconds(content) <= LONGEST_SECONDS:
        raise Invalid({"sound": [_WRONG]})
    return Sound(media.put(content, kind), kind, len(content))


def media_type(content: bytes) -> str:
    """The MIME type of a sound, by its first bytes; "" if carriers cannot play it."""
    if content[:4] == _RIFF and content[8:12] == _WAVE:
        return "audio/wav"
    frames = len(content) > 1 and content[0] == 0xFF and content[1] & _FRAME == _FRAME  # noqa: PLR2004 -- MPEG's sync word
    return "audio/mpeg" if content[:3] == _ID3 or frames else ""


def add(session: Session, line_id: int, sound: Sound) -> None:
    """Make a stored recording available to a line."""
    row = RecordedGreeting(media=sound.media, line_id=line_id, media_type=sound.media_type, size=sound.size)
    session.add(row)
    session.flush()


def recorded_for(session: Session, line_id: int) -> list[RecordedGreeting]:
    """The recordings of a line, newest first."""
    mine = select(RecordedGreeting).where(RecordedGreeting.line_id == line_id)
    return list(session.scalars(mine.order_by(RecordedGreeting.made_at.desc(), RecordedGreeting.media)))


def greeting(session: Session, name: str) -> RecordedGreeting:
    """A greeting by its name in the media. Raises `NotFound`, also for media that are no greeting."""
    found = session.get(RecordedGreeting, name)
    if found is None:
        raise NotFound("There is no such greeting.")
    return found


def drop_unused(session: Session) -> None:
    """Drop recordings that neither the current plan nor the one before it has played for `UNUSED`.

    No ongoing call can need one of them.
    """
    since = now() - UNUSED
    old = select(RecordedGreeting).where(RecordedGreeting.made_at < since)
    for line_id in sorted({one.line_id for one in session.scalars(old)}):
        session.get_one(Line, line_id, with_for_update=True)  # locked, so that no member chooses one of them meanwhile
        earlier = earlier_plan(session, line_id)
        if earlier is None or earlier.until < since:
            _drop(session, old.where(RecordedGreeting.line_id == line_id), document_of(session, line_id) or "")


@task
def drop_recording(services: Services, *, media: str) -> None:
    """Delete a recording that no longer belongs to a line from the media."""
    services.media.drop(media)


def _drop(session: Session, recordings: Select[RecordedGreeting], document: str) -> None:
    for one in session.scalars(recordings):
        if one.media not in document:
            drop_recording.defer(session, media=one.media)
            session.delete(one)


def _seconds(content: bytes) -> float:
    try:
        return TinyTag.get(file_obj=io.BytesIO(content)).duration or 0
    except TinyTagException:
        return 0
