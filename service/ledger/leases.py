"""How long a worker may send for an entry that it has claimed.

A lease is held from the claim until the grace time is over, when another worker looks whether it was done. What is sent
has to be there by then: a request leaves within the first third of the grace time, and the carrier has the rest to
carry it out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from provisioning import deadline
from provisioning.contract.errors import TooLate
from service.config import Settings
from service.ledger.models import LedgerEntry, Progress

SHARE: Final = 1 / 3


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
