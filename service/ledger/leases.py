"""Which worker has an entry, and how long it may send for it.

A lease is held from the claim until the grace time is over, when another worker looks whether it was done. What is sent
has to be there by then: a request leaves within the first third of the grace time, and the carrier has the rest to
carry it out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from provisioning import deadline
from provisioning.contract.errors import TooLate
from service.config import Settings
from service.ledger.models import LedgerEntry, Progress

SHARE: Final = 1 / 3


def claim(session: Session, entry_id: int) -> LedgerEntry | None:
    """Ready → trying, by the database's clock. None: it is not due, or another transaction holds the row."""
    ready = (LedgerEntry.progress == Progress.READY, LedgerEntry.due_at <= func.clock_timestamp())
    trying = {"progress": Progress.TRYING, "tries": LedgerEntry.tries + 1}
    return _take(session, (LedgerEntry.id == entry_id, *ready), trying)


def take_over(session: Session, entry_id: int, grace: timedelta) -> LedgerEntry | None:
    """Have the lease of a try that has been silent for the grace time. None as above."""
    is_silent = LedgerEntry.tried_at <= func.clock_timestamp() - grace
    return _take(session, (LedgerEntry.id == entry_id, LedgerEntry.progress == Progress.TRYING, is_silent), {})


def _take(session: Session, which: tuple[Any, ...], values: dict[str, Any]) -> LedgerEntry | None:
    """Begin a lease. A row that a worker holds which was stopped is left to it, so that no thread waits for that."""
    held_by_none = select(LedgerEntry.id).where(*which).with_for_update(skip_locked=True, key_share=True)
    lease = {"lease": uuid4(), "tried_at": func.clock_timestamp()}
    is_free = LedgerEntry.id == held_by_none.correlate(None).scalar_subquery()
    return session.scalar(update(LedgerEntry).where(is_free).values(values | lease).returning(LedgerEntry))


@contextmanager
def begun(settings: Settings) -> Iterator[None]:
    """No request leaves too late in the block, in which an entry is claimed. Without a grace time there is no lease."""
    with deadline.until(_limit(settings) if settings.ledger_grace_seconds else None):
        yield


def renew(session: Session, settings: Settings, entry: LedgerEntry) -> None:
    """Begin the lease anew with the session's commit, before a request that others came before.

    Raises:
        TooLate: another worker holds the lease.
    """
    limit = _limit(settings)
    held = (LedgerEntry.id == entry.id, LedgerEntry.lease == entry.lease, LedgerEntry.progress == Progress.TRYING)
    renewed = update(LedgerEntry).where(*held).values(tried_at=func.clock_timestamp()).returning(LedgerEntry.id)
    if session.execute(renewed).first() is None:
        raise TooLate
    deadline.extend(limit)


def _limit(settings: Settings) -> float:
    """Counted from before the row is written, so that it is over before the row says so."""
    return deadline.since_boot() + settings.ledger_grace_seconds * SHARE
