"""What a customer, or our staff for them, can do with a port project: send, correct, move to another day, cancel."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.errors import Conflict, IllegalTransition, Invalid
from service.porting.attempts import make_attempts
from service.porting.checks import last_free_moment, missing
from service.porting.choice import days_for, porting_of
from service.porting.claims import must_be_free, unconfirmed
from service.porting.cycles import must_not_go_round
from service.porting.details import revise
from service.porting.filing import call_off_filing, is_free
from service.porting.lines import open_lines
from service.porting.models import Cause, PortNumber, PortProject
from service.porting.states import GONE_BY, Command, Fact, State, answer
from service.porting.transitions import Transition, transition_together
from service.services import Services
from service.spending.permission import must_be_open
from service.time import now

NOTHING: Final[Mapping[str, list[str]]] = MappingProxyType({})


def submit(session: Session, services: Services, project: PortProject, cause: Cause = Cause.CUSTOMER) -> None:
    """Send a draft, so that it is filed at the carrier.

    Raises:
        Invalid: something is missing, field by field, or it is not shown whose the numbers are.
        ClaimedTwice: one of its numbers is in an open port of another customer, for our porting desk to look at.
        Conflict: one is in another open port of this customer or was canceled too often, or the workspace is paused or
            sends too many.
        IllegalTransition: it was sent already.
    """
    numbers = _locked(session, project)
    if any(number.state is not State.DRAFT for number in numbers):
        raise IllegalTransition("This has already been sent.")
    must_be_open(session, project.workspace_id)
    must_not_go_round(session, project, numbers)
    _complete(services, project, unconfirmed(services, project))
    must_be_free(session, project)
    project.submitted_at = now()
    open_lines(session, project, numbers)
    make_attempts(session, services, project, numbers)
    try:
        with session.begin_nested():
            transition_together(session, services, [Transition(number, Command.SUBMIT) for number in numbers], cause)
    except IntegrityError:  # another request sends a port of the same number at the same moment
        raise Conflict("Someone else sent this at the same moment. Check it again.") from None


def correct(
    session: Session,
    services: Services,
    project: PortProject,
    changes: Mapping[str, Any],
    cause: Cause = Cause.CUSTOMER,
    only: Collection[str] = (),
) -> None:
    """Correct the data of rejected numbers, or `only` of some of them (E.164), and send them again.

    Raises:
        Invalid: something is missing, field by field.
        IllegalTransition: no number of it waits for the customer.
    """
    rejected = [number for number in _locked(session, project) if number.state is State.ACTION_REQUIRED]
    waiting = [number for number in rejected if not only or number.number in only]
    if not waiting:
        raise IllegalTransition("There’s nothing to fix.")
    revise(session, project, changes)
    _complete(services, project)
    make_attempts(session, services, project, waiting)
    transition_together(session, services, [Transition(number, Command.CORRECT) for number in waiting], cause)


def reschedule(
    session: Session,
    services: Services,
    project: PortProject,
    wished: date | None,
    cause: Cause = Cause.CUSTOMER,
) -> None:
    """Ask for another day, in the number's time zone (None: as soon as possible), for numbers that can still change it.

    Raises:
        Invalid: on the field `wished`, if the day is not possible.
        Conflict: it is too close to the committed date.
        IllegalTransition: no number of it waits for a date.
    """
    numbers = [one for one in _locked(session, project) if answer(one.state, Command.RESCHEDULE)]
    if not numbers:
        raise IllegalTransition("There’s no date to change.")
    for number in numbers:
        _still_time(services, number)
    project.wished = wished
    _complete(services, project)
    make_attempts(session, services, project, numbers)
    transition_together(session, services, [Transition(number, Command.RESCHEDULE) for number in numbers], cause)


def cancel(session: Session, services: Services, project: PortProject, cause: Cause = Cause.CUSTOMER) -> None:
    """Cancel every number that is not ported and has not ended. Filed numbers wait for the carrier's answer.

    Raises:
        Conflict: it is too close to the committed date, or no number is left to cancel.
    """
    open_numbers = [number for number in _locked(session, project) if number.state not in GONE_BY]
    if not open_numbers:
        raise Conflict("There’s nothing left to cancel.")
    for number in open_numbers:
        _still_time(services, number)
    transition_together(session, services, [Transition(number, Command.CANCEL) for number in open_numbers], cause)
    _cancel_what_was_never_filed(session, services, open_numbers, cause)


def _cancel_what_was_never_filed(
    session: Session, services: Services, numbers: Iterable[PortNumber], cause: Cause
) -> None:
    """Cancel numbers without an order at once: their filing was not begun or was refused, so no carrier is asked."""
    unfiled = [number for number in numbers if number.attempt_id and is_free(number)]
    attempts = {number.attempt_id for number in unfiled if number.attempt_id}
    ended = {attempt for attempt in attempts if call_off_filing(session, attempt)}
    freed = [number for number in unfiled if number.attempt_id in ended]
    transition_together(session, services, [Transition(number, Fact.CANCELED) for number in freed], cause)


def _locked(session: Session, project: PortProject) -> list[PortNumber]:
    """The project's numbers, locked against other transitions until the transaction ends."""
    rows = select(PortNumber).where(PortNumber.project_id == project.id).order_by(PortNumber.id)
    return list(session.scalars(rows.with_for_update().execution_options(populate_existing=True)))


def _complete(services: Services, project: PortProject, further: Mapping[str, list[str]] = NOTHING) -> None:
    faults = missing(project) | dict(further)
    if project.wished and project.wished not in days_for(services, project):
        faults["wished"] = ["This date isn’t available. Choose another one."]
    if faults:
        raise Invalid(faults)


def _still_time(services: Services, number: PortNumber) -> None:
    last = last_free_moment(number, porting_of(services, number).capabilities)
    if last and now() >= last:
        raise Conflict("It’s too late to change or cancel. The move is too close.")
