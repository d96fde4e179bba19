"""The text by which the desk asks a carrier's staff to look at an order: all its facts, in English, and no secret.

It goes by mail, in the order's ticket or as a comment on it, whichever the carrier takes.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy.orm import Session

from service.desk.comparison import objections_to
from service.porting.models import CarrierOrder, PortNumber, PortProject
from service.porting.needs import operator_of
from service.porting.states import State

_NAMED: Final = 50
"""So many numbers are named; of more, how many there are."""

_ASKED: Final = {
    State.IN_REVIEW: "Please confirm that the order is complete, and when it goes to the losing carrier.",
    State.WITH_LOSING_CARRIER: "Please ask the losing carrier for a date, or for what it objects to.",
    State.SCHEDULED: "Please confirm that the date stands.",
    State.ACTIVATING: "Please confirm that the numbers are active, or tell us what holds them up.",
    State.ACTION_REQUIRED: "Please tell us what exactly the losing carrier has on record, so that we can correct it.",
    State.CANCEL_REQUESTED: "Please confirm that the order is canceled.",
}
_ASKED_ELSE: Final = "Please look at this order and tell us where it stands."


def orders_of(project: PortProject) -> list[CarrierOrder]:
    """The orders in which a transfer's numbers are now, each once, in the order in which they were made."""
    orders = {number.order.id: number.order for number in project.numbers if number.order}
    return [orders[key] for key in sorted(orders)]


def escalation_text(session: Session, project: PortProject, order: CarrierOrder) -> str:
    """What the carrier's staff need to know about an order."""
    numbers = [number for number in project.numbers if number.order_id == order.id]
    return "\n".join(line for line in _lines(session, project, order, numbers) if line)


def _lines(session: Session, project: PortProject, order: CarrierOrder, numbers: Sequence[PortNumber]) -> Iterator[str]:
    weakest = min(numbers, key=lambda number: number.since)
    yield f"Port order: {order.reference}"
    yield f"Support ticket: {order.support_ticket}" if order.support_ticket else ""
    yield f"Numbers: {_named(numbers)}"
    yield f"Status: {order.word or weakest.state} since {weakest.since:%Y-%m-%d %H:%M} UTC"
    yield f"Our target for the next step was {weakest.due_on}." if weakest.due_on else ""
    yield f"Committed date: {weakest.committed.isoformat()}" if weakest.committed else ""
    yield f"Requested date: {project.wished}" if project.wished else ""
    yield f"Filed: {order.made_at:%Y-%m-%d %H:%M} UTC, attempt {order.attempt.sequence}"
    yield f"Losing carrier: {operator_of(project).name or project.operator or 'unknown'}"
    yield from _holder(project)
    for objection in objections_to(session, project):
        yield f"Rejected for: {objection.code.replace('_', ' ')}{f' ({objection.words})' if objection.words else ''}"
    yield _ASKED.get(weakest.state, _ASKED_ELSE)


def _holder(project: PortProject) -> Iterator[str]:
    """Who the holder is; of what is secret only that it was filed."""
    place = f"{project.city}, {project.region} {project.postal_code}".replace(" ,", ",")
    parts = (project.street, project.street2, place, project.country)
    yield f"Account holder: {project.subscriber_name}"
    yield f"Authorized person: {project.authorized_person}" if project.authorized_person else ""
    yield f"Service address: {', '.join(part for part in parts if part)}"
    given = [words for words, value in (("account number", project.account_number), ("PIN", project.pin)) if value]
    yield f"On the order, not repeated here: {' and '.join(given)}" if given else ""


def _named(numbers: Sequence[PortNumber]) -> str:
    named = ", ".join(number.number for number in numbers[:_NAMED])
    return f"{named} and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else named
