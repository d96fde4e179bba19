"""What has to happen within a day so that a number goes back to its old operator, and how far it is.

Some steps our rows show; the others our porting desk ticks, each with who did so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.accounts.models import User
from service.cutover.rows import cutovers_of
from service.cutover.snapback import open_until
from service.db import Base
from service.errors import Conflict
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now


class SnapbackStep(StrEnum):
    """The steps in their order."""

    ASKED_FOR = "asked_for"
    TEMPORARY_SERVES = "temporary_serves"
    OLD_PROVIDER_READY = "old_provider_ready"
    REQUEST_SENT = "request_sent"
    CARRIER_CONFIRMED = "carrier_confirmed"
    GONE_FROM_US = "gone_from_us"


BY_HAND: Final = (SnapbackStep.OLD_PROVIDER_READY, SnapbackStep.REQUEST_SENT, SnapbackStep.CARRIER_CONFIRMED)
"""The steps that the desk ticks."""


class SnapbackCheck(Base):
    """A step that a person of the desk has done for a number, None once their account is gone."""

    __tablename__ = "snapback_checks"

    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[SnapbackStep] = mapped_column(String(32), primary_key=True)
    done_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    user: Mapped[User | None] = relationship()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether and when it was done, by whom of the desk, and whether it is ticked by hand."""

    name: SnapbackStep
    done: bool
    done_at: datetime | None = None
    user: User | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """The return of one number; carriers do it until the moment `until` (aware UTC), of which `left` is left."""

    number: PortNumber
    until: datetime | None
    left: timedelta
    steps: list[Step]


def checklists(session: Session, numbers: list[PortNumber]) -> list[Checklist]:
    """The checklists of those of these numbers whose return was asked for, or can still be."""
    arrived = [number for number in numbers if number.state in {State.PORTED, State.LIVE, State.RETURNED}]
    cutovers, checks = cutovers_of(session, arrived), _checks(session, arrived)
    return [
        _checklist(number, cutovers[number.id].snapback_at, cutovers[number.id].taken_back_at, checks)
        for number in arrived
        if cutovers[number.id].snapback_at or _left(open_until(number))
    ]


def tick(session: Session, number: PortNumber, step: SnapbackStep, by: int, *, done: bool) -> None:
    """Write down that a person has done a step, or that it is not done after all. Raises `Conflict` for other steps."""
    if step not in BY_HAND:
        raise Conflict("This step shows by itself.")
    row = {"port_number_id": number.id, "step": step, "done_at": now(), "done_by": by}
    if done:
        session.execute(insert(SnapbackCheck).values(row).on_conflict_do_nothing())
    else:
        here = SnapbackCheck.port_number_id == number.id, SnapbackCheck.step == step
        session.execute(delete(SnapbackCheck).where(*here))


def _checks(session: Session, numbers: list[PortNumber]) -> Mapping[tuple[int, SnapbackStep], SnapbackCheck]:
    rows = select(SnapbackCheck).where(SnapbackCheck.port_number_id.in_([number.id for number in numbers]))
    found = session.scalars(rows.options(joinedload(SnapbackCheck.user)))
    return {(row.port_number_id, SnapbackStep(row.step)): row for row in found}


def _checklist(
    number: PortNumber,
    asked_at: datetime | None,
    taken_back_at: datetime | None,
    checks: Mapping[tuple[int, SnapbackStep], SnapbackCheck],
) -> Checklist:
    shown = {
        SnapbackStep.ASKED_FOR: (asked_at is not None, asked_at),
        SnapbackStep.TEMPORARY_SERVES: (taken_back_at is not None, taken_back_at),
        SnapbackStep.GONE_FROM_US: (number.state is State.RETURNED, None),
    }
    steps = [
        Step(name, *shown[name]) if name in shown else _by_hand(name, checks.get((number.id, name)))
        for name in SnapbackStep
    ]
    until = open_until(number)
    return Checklist(number, until, _left(until), steps)


def _by_hand(name: SnapbackStep, check: SnapbackCheck | None) -> Step:
    if check is None:
        return Step(name, done=False, by_hand=True)
    return Step(name, done=True, done_at=check.done_at, user=check.user, by_hand=True)


def _left(until: datetime | None) -> timedelta:
    return max(until - now(), timedelta()) if until else timedelta()
