"""Whether the customer may end the old service, and telling them: not before every leg of every number is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cutover.models import StepName
from service.cutover.queries import notified_of_strays
from service.cutover.rows import all_steps_of, textless
from service.cutover.traffic import half_among
from service.notifications.notices import Done
from service.porting.followers import notify_project
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.rollup import ProjectState, project_state
from service.porting.states import FINAL, Command, State
from service.services import Services

_HERE: Final = {State.PORTED, State.LIVE}

LISTED: Final = 20
"""How many of the waiting numbers are listed with their open steps; the pages of the cutover show every number."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number (E.164) that still needs the old service, and the steps that are not done for it."""

    number: str
    missing: tuple[StepName, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What ending the old service now would do: `waiting` numbers would be lost, `left_behind` would end with it.

    `waiting` are the first `LISTED` of these numbers, `more_waiting` is how many others there are. `here` numbers are
    live. `half` numbers have arrived, but some networks still route their calls to the old operator.
    """

    waiting: tuple[Waiting, ...]
    more_waiting: int
    half: tuple[str, ...]
    here: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Whether no number that is being ported still needs the old service."""
        return bool(self.here) and not self.waiting and not self.half


def ending_of(session: Session, services: Services, project: PortProject) -> Ending:
    """What ending the old service would do to the numbers of a project."""
    half = _half(session, services, project)
    waiting = [number for number in project.numbers if number.state not in FINAL and number.id not in half]
    missing = _missing(session, services, waiting[:LISTED])
    return Ending(
        waiting=tuple(Waiting(number.number, missing.get(number.id, ())) for number in waiting[:LISTED]),
        more_waiting=len(waiting[LISTED:]),
        half=tuple(number.number for number in project.numbers if number.id in half),
        here=tuple(number.number for number in project.numbers if number.state is State.LIVE),
        left_behind=tuple(left_behind(project)),
    )


def notify_done(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """Tell customers that the old service may be ended, and again after each time the cutover was taken back.

    Only when no number of the project is still being ported, and none has calls that go astray.
    """
    astray = {number.project_id for number in session.scalars(notified_of_strays())}
    for project in dict.fromkeys(row.port_number.project for row in happened):
        if project.id not in astray:
            again = _times_taken_back(session, project)
            version = f"done:{again}" if again else "done"
            notify_project_done(session, services, project, version, happened[-1].at)


def notify_project_done(
    session: Session, services: Services, project: PortProject, version: str, done_at: datetime
) -> None:
    """Tell the customer once per version that all is done, unless a number of the project is still being ported."""
    if project_state(other.state for other in project.numbers) in {ProjectState.DONE, ProjectState.PARTLY_DONE}:
        live = [other for other in project.numbers if other.state is State.LIVE]
        notice = Done(done_at=done_at, others=left_behind(project), textless=textless(live))
        notify_project(session, services, project, notice, version, live)


def left_behind(project: PortProject) -> list[str]:
    """Numbers (E.164) that would end with the old service: those not ported after all, and its new billing number."""
    stay = [number.number for number in project.numbers if number.state in FINAL - {State.LIVE}]
    named = [project.new_billing_number] if project.new_billing_number else []
    return list(dict.fromkeys([*stay, *named]))


def _half(session: Session, services: Services, project: PortProject) -> frozenset[int]:
    """Ids of the proven numbers of which calls go astray; one with open steps counts as waiting."""
    astray = half_among(session, [number for number in project.numbers if number.state in _HERE])
    missing = _missing(session, services, [number for number in project.numbers if number.id in astray])
    return frozenset(number_id for number_id in astray if not missing.get(number_id))


def _missing(session: Session, services: Services, numbers: Sequence[PortNumber]) -> dict[int, tuple[StepName, ...]]:
    """The open steps of each number that has arrived and is not live yet, by its id."""
    arrived = [number for number in numbers if number.state is State.PORTED]
    steps = all_steps_of(session, services, arrived)
    return {
        number_id: tuple(name for name, step in theirs.items() if not step.complete)
        for number_id, theirs in steps.items()
    }


def _times_taken_back(session: Session, project: PortProject) -> int:
    taken_back = (PortNumber.project_id == project.id, PortHistory.event == Command.TAKE_BACK)
    return session.execute(select(func.count(PortHistory.id)).join(PortNumber).where(*taken_back)).scalar_one()
