"""The ledger of what must happen exactly once at a carrier: claim → "trying" → call → settle.

A carrier has no idempotency keys and a queue delivers "at least once", so the row decides, not the job. "Trying" and
the lease are committed before the call, and no request leaves once a third of the lease is over. An answer that proves
"not made" makes the entry ready again; anything unclear leaves it "trying", and after the grace time the carrier is
asked whether it was done before it is sent again; while it cannot tell, nothing is sent. What a restored database may
have forgotten is looked for before the first try. Every write carries the lease.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from provisioning.contract.errors import Broken, CarrierError, Conflict, Refused, TooLate, Unavailable
from provisioning.contract.messaging import CannotTell
from service.alerts import AlertKind, alert
from service.carrier_errors import count_error
from service.jobs import Lane
from service.ledger import leases
from service.ledger.late_answers import judge_late_answer
from service.ledger.models import COMPARABLE, LANES, PRIORITIES, EntryKind, LedgerEntry, Progress
from service.ledger.performer import Performer
from service.queue import TRIES, Task, task
from service.services import Services
from service.time import real_time

LONGEST_WAIT = timedelta(seconds=30)

DOUBT_WAIT: Final = timedelta(minutes=2)
"""Between looks while the carrier cannot tell whether it was done."""

LONGEST_DOUBT: Final = timedelta(days=1)
"""After so long an operator decides."""


def owe(
    session: Session,
    kind: EntryKind,
    subject_id: int,
    *,
    after: timedelta = timedelta(),
    look_since: datetime | None = None,
) -> LedgerEntry:
    """Enter what is owed about a row, once: owing it again returns the same entry.

    It is performed soon after the commit, or no sooner than `after` (real time); with `look_since` only if the carrier
    has not done it since then.
    """
    entry = session.scalar(select(LedgerEntry).where(LedgerEntry.kind == kind, LedgerEntry.subject_id == subject_id))
    if entry is None:
        due_at = func.clock_timestamp() + after
        entry = LedgerEntry(kind=kind, subject_id=subject_id, due_at=due_at, look_since=look_since)
        session.add(entry)
        session.flush()
        offer(session, entry, after=after)
    return entry


def offer(session: Session, entry: LedgerEntry, *, after: timedelta | None = None) -> None:
    """Defer a job that performs the entry. A second job for the same entry does no harm."""
    if after:
        _job(entry).defer_in(session, after, entry_id=entry.id)
    else:
        _job(entry).defer(session, entry_id=entry.id)


def offer_again(session: Session, entry: LedgerEntry) -> None:
    """Offer an overdue entry: its waiting job is brought forward, or a lost one is replaced, so that none pile up."""
    _job(entry).hurry(session, entry_id=entry.id)


def call_off(session: Session, kind: EntryKind, subject_id: int) -> bool:
    """Cancel an entry that was not begun. False: it was begun, is done, or was never owed.

    One that the carrier may have done already is not canceled: that is found out first.
    """
    ready = (*_about(kind, subject_id), LedgerEntry.progress == Progress.READY, LedgerEntry.look_since.is_(None))
    ended = {"progress": Progress.REFUSED, "trouble": "called off", "settled_at": func.clock_timestamp()}
    return _update(session, ready, ended)


def may_be_done(session: Session, kind: EntryKind, subject_id: int) -> bool:
    """Whether an entry is done or may still be done. False: it was never owed, was refused, or was called off."""
    owed = (*_about(kind, subject_id), LedgerEntry.progress != Progress.REFUSED)
    return bool(session.scalar(select(exists().where(*owed))))


def adopt(session: Session, services: Services, kind: EntryKind, subject_id: int, reference: str) -> None:
    """Settle what is owed with what was found at the carrier, in place of sending it."""
    entry = owe(session, kind, subject_id)
    entry.progress, entry.reference, entry.settled_at = Progress.DONE, reference, func.clock_timestamp()
    _performer(services, entry).settle(session, services, entry, reference)


def _about(kind: EntryKind, subject_id: int) -> tuple[Any, ...]:
    return (LedgerEntry.kind == kind, LedgerEntry.subject_id == subject_id)


def _job(entry: LedgerEntry) -> Task[Any]:
    job = perform_notification if LANES[entry.kind] is Lane.NOTIFICATION else perform_at_carrier
    return job.with_priority(PRIORITIES[entry.kind])


@task
def perform_at_carrier(services: Services, *, entry_id: int) -> None:
    """Perform one entry in the carrier's lane."""
    perform(services, entry_id)


