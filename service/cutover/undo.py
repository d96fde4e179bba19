"""Taking a cutover back, and cutting over again: any number of times, with the same rows at the end.

The port itself is between the carriers and stays. So calls and texts to the ported number still reach the line, while
the temporary number gets back what others see of the line: the primary role and outgoing texts. The ported number stays
registered for texts: operators need days to forget a number, in which it could join no registration again.
"""

from sqlalchemy.orm import Session

from service.cutover.models import TAKEN_BACK
from service.cutover.rows import cutover_of, steps_of
from service.errors import Conflict
from service.lines.inventory import number_held, undo_primary
from service.porting.models import Cause, PortNumber
from service.porting.states import Command
from service.porting.transitions import transition
from service.services import Services
from service.time import now


def take_back(session: Session, services: Services, number: PortNumber, cause: Cause) -> None:
    """Have the temporary number serve in place of one that has arrived.

    Raises:
        IllegalTransition: the number is not ported.
        Conflict: it was taken back already, or the temporary number is gone; nothing is changed.
    """
    session.refresh(number, with_for_update=True)
    cutover = cutover_of(session, number)
    if cutover.taken_back_at:
        raise Conflict("The transfer was already undone.")
    held = number_held(session, number.number)
    if held:
        # first, so that the notice names the number that serves from now on
        undo_primary(session, held)
    transition(session, services, number, Command.TAKE_BACK, cause)
    cutover.taken_back_at = now()
    cutover.trials, cutover.tried_out_at = 0, None
    steps = steps_of(session, services, number)
    for step in [steps[name] for name in TAKEN_BACK if name in steps]:
        step.clear()


def cut_over_again(session: Session, services: Services, number: PortNumber, cause: Cause) -> None:
    """Go on with a cutover that was taken back. A request to send the number back is dropped.

    Raises:
        Conflict: it is not taken back.
    """
    session.refresh(number, with_for_update=True)
    cutover = cutover_of(session, number)
    if not cutover.taken_back_at:
        raise Conflict("The transfer wasn’t undone.")
    cutover.taken_back_at = cutover.snapback_at = None
    transition(session, services, number, Command.MOVE_AGAIN, cause)
