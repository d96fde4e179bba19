"""What the porting desk does with several transfers at once: assign them, plan the next step, cancel them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.desk.acts import call_off
from service.desk.log import DeskAct, write_down
from service.desk.models import DeskCase, DeskView
from service.desk.queue import staff_of, transfers_of
from service.errors import Conflict, IllegalTransition, Invalid
from service.porting.models import PortProject
from service.services import Services

MOST_VIEWS: Final = 20
"""Views that a person can save."""


@dataclass(frozen=True, slots=True)
class NotCanceled:
    """A transfer that was not canceled, and the sentence why."""

    project: PortProject
    why: str


def projects_named(session: Session, public_ids: Sequence[str], platform: int = 0) -> list[PortProject]:
    """Those of these transfers that a platform's workspaces have (0: any), in the order in which they were begun.

    Raises `Invalid` if none is there.
    """
    named = select(PortProject).where(PortProject.public_id.in_(public_ids)).order_by(PortProject.id)
    if found := list(session.scalars(named.where(PortProject.id.in_(transfers_of(platform))) if platform else named)):
        return found
    raise Invalid({"transfer": ["Select transfers first."]})


def assign(session: Session, projects: Sequence[PortProject], user_id: int, by: int) -> None:
    """Give transfers to a person at the desk who sees them all; 0: to nobody. Raises `Invalid` for anybody else."""
    if user_id and any(user_id not in {one.id for one in staff_of(session, project)} for project in projects):
        raise Invalid({"assignee": ["Choose one of these."]})
    _keep(session, projects, assignee_id=user_id or None)
    for project in projects:
        write_down(session, project, by, DeskAct.ASSIGNED, to=user_id)


def plan(session: Session, projects: Sequence[PortProject], step: str, on: date | None, by: int) -> None:
    """Write down what is done next with transfers, and when. Without a step and a day, that of their state counts."""
    _keep(session, projects, next_step=step, next_on=on)
    for project in projects:
        write_down(session, project, by, DeskAct.PLANNED, step=step, on=on.isoformat() if on else "")


def cancel_each(session: Session, services: Services, projects: Sequence[PortProject], by: int) -> list[NotCanceled]:
    """Cancel transfers by the rules that hold for customers. Those that cannot be canceled stay as they were."""
    refused = []
    for project in projects:
        try:
            with session.begin_nested():
                call_off(session, services, project, by)
        except (Conflict, IllegalTransition) as refusal:
            refused.append(NotCanceled(project, str(refusal)))
    return refused


def save_view(session: Session, user_id: int, name: str, filters: dict[str, Any]) -> None:
    """Save filters under a name, in place of those that have it. Raises `Invalid` beyond `MOST_VIEWS`."""
    others = select(func.count()).where(DeskView.user_id == user_id, DeskView.name != name)
    if (session.scalar(others) or 0) >= MOST_VIEWS:
        raise Invalid({"name": ["You can save 20 views. Remove one first."]})
    row = insert(DeskView).values(user_id=user_id, name=name, filters=filters)
    session.execute(row.on_conflict_do_update(index_elements=["user_id", "name"], set_={"filters": filters}))


def remove_view(session: Session, user_id: int, view_id: int) -> None:
    """Remove a view of this person, if it is still there."""
    session.execute(delete(DeskView).where(DeskView.user_id == user_id, DeskView.id == view_id))


def views_of(session: Session, user_id: int) -> list[DeskView]:
    """A person's saved views by name."""
    return list(session.scalars(select(DeskView).where(DeskView.user_id == user_id).order_by(DeskView.name)))


def _keep(session: Session, projects: Sequence[PortProject], **values: Any) -> None:  # noqa: ANN401 -- columns
    kept = insert(DeskCase).values([{"project_id": project.id, **values} for project in projects])
    session.execute(kept.on_conflict_do_update(index_elements=["project_id"], set_=values))
