"""What each person wants to be told of a line, by which way, and every notice that came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import Member
from service.db import Base, Key, Made, SealedText
from service.lines.models import Line


class TeamEvent(StrEnum):
    """What happens on a line that somebody may want to be told.

    CIRCLE is for those in charge, who alone can end it. TRIAL is what a person sends themselves.
    """

    MISSED_CALL = "missed_call"
    VOICEMAIL = "voicemail"
    TEXT = "text"
    MENTION = "mention"
    DIGEST = "digest"
    CIRCLE = "circle"
    TRIAL = "trial"


CHOSEN: Final = tuple(event for event in TeamEvent if event not in {TeamEvent.CIRCLE, TeamEvent.TRIAL})
"""What can be chosen, in the order in which it is asked."""

EMAIL: Final = "email"
"""The way that everybody has: their own address. Other ways go by the id of their row."""

USUAL: Final = {event.value: [EMAIL] for event in CHOSEN if event is not TeamEvent.DIGEST}
"""What is told to somebody who has chosen nothing yet."""


class Way(Base):
    """A way to reach a member beside their e-mail: `url` as the apprise library reads it, with its secrets.

    `name` is the service's (Slack), `ending` the last characters of the URL, to tell two of them apart. `trouble` is
    what the last try failed of, a word of `delivery.Trouble`, or empty.
    """

    __tablename__ = "ways"

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(SealedText)
    name: Mapped[str] = mapped_column(String(64))
    ending: Mapped[str] = mapped_column(String(8), default="")
    made_at: Mapped[Made]
    worked_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(32), default="")


class Choice(Base):
    """What a member wants to be told of a line: for each event the ways, `EMAIL` or a `Way`'s id. No row: `USUAL`."""

    __tablename__ = "notice_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"), primary_key=True)
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Notice(Base):
    """One thing told to one member by one way, once: the unique key makes a repeated event silent.

    `reference` tells events of the same kind apart; `way_id` is None for e-mail; `facts` is what it is worded from,
    frozen when it happened. A notice about a line that its member sees no more is not sent.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("member_id", "event", "reference", "way_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    way_id: Mapped[int | None] = mapped_column(ForeignKey("ways.id", ondelete="CASCADE"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"))
    event: Mapped[TeamEvent]
    reference: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    sent_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship()
    way: Mapped[Way | None] = relationship()
    line: Mapped[Line | None] = relationship()
