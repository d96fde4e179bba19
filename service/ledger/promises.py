"""Owing an effect, and doing it exactly once: claim → "trying" → call → settle.

A carrier has no idempotency keys and a queue gives "at least once", so the row decides, not the job. "Trying" and
the lease are committed before the call. An answer that proves "not made" puts the effect back; anything unclear
leaves it "trying", and `doubt` looks at the carrier before it is ever sent again. Every write carries the lease.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from provisioning.contract.errors import Broken, CarrierError, Conflict, Refused
from service.alerts import alert
from service.carrier_errors import count_error
from service.ledger.models import Effect, EffectKind, Progress
from service.ledger.performers import POSTINGS
from service.queue import TRIES, Lane, Task, task
from service.services import Services

LONGEST_WAIT = timedelta(seconds=30)


def owe(session: Session, kind: EffectKind, subject_id: int, *, after: timedelta = timedelta()) -> Effect:
    """Owe an effect about a row, once: owing it again returns the same one.

    It is performed soon after the commit, or no sooner than `after` (real time).
    """
    owed = session.scalar(select(Effect).where(Effect.kind == kind, Effect.subject_id == subject_id))
    if owed is None:
        owed = Effect(kind=kind, subject_id=subject_id, due_at=func.clock_timestamp() + after)
        session.add(owed)
        session.flush()
        offer(session, owed, after=after)
    return owed


def offer(session: Session, effect: Effect, *, after: timedelta | None = None) -> None:
    """Put an effect before the workers. Offering too often does no harm."""
    if after:
        _job(effect).defer_in(session, after, effect_id=effect.id)
    else:
        _job(effect).defer(session, effect_id=effect.id)


def offer_again(session: Session, effect: Effect) -> None:
    """The same for an overdue one: its job was lost, or waits and is hurried, so that none pile up without a worker."""
    _job(effect).hurry(session, effect_id=effect.id)


def call_off(session: Session, kind: EffectKind, subject_id: int) -> bool:
    """Take back an effect that nobody has begun. False: it was begun, is done, or was never owed."""
    ready = (Effect.kind == kind, Effect.subject_id == subject_id, Effect.progress == Progress.READY)
    ended = {"progress": Progress.REFUSED, "trouble": "called off", "settled_at": func.clock_timestamp()}
    return session.execute(update(Effect).where(*ready).values(ended).returning(Effect.id)).first() is not None


def may_be_done(session: Session, kind: EffectKind, subject_id: int) -> bool:
    """Whether an effect is done, or may be by now or yet. Not so is one never owed, refused, or called off."""
    owed = (Effect.kind == kind, Effect.subject_id == subject_id, Effect.progress != Progress.REFUSED)
    return bool(session.scalar(select(exists().where(*owed))))


def _job(effect: Effect) -> Task[Any]:
    return perform_notification if POSTINGS[effect.kind].lane is Lane.NOTIFICATION else perform_at_carrier


@task(Lane.CARRIER)
def perform_at_carrier(services: Services, *, effect_id: int) -> None:
    """Perform one effect in the carrier's lane."""
    perform(services, effect_id)


@task(Lane.NOTIFICATION)
def perform_notification(services: Services, *, effect_id: int) -> None:
    """Perform one effect in the lane of texts and mail."""
    perform(services, effect_id)


def perform(services: Services, effect_id: int) -> None:
    """Do one effect if it is ready; settle the doubt if an earlier try has been silent for the grace time."""
    from service.ledger.doubt import resolve  # doubt offers effects again, so it stands above this module

    with services.sessions.begin() as session:
        effect = _claim(session, effect_id)
        prepared = effect and POSTINGS[effect.kind].performer.prepare(session, effect)
        if effect and prepared is None:
            close(session, effect, Progress.REFUSED, trouble="nothing to do any more")
    if effect is None:
        resolve(services, effect_id)
    elif prepared is not None:
        _call(services, effect, prepared)


def _claim(session: Session, effect_id: int) -> Effect | None:
    """Ready → trying, by the database's clock."""
    ready = (Effect.id == effect_id, Effect.progress == Progress.READY, Effect.due_at <= func.clock_timestamp())
    trying = {
        "progress": Progress.TRYING,
        "lease": uuid4(),
        "tries": Effect.tries + 1,
        "tried_at": func.clock_timestamp(),
    }
    return session.scalar(update(Effect).where(*ready).values(trying).returning(Effect))


def _call(services: Services, effect: Effect, prepared: Any) -> None:  # noqa: ANN401 -- the performer's own
    performer = POSTINGS[effect.kind].performer
    try:
        reference = performer.call(services, effect, prepared)
    except (Refused, Conflict) as error:
        write_refused(services, effect, error)
    except CarrierError as error:
        _write_unanswered(services, effect, error)
    else:
        write_done(services, effect, reference)


def write_done(services: Services, effect: Effect, reference: str) -> None:
    """Record that it was made, with its consequences, unless somebody else holds the lease by now."""
    with services.sessions.begin() as session:
        if close(session, effect, Progress.DONE, reference=reference):
            POSTINGS[effect.kind].performer.settle(session, services, effect, reference)


def write_refused(services: Services, effect: Effect, error: CarrierError) -> None:
    """Record that the carrier said no, with its consequences."""
    with services.sessions.begin() as session:
        count_error(session, error)
        if close(session, effect, Progress.REFUSED, trouble=str(error)):
            POSTINGS[effect.kind].performer.refuse(session, services, effect, error)


def _write_unanswered(services: Services, effect: Effect, error: CarrierError) -> None:
    """Surely not made: ready again after a wait that doubles. Unclear: stay trying, and come back after the grace."""
    with services.sessions.begin() as session:
        count_error(session, error)
        if error.not_made:
            wait = min(timedelta(seconds=2**effect.tries), LONGEST_WAIT)
            put_back(session, effect, trouble=str(error), wait=wait)
        else:
            offer(session, effect, after=timedelta(seconds=services.settings.ledger_grace_seconds + 1))
        if isinstance(error, Broken) or effect.tries == TRIES:
            alert(session, "carrier_trouble", f"effect:{effect.id}", effect=effect.kind, trouble=str(error)[:200])


def put_back(session: Session, effect: Effect, *, trouble: str, wait: timedelta) -> None:
    """Trying → ready, due after a wait."""
    if _write(session, effect, progress=Progress.READY, due_at=func.clock_timestamp() + wait, trouble=trouble[:200]):
        offer(session, effect, after=wait)


def look_again(session: Session, effect: Effect, *, grace: timedelta) -> None:
    """Stay trying, and look once more soon: a look that failed sent nothing, so there is no new grace to wait for."""
    wait = min(grace, LONGEST_WAIT)
    if _write(session, effect, tried_at=func.clock_timestamp() - grace + wait):
        offer(session, effect, after=wait + timedelta(seconds=1))


def close(session: Session, effect: Effect, end: Progress, *, reference: str = "", trouble: str = "") -> bool:
    """Trying → one of the ends. False when the lease is no longer ours and nothing was written."""
    return _write(
        session,
        effect,
        progress=end,
        reference=reference,
        trouble=trouble[:200],
        settled_at=func.clock_timestamp(),
    )


def _write(session: Session, effect: Effect, **values: Any) -> bool:  # noqa: ANN401 -- column values
    ours = (Effect.id == effect.id, Effect.lease == effect.lease, Effect.progress == Progress.TRYING)
    return session.execute(update(Effect).where(*ours).values(values).returning(Effect.id)).first() is not None
