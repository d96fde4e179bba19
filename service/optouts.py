"""Who sent STOP: below everything that texts, so that the inbox and our own messages keep the same book."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.phone_numbers import shortest_spelling
from service.time import now


class OptOut(Base):
    """A person's last word on texts: kept per workspace, so that it holds on every number a line ever wears.

    `workspace_id` is empty for our own messages about ports. `lifted` when the last word was START. `by_team` when it
    was no keyword of theirs and the team noted it, which the team can take back.
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
    """Keep that `number` (E.164) wants no more texts from a workspace, or from us, unless they said START since.

    `at` is when they said it (aware UTC), now if left out: a text can be found late, and the last word counts.
    """
    _keep(session, number, workspace_id, at, lifted=False)


def start(session: Session, number: str, workspace_id: int | None = None, *, at: datetime | None = None) -> None:
    """Keep that the person wants texts again, unless they said STOP since. `at` as in `stop`."""
    _keep(session, number, workspace_id, at, lifted=True)


def note_stop(session: Session, number: str, workspace_id: int) -> None:
    """Keep what a member understood: that `number` (E.164) wants no more texts. Their own STOP stays as it is."""
    noted = insert(OptOut).values(workspace_id=workspace_id, number=shortest_spelling(number), at=now(), by_team=True)
    session.execute(
        noted.on_conflict_do_update(
            index_elements=["workspace_id", "number"],
            set_={"at": noted.excluded.at, "lifted": False, "by_team": True},
            where=OptOut.lifted.is_(True),
        )
    )


def take_back_stop(session: Session, number: str, workspace_id: int) -> None:
    """Take back what a member noted; their own STOP is theirs alone to end."""
    theirs = OptOut.workspace_id == workspace_id, OptOut.number == shortest_spelling(number)
    session.execute(update(OptOut).where(*theirs, OptOut.by_team).values(lifted=True, by_team=False))


def stopped(session: Session, number: str, workspace_id: int | None = None) -> bool:
    """Whether `number` (E.164) wants no texts from a workspace, or from us."""
    last = last_word(session, number, workspace_id)
    return last is not None and not last.lifted


def last_word(session: Session, number: str, workspace_id: int | None = None) -> OptOut | None:
    """What `number` (E.164) last said about texts from a workspace, or from us; None if it never said anything."""
    theirs = (OptOut.workspace_id.is_not_distinct_from(workspace_id), OptOut.number == shortest_spelling(number))
    return session.scalar(select(OptOut).where(*theirs).execution_options(populate_existing=True))


def _keep(session: Session, number: str, workspace_id: int | None, at: datetime | None, *, lifted: bool) -> None:
    """The later word counts; a STOP of theirs also takes the place of what the team noted meanwhile."""
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
