"""Drafts: the one to go on with, and those that somebody left behind."""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from provisioning.contract.porting import Verdict
from service.porting.asking import ask_about_numbers
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.time import now

FORGOTTEN: Final = timedelta(days=8)
"""Nobody is reminded of a draft that has lain for so long."""

_NOT_HERE: Final = FINAL - {State.LIVE}


def draft_with(session: Session, workspace_id: int, number: str) -> PortProject | None:
    """The workspace's newest draft of just this number (E.164), to go on with instead of beginning anew.

    Unless the answer about it was a yes, the carriers are asked again.
    """
    drafts = (
        select(PortProject)
        .join(PortNumber)
        .where(PortProject.workspace_id == workspace_id)
        .where(PortNumber.number == number, PortNumber.state == State.DRAFT)
        .order_by(PortProject.id.desc())
    )
    found = next((project for project in session.scalars(drafts) if len(project.numbers) == 1), None)
    if found and found.numbers[0].verdict is not Verdict.YES:
        found.numbers[0].asked_at = None
        session.flush()
        ask_about_numbers(session, found.numbers)
    return found


def left_behind(session: Session, untouched: timedelta) -> list[PortProject]:
    """Drafts that nobody has worked on for so long, oldest first, as long as they are worth going on with.

    Not those with a number that cannot come, that is on its way or here by another project, or that stands in a newer
    draft too.
    """
    other = aliased(PortNumber)
    elsewhere = exists().where(
        other.number == PortNumber.number,
        other.project_id != PortNumber.project_id,
        other.state.not_in([State.DRAFT, *_NOT_HERE]) | ((other.state == State.DRAFT) & (other.id > PortNumber.id)),
    )
    hopeless = PortNumber.verdict.in_([Verdict.NO, Verdict.BY_HAND]) | (PortNumber.state != State.DRAFT) | elsewhere
    lying = PortProject.touched_at.between(now() - FORGOTTEN, now() - untouched)
    rows = select(PortProject).where(lying, PortProject.numbers.any(), ~PortProject.numbers.any(hopeless))
    return list(session.scalars(rows.order_by(PortProject.id)))
