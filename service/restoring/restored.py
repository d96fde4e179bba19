"""The changes to a restored database that are needed before anything is sent."""

from datetime import datetime
from typing import Final

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from service.ledger.models import LedgerEntry, Progress
from service.ledger.restorations import MARGIN, Restoration

FORGOTTEN_IDS: Final = 1_000_000
"""How far the ids of each table are moved on. Ids given out after the backup stand in links and callback addresses."""

_MOVE_ON = text("""
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + :step)
    FROM pg_sequences WHERE schemaname = current_schema()
""")


def restored(session: Session, as_of: datetime, identity: str) -> int:
    """Treat everything since `as_of` (aware UTC) as lost; the number of open entries.

    Open entries are looked up at the carrier before they are sent, and no id that was given out is used again.
    """
    owed = update(LedgerEntry).where(LedgerEntry.progress.in_([Progress.READY, Progress.TRYING]))
    entries = session.execute(owed.values(look_since=as_of - MARGIN).returning(LedgerEntry.id)).all()
    session.execute(_MOVE_ON, {"step": FORGOTTEN_IDS})
    session.add(Restoration(identity=identity, as_of=as_of))
    return len(entries)
