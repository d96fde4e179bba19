"""Who sent STOP: below everything that texts, so that the inbox and our own messages keep the same book."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, exists, false, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now


class OptOut(Base):
    """Somebody's last word on texts: kept per workspace, so that it holds on every number a line ever wears.

    `workspace_id` is empty for our own messages about ports. `lifted` when the last word was START.
    """

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("workspace_id", "number", postgresql_nulls_not_distinct=True),)

    id: Mapped[Key]
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[str] = mapped_column(String(32))
    lifted: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[Made]


class Wish(StrEnum):
    """What a keyword asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


# what carriers obey in English, and what Swedish customers write instead
_WISHES: Final = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), Wish.STOP),
    **dict.fromkeys(("stopp", "avsluta"), Wish.STOP),
    **dict.fromkeys(("start", "unstop", "yes", "starta"), Wish.START),
    **dict.fromkeys(("help", "info", "hjälp"), Wish.HELP),
}


def wish_in(text: str, opt_out: str = "") -> Wish | None:
    """The wish a text is: the carrier's own reading (`opt_out`) first, else a keyword and nothing beside it."""
    if opt_out in list(Wish):
        return Wish(opt_out)
    return _WISHES.get(text.strip().strip(".!\"'").casefold())


def stop(session: Session, number: str, workspace_id: int | None = None, *, at: datetime | None = None) -> None:
    """Keep that `number` (E.164) wants no more texts from a workspace, or from us, unless they said START since.

    `at` is when they said it (aware UTC), now if left out: a text can be found late, and the last word counts.
    """
    _keep(session, number, workspace_id, at, lifted=False)


def start(session: Session, number: str, workspace_id: int | None = None, *, at: datetime | None = None) -> None:
    """Keep that the person wants texts again, unless they said STOP since. `at` as in `stop`."""
    _keep(session, number, workspace_id, at, lifted=True)


def stopped(session: Session, number: str, workspace_id: int | None = None) -> bool:
    """Whether `number` (E.164) wants no texts from a workspace, or from us."""
    theirs = (OptOut.workspace_id.is_not_distinct_from(workspace_id), OptOut.number == number)
    return bool(session.scalar(select(exists().where(*theirs, OptOut.lifted.is_(False)))))


def _keep(session: Session, number: str, workspace_id: int | None, at: datetime | None, *, lifted: bool) -> None:
    said = insert(OptOut).values(workspace_id=workspace_id, number=number, at=at or now(), lifted=lifted)
    newer = said.on_conflict_do_update(
        index_elements=["workspace_id", "number"],
        set_={"at": said.excluded.at, "lifted": said.excluded.lifted},
        where=OptOut.at <= said.excluded.at,
    )
    session.execute(newer)
