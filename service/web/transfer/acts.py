"""What is done to a transfer that was sent, from its pages or by a program: whether it may be, and its log entry.

`user_id` is who does it, by default the person who is signed in.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, differences
from service.errors import Conflict, IllegalTransition
from service.porting.details import revise
from service.porting.models import PortProject
from service.porting.projects import cancel, correct, reschedule
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.services import Services
from service.web.transfer.port_log import note_port
from service.web.transfer.story import closing_of


def must_wait_for_correction(project: PortProject) -> None:
    """Raise `IllegalTransition` unless the old operator has rejected something of a transfer."""
    if state_of(project) is not ProjectState.ACTION_REQUIRED:
        raise IllegalTransition("There’s nothing to fix.")


def must_be_movable(services: Services, project: PortProject) -> None:
    """Raise `Conflict` unless another day can be asked for."""
    if not closing_of(project, services).movable:
        raise Conflict("You can’t change the date right now.")


def correct_sent(
    session: Session,
    services: Services,
    project: PortProject,
    answers: Mapping[str, Any],
    user_id: int | None = None,
) -> None:
    """Correct what was rejected, and send the transfer again. Raises what `correct` does."""
    before = {name: getattr(project, name) for name in answers}
    correct(session, services, project, answers)
    note_port(session, project, Action.PORT_CORRECTED, differences(before, answers), user_id)


def answer_desk(session: Session, services: Services, project: PortProject, answers: Mapping[str, Any]) -> None:
    """Keep what the desk asked for. Nothing is sent: the desk does that when it has seen the answers."""
    before = {name: getattr(project, name) for name in answers}
    revise(session, project, answers)
    note_port(session, project, Action.DESK_ANSWERED, differences(before, answers))


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
