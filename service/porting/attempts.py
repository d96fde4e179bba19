"""Attempts: each filing of some of a project's numbers, stored as it was sent and linked to the one before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.porting.choice import carrier_of
from service.porting.groups import OrderKey, grouped
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortNumber, PortProject
from service.services import Services


def make_attempts(
    session: Session, services: Services, project: PortProject, numbers: Sequence[PortNumber]
) -> list[Attempt]:
    """Make one attempt for each group of numbers that can go in one order."""
    largest = {name: carrier.porting.capabilities.largest_order for name, carrier in services.carriers.items()}
    groups = grouped([(_order_key(services, number), number) for number in numbers], largest)
    return [_attempt(session, services, project, group) for group in groups]


def _order_key(services: Services, number: PortNumber) -> OrderKey:
    return OrderKey(_next_carrier(services, number), country_of(number.number), number.kind, number.order_id)


def _next_carrier(services: Services, number: PortNumber) -> str:
    """Who is to bring a number in from now on: our desk may have chosen another than that of its present order."""
    return number.carrier or carrier_of(services, number)


def _attempt(session: Session, services: Services, project: PortProject, numbers: Sequence[PortNumber]) -> Attempt:
    attempt = Attempt(
        project=project,
        sequence=max((earlier.sequence for earlier in project.attempts), default=0) + 1,
        previous_id=numbers[0].attempt_id,
        carrier=_next_carrier(services, numbers[0]),
        sent=_frozen(project, numbers),
    )
    session.add(attempt)
    session.flush()
    for number in numbers:
        number.attempt_id = attempt.id
    return attempt


_PLAIN = (
    "subscriber_name",
    "authorized_person",
    "street",
    "street2",
    "city",
    "region",
    "postal_code",
    "country",
    "billing_number",
    "remaining",
    "new_billing_number",
)


def _frozen(project: PortProject, numbers: Sequence[PortNumber]) -> dict[str, Any]:
    """What is sent, for the record; of PIN, account number and subscriber id only whether they were given."""
    return {
        **{field: getattr(project, field) for field in _PLAIN},
        "numbers": [number.number for number in numbers],
        "wished": project.wished.isoformat() if project.wished else None,
        "account_number_given": bool(project.account_number),
        "pin_given": bool(project.pin),
        "subscriber_id_given": bool(project.subscriber_id),
    }