@task
def perform_notification(services: Services, *, entry_id: int) -> None:
    """Perform one entry in the lane of texts and mail."""
    perform(services, entry_id)


def perform(services: Services, entry_id: int) -> None:
    """Perform an entry that is ready; look up one whose earlier try has been silent for the grace time."""
    with leases.begun(services.settings):
        _perform(services, entry_id)


def _perform(services: Services, entry_id: int) -> None:
    with services.sessions.begin() as session:
        entry = leases.claim(session, entry_id)
        prepared = entry and _performer(services, entry).prepare(session, entry)
    if entry is None:
        _resolve(services, entry_id)
    elif entry.look_since:
        _look_first(services, entry, prepared)
    else:
        _call(services, entry, prepared)


def _performer(services: Services, entry: LedgerEntry) -> Performer[Any]:
    performer: Performer[Any] = services.performers[entry.kind]
    return performer


def _look_first(services: Services, entry: LedgerEntry, prepared: Any) -> None:  # noqa: ANN401 -- the performer's own
    """Send what the carrier has not done yet. Where it cannot be looked for, it is parked; nothing was sent."""
    try:
        found = _performer(services, entry).look(services, entry, prepared)
    except TooLate as error:
        _write_too_late(services, entry, error)
    except Unavailable as error:
        error.not_made = True
        _write_unanswered(services, entry, error)
    except CarrierError as error:
        count_error(services.sessions, error)
        with services.sessions.begin() as session:
            _park(session, entry, f"cannot be looked for: {error}")
    else:
        if found is None:
            _call(services, entry, prepared)
        else:
            _write_found(services, entry, found)


def _park(session: Session, entry: LedgerEntry, trouble: str) -> None:
    if _close(session, entry, Progress.PARKED, trouble=trouble):
        alert(session, AlertKind.ENTRY_PARKED, f"ledger_entry:{entry.id}", entry=entry.kind)


def _call(services: Services, entry: LedgerEntry, prepared: Any) -> None:  # noqa: ANN401 -- the performer's own
    try:
        reference = _performer(services, entry).call(services, entry, prepared)
    except (Refused, Conflict) as error:
        _write_refused(services, entry, error)
    except TooLate as error:
        _write_too_late(services, entry, error)
    except CarrierError as error:
        _write_unanswered(services, entry, error)
    else:
        _write_done(services, entry, reference)


def _write_done(services: Services, entry: LedgerEntry, reference: str) -> None:
    """Record that it was made, with its consequences.

    If another worker holds the lease by now, it may have made it too: that is judged once it has come to an end.
    """
    with services.sessions.begin() as session:
        if _close(session, entry, Progress.DONE, reference=reference):
            _performer(services, entry).settle(session, services, entry, reference)
        elif entry.kind in COMPARABLE:
            judge_late_answer.defer(session, entry_id=entry.id, reference=reference)


def _write_refused(services: Services, entry: LedgerEntry, error: CarrierError) -> None:
    """Record that the carrier said no, with its consequences."""
    count_error(services.sessions, error)
    with services.sessions.begin() as session:
        if _close(session, entry, Progress.REFUSED, trouble=str(error)):
            _performer(services, entry).refuse(session, services, entry, error)


def _write_too_late(services: Services, entry: LedgerEntry, error: TooLate) -> None:
    """Nothing was sent: ready again, unless another worker holds the lease by now."""
    with services.sessions.begin() as session:
        _put_back(session, entry, trouble=str(error), wait=_wait_after(entry))


