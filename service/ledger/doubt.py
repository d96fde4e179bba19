"""Looking before sending again: an effect whose outcome is unknown is sought at the carrier first."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from service.alerts import alert
from service.carrier_errors import count_error
from service.ledger.models import Effect, Progress
from service.ledger.performers import POSTINGS
from service.ledger.promises import close, look_again, put_back, write_done
from service.queue import TRIES
from service.services import Services


def resolve(services: Services, effect_id: int) -> None:
    """Find out what became of a try that has been silent for the grace time; earlier than that, do nothing."""
    grace = timedelta(seconds=services.settings.ledger_grace_seconds)
    with services.sessions.begin() as session:
        effect = _take_over(session, effect_id, grace)
        prepared = effect and POSTINGS[effect.kind].performer.prepare(session, effect)
    if effect is None:
        return
    try:
        reference = POSTINGS[effect.kind].performer.look(services, effect, prepared)
    except CarrierError as error:
        _look_again(services, effect, grace, error)
    else:
        _made(services, effect, reference)


def overdue(session: Session, grace: timedelta) -> list[Effect]:
    """Effects that somebody should have performed by now: their job was lost, or its worker died."""
    late = func.clock_timestamp() - grace
    open_too_long = or_(
        (Effect.progress == Progress.READY) & (Effect.due_at < late),
        (Effect.progress == Progress.TRYING) & (Effect.tried_at < late),
    )
    return list(session.scalars(select(Effect).where(open_too_long).order_by(Effect.id).limit(500)))


def _take_over(session: Session, effect_id: int, grace: timedelta) -> Effect | None:
    silent = (
        Effect.id == effect_id,
        Effect.progress == Progress.TRYING,
        Effect.tried_at <= func.clock_timestamp() - grace,
    )
    # with its outcome unknown it may have been done: it can no more be called off as one never tried before
    tried = func.greatest(Effect.tries, 2)
    ours = {"lease": uuid4(), "tries": tried, "tried_at": func.clock_timestamp()}
    return session.scalar(update(Effect).where(*silent).values(ours).returning(Effect))


def _look_again(services: Services, effect: Effect, grace: timedelta, error: CarrierError) -> None:
    with services.sessions.begin() as session:
        count_error(session, error)
        look_again(session, effect, grace=grace)


def _made(services: Services, effect: Effect, reference: str | None) -> None:
    """Write down what was found. Not made: send it again now, but not for ever; then a person has to look."""
    if reference is not None:
        write_done(services, effect, reference)
        return
    with services.sessions.begin() as session:
        if effect.tries < TRIES:
            put_back(session, effect, trouble="not found at the carrier", wait=timedelta(0))
        elif close(session, effect, Progress.PARKED, trouble="never found at the carrier"):
            alert(session, "effect_parked", f"effect:{effect.id}", effect=effect.kind)
