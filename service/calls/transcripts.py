"""Transcripts of voicemails by our own worker, where the operator brought a model; else the carrier makes them."""

from sqlalchemy.orm import Session

from service.bounded import Busy, NotRead, TooMuch
from service.calls.notify_team import notify_transcript
from service.calls.speech import words_heard
from service.errors import NotFound
from service.inbox.models import Call
from service.language import Language
from service.queue import task
from service.services import Services


def transcribe_soon(session: Session, services: Services, call_id: int) -> None:
    """Have a voicemail transcribed of which we have a copy, if that is ours to do."""
    if services.settings.transcription_model:
        transcribe_voicemail.defer_once(session, call_id=call_id)


@task
def transcribe_voicemail(services: Services, *, call_id: int) -> None:
    """Write down what is said in a voicemail, and notify of it. What could not be understood stays without words."""
    model = services.settings.transcription_model
    with services.sessions() as session:
        call = session.get_one(Call, call_id)
        media, language = call.voicemail_media, call.conversation.line.language
    words = _heard(services, media, language, str(model)) if media and model else ""
    with services.sessions.begin() as session:
        kept = session.get_one(Call, call_id)
        if words and not kept.transcript:
            kept.transcript = words
            kept.conversation.touch()
        notify_transcript(session, kept)


def _heard(services: Services, media: str, language: Language, model: str) -> str:
    try:
        return words_heard(services.media.get(media), language, model)
    except Busy:
        raise
    except (NotFound, NotRead, TooMuch):  # deleted meanwhile, or no recording that can be read
        return ""
