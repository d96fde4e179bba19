"""Entries of which it could not be found out whether they were done: an operator says how they go on."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.ledger.ledger import offer
from service.ledger.models import LedgerEntry, Progress


def parked(session: Session) -> Sequence[LedgerEntry]:
    """All parked entries, the oldest first."""
    return session.scalars(
        select(LedgerEntry).where(LedgerEntry.progress == Progress.PARKED).order_by(LedgerEntry.id)
    ).all()


def look_again(session: Session, tag: str) -> None:
    """Have a parked entry looked for at the carrier once more, and done if it is not there.

    Raises:
        NotFound: no parked entry has this tag.
    """
    _let_go_on(session, _parked(session, tag), look=True)


def was_not_done(session: Session, tag: str) -> None:
    """Have a parked entry done without looking for it: for what no carrier can be asked about, such as mail.

    Raises:
        NotFound: no parked entry has this tag.
    """
    _let_go_on(session, _parked(session, tag), look=False)


def _parked(session: Session, tag: str) -> LedgerEntry:
    mine = (LedgerEntry.tag == tag, LedgerEntry.progress == Progress.PARKED)
    entry = session.scalar(select(LedgerEntry).where(*mine).with_for_update())
    if entry is None:
        raise NotFound("No parked entry has this tag.")
    return entry


def _let_go_on(session: Session, entry: LedgerEntry, *, look: bool) -> None:
    entry.progress, entry.tries, entry.settled_at, entry.trouble = Progress.READY, 0, None, ""
    entry.look_since = entry.owed_at if look else None
    entry.due_at = func.clock_timestamp()
    offer(session, entry)
