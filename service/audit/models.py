"""When the books of each carrier were last compared with ours."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key
from service.time import now


class Audit(Base):
    """The last daily audit of a carrier that got to its end, whatever it found."""

    __tablename__ = "audits"

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime]


def note_audit(session: Session, carrier: str) -> None:
    """A carrier's audit has got to its end now."""
    row = insert(Audit).values(carrier=carrier, at=now())
    session.execute(row.on_conflict_do_update(index_elements=["carrier"], set_={"at": row.excluded.at}))
