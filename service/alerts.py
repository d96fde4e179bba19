"""What a person of ours has to look at: written by whoever notices, shown to operators, once per matter."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now


class Alert(Base):
    """A matter for an operator. `about` names the thing (`port_number:7`), `details` hold no secrets."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("kind", "about"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(128))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    seen_at: Mapped[datetime | None]


def alert(session: Session, kind: str, about: str, **details: Any) -> None:  # noqa: ANN401 -- whatever JSON can hold
    """Tell the operators. Telling again of the same matter brings it back to their attention, as one row."""
    row = {"kind": kind, "about": about, "details": details, "made_at": now()}
    session.execute(
        insert(Alert)
        .values(row)
        .on_conflict_do_update(
            index_elements=["kind", "about"], set_={"details": details, "made_at": row["made_at"], "seen_at": None}
        )
    )
