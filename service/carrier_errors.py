"""Counts of errors at carriers, by kind, which `/metrics` shows."""

from datetime import datetime
from typing import Final

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from provisioning.contract.errors import Broken, CarrierError, Conflict, Refused, Unavailable
from service.db import Base, Key, Sessions, run_alone
from service.time import now

KINDS: Final = {Unavailable: "unavailable", Refused: "refused", Conflict: "conflict", Broken: "broken"}


class CarrierErrorCount(Base):
    """How many errors of one kind have occurred."""

    __tablename__ = "carrier_errors"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(32), unique=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


def count_error(sessions: Sessions, error: CarrierError) -> None:
    """Increment the counter of this kind of error, outside of any transaction, as all workers write this row."""
    first = {"kind": _kind(error), "count": 1, "last_at": now()}
    more = {"count": CarrierErrorCount.count + 1, "last_at": first["last_at"]}
    counted = insert(CarrierErrorCount).values(first).on_conflict_do_update(index_elements=["kind"], set_=more)
    run_alone(sessions, counted)


def carrier_errors(session: Session) -> dict[str, int]:
    """The count of each kind of error, including zeros."""
    counted = {row.kind: row.count for row in session.scalars(select(CarrierErrorCount))}
    return {kind: counted.get(kind, 0) for kind in KINDS.values()}


def _kind(error: CarrierError) -> str:
    return next((name for kind, name in KINDS.items() if isinstance(error, kind)), "unavailable")
