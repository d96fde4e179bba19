"""What has to be changed in a database that was restored, before anything is sent by it."""

from datetime import datetime
from typing import Final

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from service.ledger.models import LedgerEntry, Progress
from service.ledger.restorations import MARGIN, Restoration

FORGOTTEN_IDS: Final = 1_000_000
"""So many ids of each table may have been given out after the backup: addresses at carriers and links carry them."""

_MOVE_ON = text("""
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + :step)
    FROM pg_sequences WHERE schemaname = current_schema()
""")


def restored(session: Session, as_of: datetime, identity: str) -> int:
    """Take it that everything since `as_of` (aware UTC) was forgotten; how many open entries will be looked for.

    What is owed is looked for at the carrier before it is sent, and no id that may be known outside is given out again.
    """
    owed = update(LedgerEntry).where(LedgerEntry.progress.in_([Progress.READY, Progress.TRYING]))
    entries = session.execute(owed.values(look_since=as_of - MARGIN).returning(LedgerEntry.id)).all()
    session.execute(_MOVE_ON, {"step": FORGOTTEN_IDS})
    session.add(Restoration(identity=identity, as_of=as_of))
    return len(entries)
