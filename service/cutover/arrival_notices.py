"""The notices that numbers have arrived: one for all numbers of a project that arrived together."""

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cutover.models import CutoverStep, StepName
from service.cutover.rows import cutover_of, textless
from service.notifications.facts import Notice
from service.notifications.notices import Arrived
from service.notifications.proof_notices import TextsArrived
from service.porting.followers import notify_project
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.services import Services
from service.time import now

PATIENCE: Final = {StepName.SWAP_ROLES: timedelta(minutes=10), StepName.PROVE_SENDING: timedelta(days=1)}
"""How long a number that has done this step waits for the others, so that one notice covers all."""

_HERE = {State.PORTED, State.LIVE}
_COMING = {State.ACTIVATING, State.PORTED}


class _Done(NamedTuple):
    """A number, and the step that is done for it."""

    number: PortNumber
    step: CutoverStep


def notify_arrivals(session: Session, services: Services, project: PortProject) -> None:
    """Notify of numbers that are set up here, and of numbers whose texts work, once each.

    Notify once no other number of the project is close, or when `PATIENCE` is over. The project's row is locked, so
    that of two numbers that are done at once the second sees the first.
    """
    session.refresh(project, with_for_update={"key_share": True})
    arrived = _to_notify_of(session, project, StepName.SWAP_ROLES)
    if arrived:
        ported_at = max(done.number.ported_at or now() for done in arrived)
        replaced = [cutover_of(session, done.number).replaced for done in arrived]
        temporary = next(filter(None, replaced), "")
        silent = textless(done.number for done in arrived)
        _notify(session, services, Arrived(ported_at=ported_at, temporary=temporary, textless=silent), arrived)
    with_texts = _to_notify_of(session, project, StepName.PROVE_SENDING)
    if with_texts:
        _notify(session, services, TextsArrived(texts_at=now()), with_texts)


def notify_late_arrivals(session: Session, services: Services) -> None:
    """Notify of numbers that have waited for the others longer than `PATIENCE`."""
    without_notice = select(CutoverStep).where(
        CutoverStep.name.in_(PATIENCE), CutoverStep.done_at.is_not(None), CutoverStep.told_at.is_(None)
    )
    projects = {step.port_number.project for step in session.scalars(without_notice) if step.port_number.state in _HERE}
    for project in sorted(projects, key=lambda one: one.id):
        notify_arrivals(session, services, project)


def _notify(session: Session, services: Services, notice: Notice, arrived: list[_Done]) -> None:
    """Send one notice. Its version is the first of the numbers, which is in no other notice of this kind."""
    for done in arrived:
        done.step.told_at = now()
    numbers = [done.number for done in arrived]
    notify_project(session, services, numbers[0].project, notice, numbers[0].number, numbers)


def _to_notify_of(session: Session, project: PortProject, name: StepName) -> list[_Done]:
    done = _done(session, project, name)
    without_notice = [
        _Done(one, done[one.id]) for one in project.numbers if one.id in done and not done[one.id].told_at
    ]
    since = min((one.step.done_at or now() for one in without_notice), default=now())
    texting = name is StepName.PROVE_SENDING
    coming = [one for one in project.numbers if one.state in _COMING and (one.carries_texts or not texting)]
    waited_for = any(number.id not in done for number in coming)
    return [] if waited_for and now() - since < PATIENCE[name] else without_notice


def _done(session: Session, project: PortProject, name: StepName) -> dict[int, CutoverStep]:
    """Complete steps of this name, by the id of the number. Texts work once they come in, too, from another network."""
    of = CutoverStep.port_number.has(PortNumber.project_id == project.id)
    steps = [step for step in session.scalars(select(CutoverStep).where(of)) if step.complete]
    needed = StepName.PROVE_TEXTS if name is StepName.PROVE_SENDING else name
    able = {step.port_number_id for step in steps if step.name is needed}
    return {step.port_number_id: step for step in steps if step.name is name and step.port_number_id in able}
