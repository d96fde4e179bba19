"""What is done to a transfer that was sent, from its pages or by a program: whether it may be, and its log entry.

`user_id` is who does it, by default the person who is signed in.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, differences
from service.desk.questions import note_answer, open_question
from service.errors import Conflict, IllegalTransition
from service.porting.details import revise
from service.porting.models import PortProject
from service.porting.projects import cancel, correct, reschedule
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.services import Services
from service.web.transfer.port_log import note_port
from service.web.transfer.story import closing_of


def must_wait_for_customer(session: Session, project: PortProject) -> None:
    """Raise `IllegalTransition` unless something of a transfer was rejected, or the desk asks its customer."""
    if not _is_rejected(project) and not open_question(session, project):
        raise IllegalTransition("There’s nothing to fix.")


def _is_rejected(project: PortProject) -> bool:
    return state_of(project) is ProjectState.ACTION_REQUIRED


def must_be_movable(services: Services, project: PortProject) -> None:
    """Raise `Conflict` unless another day can be asked for."""
    if not closing_of(project, services).movable:
        raise Conflict("You can’t change the date right now.")


def mend_sent(
    session: Session, services: Services, project: PortProject, answers: Mapping[str, Any], user_id: int
) -> bool:
    """Send a rejected transfer again, with corrections. Of another one the desk gets the answers, and sends it then.

    Either answers the desk's question. Returns whether it was sent. Raises what `correct` does.
    """
    rejected, before = _is_rejected(project), {name: getattr(project, name) for name in answers}
    if rejected:
        correct(session, services, project, answers)
    else:
        revise(session, project, answers)
    action = Action.PORT_CORRECTED if rejected else Action.DESK_ANSWERED
    note_port(session, project, action, differences(before, answers), user_id)
    note_answer(session, project, user_id)
    return rejected


def move_sent(
    session: Session, services: Services, project: PortProject, wished: date | None, user_id: int | None = None
) -> None:
    """Ask for another day, None for as soon as possible. Raises what `reschedule` does."""
    before = {"wished": project.wished}
    reschedule(session, services, project, wished)
    note_port(session, project, Action.PORT_MOVED, differences(before, {"wished": wished}), user_id)


def cancel_sent(session: Session, services: Services, project: PortProject, user_id: int | None = None) -> None:
    """Cancel the numbers that have not arrived. Raises what `cancel` does."""
    cancel(session, services, project)
    note_port(session, project, Action.PORT_CANCELED, user_id=user_id)
