"""Transfers that have not ended, one narrow row for each, by which the porting desk's queue is filtered and ordered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String, delete, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from service.db import Base
from service.porting.models import PortNumber, PortProject
from service.porting.states import State


class PortCase(Base):
    """A transfer that has not ended, as its number that is due first has it; `count` of its numbers have not ended.

    `operator` is the old operator's name in registries, "" if unknown.
    """

    __tablename__ = "port_cases"
    __table_args__ = (Index("ix_port_cases_due_on_project_id", "due_on", "project_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), primary_key=True)
    number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id", ondelete="CASCADE"), index=True)
    count: Mapped[int]
    state: Mapped[State]
    since: Mapped[datetime]
    due_on: Mapped[date]
    carrier: Mapped[str] = mapped_column(String(32))
    operator: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))
    reasons: Mapped[list[str]]
    project: Mapped[PortProject] = relationship()
    number: Mapped[PortNumber] = relationship()


_LOCKED: Final = text("SELECT pg_advisory_xact_lock(22061, (id % 2147483647)::int) FROM unnest(:ids) AS id")
"""The first half of the key is that of this table's locks."""

_COPIED: Final = {
    "number_id": PortNumber.id,
    "state": PortNumber.state,
    "since": PortNumber.since,
    "due_on": PortNumber.due_on,
    "carrier": PortNumber.carrier,
    "operator": func.coalesce(PortProject.operator, ""),
    "country": PortProject.country,
    "reasons": PortNumber.reasons,
    "count": func.count().over(partition_by=PortNumber.project_id),
}


def list_again(session: Session, project_ids: Iterable[int]) -> None:
    """Bring the rows of these projects up to date with their numbers.

    Projects are locked in the order of their ids, so that of two transactions the later one sees what the other wrote.
    """
    if not (ids := sorted(set(project_ids))):
        return
    session.flush()
    session.execute(_LOCKED, {"ids": ids})
    due = PortNumber.project_id.in_(ids), PortNumber.due_on.is_not(None)
    ended = PortCase.project_id.in_(ids), PortCase.project_id.not_in(select(PortNumber.project_id).where(*due))
    session.execute(delete(PortCase).where(*ended).execution_options(synchronize_session=False))
    first = select(PortNumber.project_id, *_COPIED.values()).join(PortNumber.project).where(*due)
    first = first.ext(distinct_on(PortNumber.project_id))
    first = first.order_by(PortNumber.project_id, PortNumber.due_on, PortNumber.id)
    listed = insert(PortCase).from_select(["project_id", *_COPIED], first)
    anew = {name: listed.excluded[name] for name in _COPIED}
    session.execute(listed.on_conflict_do_update(index_elements=["project_id"], set_=anew))
