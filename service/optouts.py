"""Opt-outs: who sent STOP, in one table for texts of the inbox and for our notices."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, exists, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.phone_numbers import shortest_spelling
from service.time import now


class OptOut(Base):
    """A person's latest wish about texts, for a workspace, so that it holds for every number of its lines.

    `workspace_id` is empty for our own notices. `lifted` is set if the latest wish was START. `by_team` is set if it
    was not a keyword but noted by the team, which can take it back.
    """

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("workspace_id", "number", postgresql_nulls_not_distinct=True),)

    id: Mapped[Key]
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[str] = mapped_column(String(32))
    lifted: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_team: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[Made]


def stop(session: Session, number: str, workspace_id: int | None = None, *, at: datetime | None = None) -> None:
    """Store that `number` (E.164) wants no texts from a workspace, or from us, unless they sent START later.

    `at` is when they sent STOP (aware UTC), by default now: a text can be found late, and the latest wish counts.
    """
    _keep(session, number, workspace_id, at, lifted=False)


def start(session: Session, number: str, workspace_id: int | None = None, *, at: datetime | None = None) -> None:
    """Store that `number` (E.164) wants texts again, unless they sent STOP later. `at` as in `stop`."""
    _keep(session, number, workspace_id, at, lifted=True)


def stop_at_carrier(session: Session, number: str, workspace_id: int | None = None, *, shared: bool) -> None:
    """Store a STOP of `number` (E.164) that only the carrier received, as it refuses our texts.

    In a pool that is `shared` by several businesses it may have been meant for another one, which it silences too: it
    counts only if none of the others is known to have received it.
    """
    spelled = shortest_spelling(number)
    others = (OptOut.number == spelled, OptOut.lifted.is_(False), OptOut.workspace_id.is_distinct_from(workspace_id))
    if not (shared and session.scalar(select(exists().where(*others)))):
        stop(session, number, workspace_id)


def note_stop(session: Session, number: str, workspace_id: int) -> None:
    """Store a member's note that `number` (E.164) wants no more texts. A STOP of their own stays unchanged."""
    noted = insert(OptOut).values(workspace_id=workspace_id, number=shortest_spelling(number), at=now(), by_team=True)
    session.execute(
        noted.on_conflict_do_update(
            index_elements=["workspace_id", "number"],
            set_={"at": noted.excluded.at, "lifted": False, "by_team": True},
            where=OptOut.lifted.is_(True),
        )
    )


def take_back_stop(session: Session, number: str, workspace_id: int) -> None:
    """Take back a member's note. A STOP that the person sent stays: only they can end it."""
    theirs = OptOut.workspace_id == workspace_id, OptOut.number == shortest_spelling(number)
    session.execute(update(OptOut).where(*theirs, OptOut.by_team).values(lifted=True, by_team=False))


def stopped(session: Session, number: str, workspace_id: int | None = None) -> bool:
    """Whether `number` (E.164) wants no texts from a workspace, or from us."""
    last = last_word(session, number, workspace_id)
    return last is not None and not last.lifted


def last_word(session: Session, number: str, workspace_id: int | None = None) -> OptOut | None:
    """The latest wish of `number` (E.164) about texts from a workspace, or from us; None if there is none."""
    theirs = (OptOut.workspace_id.is_not_distinct_from(workspace_id), OptOut.number == shortest_spelling(number))
    return session.scalar(select(OptOut).where(*theirs).execution_options(populate_existing=True))


def _keep(session: Session, number: str, workspace_id: int | None, at: datetime | None, *, lifted: bool) -> None:
    """Store a wish unless a later one is stored. A STOP of the person also replaces a later note of the team."""
    said = insert(OptOut).values(
        workspace_id=workspace_id, number=shortest_spelling(number), at=at or now(), lifted=lifted
    )
    overtaken = OptOut.at <= said.excluded.at
    newer = said.on_conflict_do_update(
        index_elements=["workspace_id", "number"],
        set_={"at": said.excluded.at, "lifted": said.excluded.lifted, "by_team": False},
        where=overtaken if lifted else or_(overtaken, and_(OptOut.by_team, OptOut.lifted.is_(False))),
    )
    session.execute(newer)
