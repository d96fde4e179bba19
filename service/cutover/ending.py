"""Whether the old service may be ended: not before every number and every leg is proven."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.cutover.book import steps_of
from service.cutover.models import StepName
from service.cutover.traffic import is_half
from service.porting.followers import left_behind
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
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


def _missing(session: Session, services: Services, number: PortNumber) -> tuple[StepName, ...]:
    if number.state is not State.PORTED:
        return ()
    return tuple(name for name, step in steps_of(session, services, number).items() if not step.done_at)


def _is_half(session: Session, services: Services, number: PortNumber) -> bool:
    """One that was proven already; of others it is said first what they lack."""
    here = number.state is State.LIVE or (number.state is State.PORTED and not _missing(session, services, number))
    return here and is_half(session, number)