def _write_unanswered(services: Services, entry: LedgerEntry, error: CarrierError) -> None:
    """Not made: ready again after a wait that doubles. Unclear: stay trying, and look it up after the grace time."""
    count_error(services.sessions, error)
    with services.sessions.begin() as session:
        if error.not_made:
            _put_back(session, entry, trouble=str(error), wait=_wait_after(entry))
        else:
            offer(session, entry, after=timedelta(seconds=services.settings.ledger_grace_seconds + 1))
        if isinstance(error, Broken) or entry.tries == TRIES:
            alert(
                session,
                AlertKind.CARRIER_TROUBLE,
                f"ledger_entry:{entry.id}",
                entry=entry.kind,
                trouble=str(error)[:200],
            )


def _wait_after(entry: LedgerEntry) -> timedelta:
    return min(timedelta(seconds=2**entry.tries), LONGEST_WAIT)


def _resolve(services: Services, entry_id: int) -> None:
    """Look up at the carrier what became of a try that has been silent for the grace time; earlier, do nothing."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    with services.sessions.begin() as session:
        entry = leases.take_over(session, entry_id, grace)
        prepared = entry and _performer(services, entry).prepare(session, entry)
    if entry is None:
        return
    try:
        found = _performer(services, entry).look(services, entry, prepared)
    except CarrierError as error:
        count_error(services.sessions, error)
        with services.sessions.begin() as session:
            _look_again(session, services, entry, min(grace, LONGEST_WAIT))
    else:
        _write_found(services, entry, found)


def _look_again(session: Session, services: Services, entry: LedgerEntry, wait: timedelta) -> None:
    """Stay trying, and look once more after a wait: the look sent nothing, so no new grace time begins."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    if _write(session, entry, tried_at=func.clock_timestamp() - grace + wait):
        offer(session, entry, after=wait + timedelta(seconds=1))


def _write_found(services: Services, entry: LedgerEntry, found: str | CannotTell | None) -> None:
    """Record what the look found. Not made: send it again now; after the last try, park it for an operator.

    While the carrier cannot tell, it is looked for again, and after a day parked.
    """
    if isinstance(found, str):
        _write_done(services, entry, found)
        return
    with services.sessions.begin() as session:
        if isinstance(found, CannotTell):
            if real_time() < entry.due_at + LONGEST_DOUBT:
                _look_again(session, services, entry, DOUBT_WAIT)
            else:
                _park(session, entry, f"the carrier cannot tell: {found.why}")
        elif entry.tries < TRIES:
            _put_back(session, entry, trouble="not found at the carrier", wait=timedelta(0))
        else:
            _park(session, entry, "never found at the carrier")


def _put_back(session: Session, entry: LedgerEntry, *, trouble: str, wait: timedelta) -> None:
    """Trying → ready, due after a wait."""
    if _write(session, entry, progress=Progress.READY, due_at=func.clock_timestamp() + wait, trouble=trouble[:200]):
        offer(session, entry, after=wait)


def _close(session: Session, entry: LedgerEntry, end: Progress, *, reference: str = "", trouble: str = "") -> bool:
    """Trying → one of the ends. False when another worker holds the lease and nothing was written."""
    settled = func.clock_timestamp()
    return _write(session, entry, progress=end, reference=reference, trouble=trouble[:200], settled_at=settled)


def _write(session: Session, entry: LedgerEntry, **values: Any) -> bool:  # noqa: ANN401 -- column values
    ours = (LedgerEntry.id == entry.id, LedgerEntry.lease == entry.lease, LedgerEntry.progress == Progress.TRYING)
    return _update(session, ours, values)


def _update(session: Session, which: tuple[Any, ...], values: dict[str, Any]) -> bool:
    written = update(LedgerEntry).where(*which).values(values).returning(LedgerEntry.id)
    return session.execute(written).first() is not None
