"""How long a port may stay in a state without news before the porting desk should ask the carrier."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from service.alerts import Alert, AlertKind
from service.porting.business_days import business_days_between
from service.porting.choice import carrier_of
from service.porting.due import WITH_OPERATORS
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortHistory, PortNumber
from service.porting.needs import operator_of
from service.porting.past_times import past_times, usual_range
from service.porting.states import FINAL, State
from service.services import Services
from service.time import now

PATIENCE: Final[Mapping[State, timedelta]] = {
    # the ledger raises its own alarm long before; this is for a filing whose outcome was never settled
    State.SUBMITTING: timedelta(days=1),
    # a signature runs out after thirty days, and the carrier should say so
    State.AWAITING_SIGNATURE: timedelta(days=32),
    State.IN_REVIEW: timedelta(days=4),
    # five to fifteen business days is what carriers tell their customers
    State.WITH_LOSING_CARRIER: timedelta(days=21),
    # begins with the day itself: by the next morning the number is here, or the desk should find out why not
    State.ACTIVATING: timedelta(days=1),
    State.CANCEL_REQUESTED: timedelta(days=3),
}
"""In days without any news of the number."""

OTHERS_TURN: Final = frozenset(
    {
        State.DRAFT,  # the customer's
        State.ACTION_REQUIRED,  # the customer's, or the porting desk's, which has been told
        State.SCHEDULED,  # the calendar's: on its day the number moves on to ACTIVATING by itself
        State.PORTED,  # our own: setting it up has an alarm of its own
        *FINAL,
    }
)
"""States in which it is not the carrier that we wait for."""


def silent_ports(session: Session, told_before: datetime) -> list[PortNumber]:
    """Numbers of which nothing has been heard for longer than their state lasts.

    Those of which operators were told after this moment (aware) are left out: thousands may be silent together.
    """
    last_news = select(func.max(PortHistory.at)).where(PortHistory.port_number_id == PortNumber.id).scalar_subquery()
    silent = (and_(PortNumber.state == state, last_news < now() - patience) for state, patience in PATIENCE.items())
    told = exists().where(
        Alert.kind == AlertKind.PORT_SILENT,
        Alert.about == func.concat("port_number:", PortNumber.id),
        Alert.made_at > told_before,
    )
    return list(session.scalars(select(PortNumber).where(or_(*silent), ~told).order_by(PortNumber.id)))


def slow_ports(session: Session, services: Services) -> list[PortNumber]:
    """Numbers that wait for a date for longer after their filing than nine in ten of their kind took until they came.

    A kind of which few have come (`past_times.py`) has none.
    """
    rows = (
        select(PortNumber, Attempt.made_at)
        .join(Attempt, Attempt.id == PortNumber.attempt_id)
        .where(PortNumber.state.in_(WITH_OPERATORS))
        .options(selectinload(PortNumber.project), selectinload(PortNumber.order))
    )
    longest: dict[tuple[str, ...], int | None] = {}
    slow = []
    for number, filed in session.execute(rows.order_by(PortNumber.id)):
        country = country_of(number.number)
        kind = (carrier_of(services, number), country, number.kind, operator_of(number.project).name)
        if kind not in longest:
            seen = past_times(session, services, number)
            longest[kind] = usual_range(seen.days)[1] if seen else None
        most = longest[kind]
        if most is not None and business_days_between(filed.date(), now().date(), country) > most:
            slow.append(number)
    return slow
