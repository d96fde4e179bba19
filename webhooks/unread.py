"""Callbacks that were kept and not read yet: which are due, in what order, and how each of them ends."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, Integer, cast, func, select, update
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageArrived, ProofEnded, Subject, Unfamiliar
from service.alerts import AlertKind, alert
from service.queue import TRIES
from service.services import Services
from service.time import now
from webhooks.models import Received

log = logging.getLogger(__name__)

FIRST_WAIT: Final = timedelta(seconds=5)
"""A wait doubles with each try: in all, a callback is tried for ten minutes."""

LONGEST_LOCK_WAIT: Final = "1s"
"""What one conversation waits for a row that another process holds; then it is put off, and the others go on."""

_LISTED: Final = 200
_LOCKS: Final = 1_919_247_460
"""The first key of the advisory locks of conversations."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A kept callback, byte for byte, with the id of its row."""

    id: int
    carrier: str
    subject: Subject
    query: str = field(repr=False)
    body: bytes = field(repr=False)


def due(session: Session) -> list[Unread]:
    """What is to be read now, in the order it came: the oldest 200."""
    columns = (Received.id, Received.carrier, Received.subject, Received.query, Received.body)
    rows = session.execute(select(*columns).where(*_due()).order_by(Received.id).limit(_LISTED))
    return [Unread(*row) for row in rows]


def sequence_of(services: Services, callback: Unread) -> str:
    """The sequence that a callback belongs to: within one callbacks are read in order, beside others at any time.

    It is that of an order, a call, a message of ours, or the texts from one number to another.
    """
    try:
        event = services.network(callback.carrier).callbacks.read(callback.subject, callback.body)
    except LookupError:
        return f"{callback.id}"
    match event:
        case MessageArrived():
            return f"{event.sender}>{event.recipient}"
        case ProofEnded():
            return event.number
        case Unfamiliar():
            return f"{callback.id}"
    return f"{callback.carrier}:{event.reference}"


def by_sequence(services: Services, callbacks: Iterable[Unread]) -> dict[str, list[Unread]]:
    """The callbacks of each sequence, in their order."""
    sequences: dict[str, list[Unread]] = {}
    for callback in callbacks:
        sequences.setdefault(sequence_of(services, callback), []).append(callback)
    return sequences


def still_unread(session: Session, sequence: str, callbacks: Sequence[Unread]) -> Iterator[Unread]:
    """Those still unread, locked for this transaction; none while another reader has the sequence.

    The lock is taken by the statement that then looks at the rows, so that what the other one has read is seen.
    """
    session.execute(_UNHURRIED)
    mine = select(func.pg_try_advisory_xact_lock(_LOCKS, cast(_number(sequence), Integer))).scalar_subquery()
    chosen = select(Received.id).where(mine, Received.id.in_([one.id for one in callbacks]), *_due())
    ids = set(session.scalars(chosen.with_for_update(skip_locked=True)))
    return (one for one in callbacks if one.id in ids)


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
    """Have these callbacks read once more, as if they had just come."""
    fresh = {"read_at": None, "tries": 0, "due_at": func.clock_timestamp(), "trouble": ""}
    session.execute(update(Received).where(Received.id.in_(ids)).values(fresh))


# what is read is read again if the commit is lost, so it need not wait for the disk: whatever is done because of it
# waits for a commit of its own, which brings this one to the disk too
_UNHURRIED = select(
    func.set_config("synchronous_commit", "off", True),
    func.set_config("lock_timeout", LONGEST_LOCK_WAIT, True),
)


def _due() -> tuple[ColumnElement[bool], ...]:
    return Received.read_at.is_(None), Received.tries < TRIES, Received.due_at <= func.clock_timestamp()


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
