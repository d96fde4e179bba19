"""How long a port may stay in a state without news before the porting desk should ask the carrier."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from service.alerts import Alert, AlertKind
from service.porting.business_days import business_days_taken
from service.porting.due import WITH_OPERATORS
from service.porting.kinds import country_of
from service.porting.models import Attempt, CarrierOrder, PortHistory, PortNumber, PortProject
from service.porting.past_times import past_times, usual_range
from service.porting.states import FINAL, State
from service.porting.weeks import provider_called
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

    Those of which operators were told after this moment (aware) are left out.
    """
    last_news = select(func.max(PortHistory.at)).where(PortHistory.port_number_id == PortNumber.id).scalar_subquery()
    silent = (
        # news cannot be older than the state; so the few that have been in it for long are found by an index
        and_(PortNumber.state == state, PortNumber.since < now() - patience, last_news < now() - patience)
        for state, patience in PATIENCE.items()
    )
    untold = ~_notified(AlertKind.PORT_SILENT, told_before)
    return list(session.scalars(select(PortNumber).where(or_(*silent), untold).order_by(PortNumber.id)))


def slow_ports(session: Session, services: Services, told_before: datetime) -> list[PortNumber]:
    """Numbers that wait for a date for longer after their filing than nine in ten of their kind took until they came.

    A kind of which few have come (`past_times.py`) has none. Those of which operators were told after this moment
    (aware) are left out.
    """
    longest: dict[tuple[str, ...], int | None] = {}
    slow = []
    for number_id, number, kind, carrier, operator, filed in session.execute(_filed(services, told_before)):
        place = country_of(number)
        alike = (carrier, place, kind, provider_called(operator, place))
        if alike not in longest:
            longest[alike] = _longest(session, services, session.get_one(PortNumber, number_id))
        most = longest[alike]
        if most is not None and business_days_taken(number, filed, now()) > most:
            slow.append(number_id)
    return list(session.scalars(select(PortNumber).where(PortNumber.id.in_(slow)).order_by(PortNumber.id)))


def _filed(services: Services, told_before: datetime) -> Select[*tuple[Any, ...]]:
    """What of a number tells its kind. All that wait are compared, so no rows are loaded for them."""
    carrier = func.coalesce(CarrierOrder.carrier, func.nullif(PortNumber.carrier, ""), services.home)
    return (
        select(
            PortNumber.id,
            PortNumber.number,
            PortNumber.kind,
            carrier,
            PortProject.operator,
            Attempt.made_at,
        )
        .join(Attempt, Attempt.id == PortNumber.attempt_id)
        .join(PortProject, PortProject.id == PortNumber.project_id)
        .outerjoin(CarrierOrder, CarrierOrder.id == PortNumber.order_id)
        .where(PortNumber.state.in_(WITH_OPERATORS), ~_notified(AlertKind.PORT_SLOW, told_before))
        .order_by(PortNumber.id)
    )


def _longest(session: Session, services: Services, number: PortNumber) -> int | None:
    """The business days within which nine in ten of a number's kind came; None if it is not known."""
    seen = past_times(session, services, number)
    return usual_range(seen.days)[1] if seen else None


def _notified(kind: AlertKind, after: datetime) -> ColumnElement[bool]:
    """The condition that operators were told so of a number after a moment: thousands may be late together."""
    return exists().where(
        Alert.kind == kind, Alert.about == func.concat("port_number:", PortNumber.id), Alert.made_at > after
    )
