"""Opt-ins: who agreed to texts from a workspace, how, and to which words. Kept for good, as proof; see `optouts.py`."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.phone_numbers import shortest_spelling


class Way(StrEnum):
    """How people agree to texts. There is none for a list that was bought: nobody on it has agreed."""

    WROTE_FIRST = "wrote_first"
    OUR_PAGE = "our_page"
    OWN_WEBSITE = "own_website"
    ON_PAPER = "on_paper"
    ON_THE_PHONE = "on_the_phone"


class OptIn(Base):
    """A number (E.164) that agreed to texts from a workspace.

    `words` are those agreed to, `shown` is where they stood (an absolute URL), "" if a member noted it. `network` is
    the address that a page was asked from, "" for none; `noted_by` the member (user id) who noted it, None for a page.
    `at` is when it was written down; `agreed_on` is the day that a member noted, None for a page.
    """

    __tablename__ = "opt_ins"
    __table_args__ = (Index("ix_opt_ins_of_number", "workspace_id", "number"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[str] = mapped_column(String(32))
    way: Mapped[Way]
    words: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(255), default="")
    network: Mapped[str] = mapped_column(String(64), default="")
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    agreed_on: Mapped[date | None]
    at: Mapped[Made]


def opt_ins_of(session: Session, workspace_id: int, number: str, *, most: int) -> list[OptIn]:
    """What a number (E.164) agreed to at a workspace, the latest first, `most` of them."""
    theirs = OptIn.workspace_id == workspace_id, OptIn.number == shortest_spelling(number)
    return list(session.scalars(select(OptIn).where(*theirs).order_by(OptIn.id.desc()).limit(most)))
