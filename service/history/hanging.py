"""Ending imports that hang: a workspace sends no other file until the one before is read or undone."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.errors import Sentence
from service.history.models import UNDER_WAY, HistoryImport, ImportState
from service.time import now

LONGEST: Final = timedelta(days=1)
"""By then the queue has made its last try."""

NOT_ENDED: Final = Sentence("Something went wrong on our side. Undo what came of this file, and send it again.")


def end_hanging(session: Session) -> list[str]:
    """End imports that hang. Returns the names of files that stayed behind, which nothing names any more."""
    before = now() - LONGEST
    hung = func.coalesce(HistoryImport.ended_at, HistoryImport.made_at) < before, HistoryImport.state.in_(UNDER_WAY)
    ended = {"state": ImportState.FAILED, "trouble": NOT_ENDED, "ended_at": now()}
    session.execute(update(HistoryImport).where(*hung).values(ended))
    left = select(HistoryImport).where(HistoryImport.media != "", HistoryImport.made_at < before)
    imports = session.scalars(left.with_for_update(skip_locked=True)).all()
    files = [one.media for one in imports]
    for one in imports:
        one.media = ""
    return files
