"""Callbacks that were kept and not read yet: which are due, in what order, and how each of them ends."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import BigInteger, all_, any_, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import Event, MessageArrived, ProofEnded, Subject, Unfamiliar
from service.alerts import AlertKind, alert
from service.db import Read, Reads
from service.queue import TRIES
from service.services import Services
from service.time import now
from webhooks.models import Received

log = logging.getLogger(__name__)

FIRST_WAIT: Final = timedelta(seconds=5)
"""A wait doubles with each try: in all, a callback is tried for ten minutes."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A kept callback, byte for byte, with the id of its row. `tries` is how often it could not be read."""

    id: int
    tries: int
    carrier: str
    subject: Subject
    query: str = field(repr=False)
    body: bytes = field(repr=False)


Batch = dict[str, list[Unread]]
"""Callbacks to be read together: of each sequence some, in their order."""


def due(reads: Reads, besides: list[int]) -> list[Unread]:
    """What is to be read now, in the order it came: the oldest 200 besides those with these ids."""
    rows = _LISTED.every(reads, besides=besides)
    return [Unread(key, tries, carrier, Subject(subject), *rest) for key, tries, carrier, subject, *rest in rows]


def sequence_of(services: Services, callback: Unread) -> str:
    """The sequence that a callback belongs to: within one callbacks are read in order, beside others at any time.

    It is that of an order, a call, a message of ours, or the texts from one number to another: that of the first event
    where it has several, and its own where it has none.
    """
    match _first_event(services, callback):
        case MessageArrived(sender=sender, recipient=recipient):
            return f"{sender}>{recipient}"
        case ProofEnded(number=number):
            return number
        case Unfamiliar() | None:
            return f"{callback.id}"
        case event:
            return f"{callback.carrier}:{event.reference}"


def _first_event(services: Services, callback: Unread) -> Event | None:
    """None also for a callback of a carrier that is no longer in the settings."""
    if callback.carrier not in services.carriers:
        return None
    events = services.network(callback.carrier).callbacks.read(callback.subject, callback.body)
    return next(iter(events), None)


def claim(session: Session, batch: Batch, lock_wait: str) -> tuple[list[Unread], list[Unread]]:
    """What this transaction may read, in the order it came; and what is another reader's, who is at its sequence.

    What was read meanwhile is in neither: the locks are had before the look. `lock_wait` is how long rows that other
    processes hold are waited for, in PostgreSQL's spelling.
    """
    numbers = {sequence: _number(sequence) for sequence in batch}
    had = set(session.execute(_BEGUN, {"lock_wait": lock_wait, "numbers": list(numbers.values())}).scalar_one())
    ours = {one.id: one for sequence in batch if numbers[sequence] in had for one in batch[sequence]}
    unread = session.scalars(_STILL_UNREAD, {"ids": list(ours)}) if ours else ()
    theirs = [one for sequence in batch if numbers[sequence] not in had for one in batch[sequence]]
    return [ours[key] for key in sorted(unread)], theirs


def put_away(session: Session, callbacks: Collection[Unread]) -> None:
    """They have been read."""
    if callbacks:
        rows = update(Received).where(Received.id.in_([one.id for one in callbacks]))
        done = rows.values(read_at=now(), trouble="")
        session.execute(done, execution_options={"synchronize_session": False})


def put_off(session: Session, callbacks: Collection[Unread], trouble: str) -> None:
    """Have them read again later, each time after a longer wait. After the last try an operator is told."""
    for callback in callbacks:
        received = session.get(Received, callback.id, with_for_update=True)
        if received and received.read_at is None:
            _put_off(session, received, trouble)


def read_again(session: Session, ids: Iterable[int]) -> None:
    """Have these callbacks read once more, as if they had just come. Those that were emptied meanwhile stay read."""
    fresh = {"read_at": None, "tries": 0, "due_at": func.clock_timestamp(), "trouble": ""}
    session.execute(update(Received).where(Received.id.in_(ids), Received.body != b"").values(fresh))


_IDS = ARRAY(BigInteger)
_DUE = (Received.read_at.is_(None), Received.tries < TRIES, Received.due_at <= func.clock_timestamp())
_LISTED = Read(
    select(Received.id, Received.tries, Received.carrier, Received.subject, Received.query, Received.body)
    .where(*_DUE, Received.id != all_(bindparam("besides", type_=_IDS)))
    .order_by(Received.id)
    .limit(200)
)
_STILL_UNREAD = (
    select(Received.id)
    .where(*_DUE, Received.id == any_(bindparam("ids", type_=_IDS)))
    .with_for_update(skip_locked=True)
)

# 1919247460 tells the locks of sequences from all other advisory locks.
# What is read is read again if the commit is lost, so it need not wait for the disk: whatever is done because of it
# waits for a commit of its own, which brings this one to the disk too.
_BEGUN = text("""
    SELECT ARRAY(SELECT number FROM unnest(CAST(:numbers AS integer[])) AS number
        WHERE pg_try_advisory_xact_lock(1919247460, number))
    FROM set_config('synchronous_commit', 'off', true) AS durable, set_config('lock_timeout', :lock_wait, true) AS wait
""")


def _number(sequence: str) -> int:
    return int.from_bytes(sha256(sequence.encode()).digest()[:4], signed=True)


def _put_off(session: Session, received: Received, trouble: str) -> None:
    received.trouble = trouble
    received.tries += 1
    received.due_at = func.clock_timestamp() + FIRST_WAIT * 2 ** (received.tries - 1)
    log.warning("callback not read", extra={"received": received.id, "trouble": received.trouble})
    if received.tries == TRIES:
        alert(
            session,
            AlertKind.CALLBACK_UNREAD,
            f"received:{received.id}",
            subject=received.subject,
            trouble=received.trouble,
        )
