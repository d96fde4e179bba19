"""Answers of old operators, entered by the desk; `learn()` reads them like the answers of any carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import PortStatus, ReasonCode
from provisioning.time_zones import zone_of
from service.desk.models import DeskNumber, DeskOrder
from service.desk.worklist import ENDED
from service.errors import Conflict, Invalid
from service.porting.asking import ask_carrier
from service.porting.models import CarrierOrder, PortNumber
from service.services import Services
from service.time import now, today

ANSWERS: Final = (
    PortStatus.AWAITING_SIGNATURE,
    PortStatus.WITH_LOSING_CARRIER,
    PortStatus.SCHEDULED,
    PortStatus.REJECTED,
    PortStatus.PORTED,
    PortStatus.CANCELED,
    PortStatus.NOT_PORTABLE,
)
"""The statuses that the desk can enter for a number."""

_WITH_REASONS: Final = frozenset({PortStatus.REJECTED, PortStatus.NOT_PORTABLE})


@dataclass(frozen=True, slots=True)
class Answer:
    """An old operator's answer about these numbers (E.164).

    `day` is the committed day, in the number's time zone; `reasons` are those of a rejection; `network` names the
    carrier that holds a ported number, "" for the home carrier.
    """

    status: PortStatus
    numbers: tuple[str, ...]
    day: date | None = None
    reasons: tuple[ReasonCode, ...] = ()
    network: str = ""


def write_answer(session: Session, services: Services, order: DeskOrder, answer: Answer) -> None:
    """Store an answer with the numbers of an order, and have `learn()` read it soon.

    Raises:
        Invalid: something is missing or impossible, field by field; nothing is stored.
        Conflict: a number has ended already, which cannot be changed.
    """
    numbers = _named(session, order, answer.numbers)
    faults = faults_of(services, numbers, answer)
    if faults:
        raise Invalid(faults)
    ended = [number.number for number in numbers if number.status in ENDED]
    if ended:
        raise Conflict(f"This has ended already: {', '.join(ended)}.")
    for number in numbers:
        _write(number, answer)
    _have_it_read(session, order)


def _named(session: Session, order: DeskOrder, named: Sequence[str]) -> list[DeskNumber]:
    rows = select(DeskNumber).where(DeskNumber.order_id == order.id, DeskNumber.number.in_(named))
    return list(session.scalars(rows.order_by(DeskNumber.id).with_for_update()))


def faults_of(services: Services, numbers: Sequence[DeskNumber | PortNumber], answer: Answer) -> dict[str, list[str]]:
    """What is missing or impossible in an answer about these numbers of an order, by field."""
    faults = {}
    if not numbers or len(numbers) < len(set(answer.numbers)):
        faults["numbers"] = ["Choose numbers of this order."]
    if answer.status not in ANSWERS:
        faults["status"] = ["Choose one of these."]
    if answer.status is PortStatus.SCHEDULED and answer.day is None:
        faults["day"] = ["Enter the date the provider committed to."]
    elif answer.status is PortStatus.SCHEDULED and any(_is_past(number, answer.day) for number in numbers):
        faults["day"] = ["This date is in the past."]
    if answer.status in _WITH_REASONS and not answer.reasons:
        faults["reasons"] = ["Choose what the provider rejected."]
    if answer.network and answer.network not in _networks(services):
        faults["network"] = ["Choose one of these."]
    return faults


def _is_past(number: DeskNumber | PortNumber, day: date | None) -> bool:
    return day is not None and day < today(zone_of(number.number))


def _networks(services: Services) -> list[str]:
    return [name for name, carrier in services.carriers.items() if carrier.network]


def _write(number: DeskNumber, answer: Answer) -> None:
    """Store an answer with one number. Each answer replaces the day, reasons and network of the one before."""
    number.status = answer.status
    number.answered_at = now()
    number.day = answer.day if answer.status is PortStatus.SCHEDULED else None
    number.reasons = [reason.value for reason in answer.reasons] if answer.status in _WITH_REASONS else []
    number.network = answer.network if answer.status is PortStatus.PORTED else ""


def _have_it_read(session: Session, order: DeskOrder) -> None:
    """Queue the read. An order whose filing is not settled yet is read when it is."""
    order_id = session.scalar(select(CarrierOrder.id).where(CarrierOrder.reference == order.reference))
    if order_id:
        ask_carrier.defer(session, order_id=order_id)
