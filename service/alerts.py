"""What a person of ours has to look at: written by whoever notices, shown to operators, once per matter."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, UniqueConstraint, func, select
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
    alert_once_in(session, kind, about, timedelta(), **details)


def alert_once_in(
    session: Session,
    kind: str,
    about: str,
    pause: timedelta,
    **details: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Tell the operators of something that goes on: the same matter comes back no sooner than after the pause."""
    row = {"kind": kind, "about": about, "details": details, "made_at": now()}
    again = {"details": details, "made_at": row["made_at"], "seen_at": None}
    session.execute(
        insert(Alert)
        .values(row)
        .on_conflict_do_update(index_elements=["kind", "about"], set_=again, where=Alert.made_at <= now() - pause)
    )


def unseen(session: Session) -> int:
    """How many matters nobody has looked at."""
    return session.scalar(select(func.count()).where(Alert.seen_at.is_(None))) or 0
