"""What the porting desk does with one transfer, by the rules that hold for its customer, each with who did it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.models import User
from service.desk.comments import checked
from service.desk.log import DeskAct, write_down
from service.errors import Conflict, Invalid
from service.porting.choice import porting_of
from service.porting.details import revise
from service.porting.models import CarrierOrder, Cause, PortNumber, PortProject
from service.porting.order_comments import write_to_carrier
from service.porting.projects import cancel, correct, reschedule, submit
from service.porting.states import Command, State, answer
from service.services import Services


def file_draft(session: Session, services: Services, project: PortProject, by: int) -> None:
    """Send a draft that its customer has completed and agreed to. Raises what `submit` does."""
    submit(session, services, project, Cause.STAFF)
    write_down(session, project, by, DeskAct.FILED)


def send_again(
    session: Session, services: Services, project: PortProject, by: int, changes: Mapping[str, Any]
) -> list[str]:
    """Send a transfer again, with these answers changed. Returns the names of those that are others now.

    What was rejected is corrected. An order that is under way is changed where its carrier allows it, else it is
    canceled and filed anew, up to the moment until which it can be changed. A draft is only changed.

    Raises:
        Invalid: something is missing, field by field.
        Conflict: it is too close to the committed date.
        IllegalTransition: there is nothing to send again.
    """
    changed = [name for name, value in changes.items() if value != getattr(project, name)]
    states = {number.state for number in to_be_sent(project)}
    if states == {State.DRAFT}:
        revise(session, project, changes)
    elif states == {State.ACTION_REQUIRED}:
        correct(session, services, project, changes, Cause.STAFF)
    else:
        revise(session, project, changes)
        reschedule(session, services, project, project.wished, Cause.STAFF)
    write_down(session, project, by, DeskAct.CORRECTED if changed else DeskAct.SENT_AGAIN, fields=changed)
    return changed


def to_be_sent(project: PortProject) -> list[PortNumber]:
    """The numbers that sending a transfer again concerns: the rejected, else those under way, else a draft’s."""
    rejected = [number for number in project.numbers if number.state is State.ACTION_REQUIRED]
    under_way = [number for number in project.numbers if answer(number.state, Command.RESCHEDULE)]
    return rejected or under_way or [number for number in project.numbers if number.state is State.DRAFT]


def split_off(session: Session, services: Services, project: PortProject, by: int, numbers: Collection[str]) -> None:
    """Take rejected numbers (E.164) out of their order and file them in one of their own.

    Raises:
        Invalid: none of these is rejected, or something is missing, field by field.
        Conflict: their carrier changes orders in place and splits them by itself.
    """
    chosen = [one for one in project.numbers if one.number in numbers and one.state is State.ACTION_REQUIRED]
    if not chosen:
        raise Invalid({"numbers": ["Choose rejected numbers."]})
    if any(porting_of(services, number).capabilities.changes_in_place for number in chosen):
        raise Conflict("This carrier splits orders itself. Ask its staff.")
    named = [number.number for number in chosen]
    correct(session, services, project, {}, Cause.STAFF, only=named)
    write_down(session, project, by, DeskAct.SPLIT, numbers=named)


def move_to(session: Session, services: Services, project: PortProject, by: int, wished: date | None) -> None:
    """Ask for another day, None for as soon as possible. Raises what `reschedule` does."""
    reschedule(session, services, project, wished, Cause.STAFF)
    write_down(session, project, by, DeskAct.RESCHEDULED, wished=wished.isoformat() if wished else "")


def call_off(session: Session, services: Services, project: PortProject, by: int) -> None:
    """Cancel the numbers that have not arrived. Raises what `cancel` does."""
    cancel(session, services, project, Cause.STAFF)
    write_down(session, project, by, DeskAct.CANCELED)


def comment_on_order(
    session: Session, services: Services, project: PortProject, order: CarrierOrder, author: User, text: str
) -> None:
    """Write to the carrier's staff about an order.

    Raises:
        Invalid: on the field `order_comment`: it is empty, too long, or contains a secret.
        Conflict: this carrier takes no comments.
    """
    write_to_carrier(session, services, order, author, checked(project, "order_comment", text))
    write_down(session, project, author.id, DeskAct.WROTE_TO_CARRIER, order=order.reference)
