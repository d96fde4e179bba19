"""Our own copies of voicemails and recorded calls, fetched by the worker and kept with the other media."""

from dataclasses import dataclass

from provisioning.contract.errors import Conflict, Refused
from service.calls.transcripts import transcribe_soon
from service.calls.waveform import wave_of
from service.inbox.models import Call, RecordedPiece
from service.lines.inventory import carrier_holding
from service.queue import task
from service.services import Services


@dataclass(frozen=True, slots=True)
class _Copy:
    media: str
    media_type: str
    peaks: bytes


@task
def fetch_voicemail(services: Services, *, call_id: int) -> None:
    """Fetch a voicemail once. If the carrier refuses, only the carrier's address of it is kept."""
    with services.sessions() as session:
        call = session.get_one(Call, call_id)
        carrier = carrier_holding(session, call.number)
    copy = None if call.voicemail_media else _copied(services, carrier, call.voicemail_url)
    if copy:
        with services.sessions.begin() as session:
            kept = session.get_one(Call, call_id)
            kept.voicemail_media, kept.voicemail_type, kept.peaks = copy.media, copy.media_type, copy.peaks
            kept.conversation.touch()
            transcribe_soon(session, services, call_id)


@task
def fetch_talk(services: Services, *, call_id: int) -> None:
    """Fetch the recording of an answered call, likewise."""
    with services.sessions() as session:
        call = session.get_one(Call, call_id)
        carrier = carrier_holding(session, call.number)
    copy = None if call.recording_media else _copied(services, carrier, call.recording_url)
    if copy:
        with services.sessions.begin() as session:
            kept = session.get_one(Call, call_id)
            kept.recording_media, kept.recording_type, kept.peaks = copy.media, copy.media_type, copy.peaks
            kept.conversation.touch()


@task
def fetch_piece(services: Services, *, piece_id: int) -> None:
    """Fetch a further piece of such a recording, likewise."""
    with services.sessions() as session:
        piece = session.get(RecordedPiece, piece_id)
        if piece is None:  # it is kept no longer
            return
        carrier = carrier_holding(session, piece.call.number)
    copy = None if piece.media else _copied(services, carrier, piece.url)
    if copy:
        with services.sessions.begin() as session:
            kept = session.get_one(RecordedPiece, piece_id)
            kept.media, kept.media_type, kept.peaks = copy.media, copy.media_type, copy.peaks
            kept.call.conversation.touch()


@task
def drop_files(services: Services, *, names: list[str]) -> None:
    """Delete files that no row names any more from the media."""
    for name in names:
        services.media.drop(name)


def _copied(services: Services, carrier: str, url: str) -> _Copy | None:
    try:
        found = services.network(carrier).messaging.fetch_media(url)
    except (Refused, Conflict):
        return None
    if not found.media_type.startswith("audio/"):
        return None
    media = services.media.put(found.content, found.media_type)
    return _Copy(media, found.media_type[:100], wave_of(found.content))
