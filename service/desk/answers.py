"""What the old operator answered, written down by the desk; the same `learn()` reads it as any carrier's answer."""

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
from service.porting.models import CarrierOrder
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
"""Where a number can be, as far as the desk can tell."""

_WITH_REASONS: Final = frozenset({PortStatus.REJECTED, PortStatus.NOT_PORTABLE})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is so of these numbers (E.164) now.

    `day` is a day at the number, for a date that was committed to; `reasons` for a "no"; `network` names the carrier
    that a number came to live at, "" for the home carrier.
    """

    status: PortStatus
    numbers: tuple[str, ...]
    day: date | None = None
    reasons: tuple[ReasonCode, ...] = ()
    network: str = ""


def write_answer(session: Session, services: Services, order: DeskOrder, answer: Answer) -> None:
    """Write an answer beside the numbers of an order, and have it read.

    Raises:
        Invalid: something is missing or cannot be, field by field; nothing is written.
        Conflict: a number has ended, and what ended stays as it is.
    """
    numbers = _named(session, order, answer.numbers)
    faults = _faults(services, numbers, answer)
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


def _faults(services: Services, numbers: Sequence[DeskNumber], answer: Answer) -> dict[str, list[str]]:
    faults = {}
    if not numbers or len(numbers) < len(set(answer.numbers)):
        faults["numbers"] = ["Choose numbers of this order."]
    if answer.status not in ANSWERS:
        faults["status"] = ["Choose one of these."]
    if answer.status is PortStatus.SCHEDULED and answer.day is None:
        faults["day"] = ["Enter the day that the old operator committed to."]
    elif answer.status is PortStatus.SCHEDULED and any(_is_past(number, answer.day) for number in numbers):
        faults["day"] = ["This day is over."]
    if answer.status in _WITH_REASONS and not answer.reasons:
        faults["reasons"] = ["Choose what the old operator objected to."]
    if answer.network and answer.network not in _networks(services):
        faults["network"] = ["Choose one of these."]
    return faults


def _is_past(number: DeskNumber, day: date | None) -> bool:
    return day is not None and day < today(zone_of(number.number))


def _networks(services: Services) -> list[str]:
    return [name for name, carrier in services.carriers.items() if carrier.network]


def _write(number: DeskNumber, answer: Answer) -> None:
    """A day stands until it is moved or taken back; it says nothing of a number that has come."""
    number.status = answer.status
    number.answered_at = now()
    number.day = answer.day if answer.status is PortStatus.SCHEDULED else None
    number.reasons = [reason.value for reason in answer.reasons] if answer.status in _WITH_REASONS else []
    number.network = answer.network if answer.status is PortStatus.PORTED else ""


def _have_it_read(session: Session, order: DeskOrder) -> None:
    """An order that is being filed this moment is read when its filing is settled."""
    order_id = session.scalar(select(CarrierOrder.id).where(CarrierOrder.reference == order.reference))
    if order_id:
        ask_carrier.defer(session, order_id=order_id)
