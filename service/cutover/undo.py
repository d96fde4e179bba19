"""Taking our part of a move back, and moving again: any number of times, always with the same rows at the end.

What the carriers have agreed on is not ours to undo. So the number goes on answering here, whatever still comes in on
it, and everything that shows the line to the world is the temporary number's again: its role, its texts, its place in
the registration.
"""

from sqlalchemy.orm import Session

from service.cutover.jobs import withdraw_texts
from service.cutover.models import TAKEN_BACK
from service.cutover.rows import cutover_of, steps_of
from service.errors import Conflict
from service.lines.inventory import number_held, step_back
from service.porting.models import Cause, PortNumber
from service.porting.states import Command
from service.porting.transitions import transition
from service.services import Services
from service.time import now


def take_back(session: Session, services: Services, number: PortNumber, cause: Cause) -> None:
    """Have the temporary number serve in place of one that has arrived.

    Raises:
        IllegalTransition: it has not arrived.
        Conflict: it was taken back already, or the temporary number is gone; nothing is changed.
    """
    session.refresh(number, with_for_update=True)
    cutover = cutover_of(session, number)
    if cutover.taken_back_at:
        raise Conflict("The move was taken back already.")
    held = number_held(session, number.number)
    if held:
        # first, so that the message about it names the number that serves from now on
        step_back(session, held)
    transition(session, services, number, Command.TAKE_BACK, cause)
    cutover.taken_back_at = now()
    cutover.trials, cutover.tried_out_at = 0, None
    steps = steps_of(session, services, number)
    for step in [steps[name] for name in TAKEN_BACK if name in steps]:
        step.clear()
    withdraw_texts.defer(session, port_number_id=number.id)


def move_again(session: Session, services: Services, number: PortNumber, cause: Cause) -> None:
    """Go on with a move that was taken back; whoever had asked for the number's return does not want it any more.

    Raises:
        Conflict: it was not taken back.
    """
    session.refresh(number, with_for_update=True)
    cutover = cutover_of(session, number)
    if not cutover.taken_back_at:
        raise Conflict("The move was not taken back.")
    cutover.taken_back_at = cutover.snapback_at = None
    transition(session, services, number, Command.MOVE_AGAIN, cause)
