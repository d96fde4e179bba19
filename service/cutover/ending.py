"""Whether the old service may be ended, and saying so: not before every number and every leg is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cutover.models import StepName
from service.cutover.queries import told_of_strays
from service.cutover.rows import steps_of
from service.cutover.traffic import is_half
from service.notifications.notices import Done
from service.porting.followers import notify_project
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.rollup import ProjectState, project_state
from service.porting.states import FINAL, Command, State
from service.services import Services


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number (E.164) that still needs the old service, and the steps that are not done for it."""

    number: str
    missing: tuple[StepName, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What ending the old service would do now: `waiting` numbers would be lost, `left_behind` would end with it.

    `half` numbers have arrived, but some networks still hand their calls to the old operator.
    """

    waiting: tuple[Waiting, ...]
    half: tuple[str, ...]
    here: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Whether nothing that was to come along still hangs on the old service."""
        return bool(self.here) and not self.waiting and not self.half


def ending_of(session: Session, services: Services, project: PortProject) -> Ending:
    """How it stands with a project: numbers that were cancelled or refused stay behind, and so do those it named."""
    half = [number for number in project.numbers if _is_half(session, services, number)]
    return Ending(
        waiting=tuple(
            Waiting(number.number, _missing(session, services, number))
            for number in project.numbers
            if number.state not in FINAL and number not in half
        ),
        half=tuple(number.number for number in half),
        here=tuple(number.number for number in project.numbers if number.state is State.LIVE),
        left_behind=tuple(left_behind(project)),
    )


def tell_done(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """Say that the old service may be ended, anew after each time that it was needed again.

    Only when no number of the project is still on its way, and it is not needed for calls that go astray.
    """
    astray = {number.project_id for number in session.scalars(told_of_strays())}
    for project in dict.fromkeys(row.port_number.project for row in happened):
        if project.id not in astray:
            again = _times_taken_back(session, project)
            version = f"done:{again}" if again else "done"
            tell_that_it_is_done(session, services, project, version, happened[-1].at)


def tell_that_it_is_done(
    session: Session, services: Services, project: PortProject, version: str, done_at: datetime
) -> None:
    """Say it of a project, unless a number of it is still on its way: once per version."""
    if project_state(other.state for other in project.numbers) in {ProjectState.DONE, ProjectState.PARTLY_DONE}:
        live = [other for other in project.numbers if other.state is State.LIVE]
        notice = Done(done_at=done_at, others=left_behind(project))
        notify_project(session, services, project, notice, version, live)


def left_behind(project: PortProject) -> list[str]:
    """Numbers (E.164) that would end with the old service: those that do not come after all, and one it was told of."""
    stay = [number.number for number in project.numbers if number.state in FINAL - {State.LIVE}]
    named = [project.new_billing_number] if project.new_billing_number else []
    return list(dict.fromkeys([*stay, *named]))


def _missing(session: Session, services: Services, number: PortNumber) -> tuple[StepName, ...]:
    if number.state is not State.PORTED:
        return ()
    return tuple(name for name, step in steps_of(session, services, number).items() if not step.done_at)


def _is_half(session: Session, services: Services, number: PortNumber) -> bool:
    """One that was proven already; of others it is said first what they lack."""
    here = number.state is State.LIVE or (number.state is State.PORTED and not _missing(session, services, number))
    return here and is_half(session, number)


def _times_taken_back(session: Session, project: PortProject) -> int:
    taken_back = (PortNumber.project_id == project.id, PortHistory.event == Command.TAKE_BACK)
    return session.execute(select(func.count(PortHistory.id)).join(PortNumber).where(*taken_back)).scalar_one()
