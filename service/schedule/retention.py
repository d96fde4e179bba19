"""Deletes content that has been kept for as long as the settings say: files, rows and raw callbacks, in bounded steps.

A step is a transaction of at most `BATCH` rows. Files are deleted by a job that commits with the rows, so neither
stays behind without the other. A port that is under way keeps its bill.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Delete, TextClause, delete, exists, or_, select, text
from sqlalchemy.orm import Session

from service.calls.recordings import drop_files
from service.config import Settings
from service.inbox.models import Call, Message, Picture, RecordedPiece
from service.inbox.shared import Note
from service.porting.models import Document, PortHistory, PortNumber, PortProject
from service.porting.states import FINAL, State
from service.services import Services
from service.team_notices.models import TeamNotice
from service.time import now

BATCH: Final = 500
"""Rows in one transaction."""

STEPS: Final = 200
"""Transactions for each kind of content in one run; the rest waits for the next day."""

NOTICES_KEPT: Final = timedelta(days=90)
"""How long a notice to a team's member is kept after its event, which it quotes."""

_RUNNING: Final = exists().where(
    PortNumber.project_id == PortProject.id, PortNumber.state.not_in([*FINAL, State.DRAFT])
)
Step = Callable[[Session, datetime], int]
"""Deletes what is older than a moment, at most `BATCH` rows, and returns how many it were."""


def delete_expired(services: Services) -> None:
    """Delete all that is past its time, kind by kind."""
    for step, kept in _kept(services.settings).items():
        if kept:
            _in_steps(services, step, now() - kept)


def _kept(settings: Settings) -> Mapping[Step, timedelta]:
    """How long each kind of content is kept; no time at all stands for as long as its workspace."""
    return {
        _callbacks: timedelta(days=settings.callback_days),
        _bills: timedelta(days=settings.bill_days),
        _pictures: timedelta(days=settings.picture_days),
        _voicemail: timedelta(days=settings.voicemail_days),
        _recordings: timedelta(days=settings.recording_days),
        _pieces: timedelta(days=settings.recording_days),
        _texts: timedelta(days=settings.text_days),
        _notes: timedelta(days=settings.text_days),
        _notices: NOTICES_KEPT,
    }


def _in_steps(services: Services, step: Step, before: datetime) -> None:
    for _ in range(STEPS):
        with services.sessions.begin() as session:
            done = step(session, before)
        if done < BATCH:
            return


def _callbacks(session: Session, before: datetime) -> int:
    """Empty callbacks that were read. Their digests stay, as they alone prevent a replay."""
    return _changed(session, _EMPTY.bindparams(before=before, most=BATCH))


_EMPTY: Final = text("""
    UPDATE received SET body = '', query = '' WHERE id IN (
        SELECT id FROM received WHERE read_at IS NOT NULL AND body <> '' AND received_at < :before
        ORDER BY received_at LIMIT :most)
""")  # the table of the webhooks, which stand beside the clock


def _bills(session: Session, before: datetime) -> int:
    """Delete bills of transfers that ended, and of drafts that were left lying."""
    stirred = exists().where(PortHistory.port_number_id == PortNumber.id, PortHistory.at >= before)
    news = exists().where(PortNumber.project_id == PortProject.id, stirred)
    over = PortProject.touched_at < before, ~_RUNNING, ~news
    rows = select(Document).join(Document.project).where(Document.made_at < before, *over).limit(BATCH)
    bills = session.scalars(rows).all()
    for bill in bills:
        session.delete(bill)
    return len(bills)


def _pictures(session: Session, before: datetime) -> int:
    """Delete our copies of attachments, and the carrier's addresses of them. Their conversation says that they went."""
    there = or_(Picture.media != "", Picture.thumbnail != "", Picture.source_url != "")
    rows = select(Picture).join(Message, Message.id == Picture.message_id).where(there, Message.at < before)
    pictures = session.scalars(rows.limit(BATCH)).all()
    _drop(session, [name for picture in pictures for name in (picture.media, picture.thumbnail)])
    for picture in pictures:
        picture.media = picture.thumbnail = picture.source_url = ""
        picture.fetched_at = picture.fetched_at or now()
    return len(pictures)


def _voicemail(session: Session, before: datetime) -> int:
    """Delete voicemails and their transcripts; the call stays."""
    there = or_(Call.voicemail_media != "", Call.voicemail_url != "", Call.transcript != "")
    calls = _calls(session, there, before)
    _drop(session, [call.voicemail_media for call in calls])
    for call in calls:
        call.voicemail_media = call.voicemail_url = call.transcript = ""
        call.peaks = b""
    return len(calls)


def _recordings(session: Session, before: datetime) -> int:
    """Delete recordings of answered calls; the call stays."""
    calls = _calls(session, or_(Call.recording_media != "", Call.recording_url != ""), before)
    _drop(session, [call.recording_media for call in calls])
    for call in calls:
        call.recording_media = call.recording_url = ""
        call.peaks = b""
    return len(calls)


def _pieces(session: Session, before: datetime) -> int:
    """Delete the further pieces of such recordings."""
    rows = select(RecordedPiece.id).join(RecordedPiece.call).where(Call.at < before).order_by(RecordedPiece.id)
    over = RecordedPiece.id.in_(rows.limit(BATCH))
    names = session.scalars(delete(RecordedPiece).where(over).returning(RecordedPiece.media)).all()
    _drop(session, names)
    return len(names)


def _texts(session: Session, before: datetime) -> int:
    """Delete texts that came or left, with their pictures."""
    over = Message.at < before, Message.leaves_at.is_(None)
    ids = list(session.scalars(select(Message.id).where(*over).order_by(Message.id).limit(BATCH)))
    gone = session.execute(
        delete(Picture).where(Picture.message_id.in_(ids)).returning(Picture.media, Picture.thumbnail)
    )
    _drop(session, [name for names in gone for name in names])
    return _changed(session, delete(Message).where(Message.id.in_(ids)))


def _notes(session: Session, before: datetime) -> int:
    """Delete the team's notes."""
    rows = select(Note.id).where(Note.at < before).order_by(Note.id).limit(BATCH)
    return _changed(session, delete(Note).where(Note.id.in_(rows)))


def _notices(session: Session, before: datetime) -> int:
    """Delete notices to members, which quote texts."""
    rows = select(TeamNotice.id).where(TeamNotice.made_at < before).order_by(TeamNotice.id).limit(BATCH)
    return _changed(session, delete(TeamNotice).where(TeamNotice.id.in_(rows)))


def _calls(session: Session, there: ColumnElement[bool], before: datetime) -> Sequence[Call]:
    rows = select(Call).where(there, Call.at < before).order_by(Call.id).limit(BATCH)
    return session.scalars(rows).all()


def _drop(session: Session, names: Sequence[str]) -> None:
    if there := [name for name in names if name]:
        drop_files.defer(session, names=there)


def _changed(session: Session, statement: Delete | TextClause) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
