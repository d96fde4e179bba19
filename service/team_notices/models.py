"""What each member wants to be notified of on a line, over which channels, and every notice that came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import Member
from service.db import Base, Key, Made, SealedText
from service.lines.models import Line


class TeamEvent(StrEnum):
    """What happens on a line that a member can be notified of.

    CALL goes to devices alone, while phones ring, and CALL_OVER takes it back there. CIRCLE goes to admins and the
    owner, who alone can end it; so does PORT_OUT, over all their channels but e-mail, where a notice says more.
    CHANNEL_OFF goes to the member whose channel was switched off, TRIAL is what a person sends to themselves.
    """

    CALL = "call"
    MISSED_CALL = "missed_call"
    VOICEMAIL = "voicemail"
    TEXT = "text"
    MENTION = "mention"
    TRANSFER = "transfer"
    DIGEST = "digest"
    CIRCLE = "circle"
    PORT_OUT = "port_out"
    CALL_OVER = "call_over"
    CHANNEL_OFF = "channel_off"
    TRIAL = "trial"


CHOSEN: Final = tuple(TeamEvent)[: tuple(TeamEvent).index(TeamEvent.CIRCLE)]
"""The events a member chooses channels for, in the order of the page."""

EMAIL: Final = "email"
"""The channel of every member: their own address. Other channels are known by the id of their row."""

_UNASKED: Final = set(CHOSEN) - {TeamEvent.CALL, TeamEvent.TRANSFER, TeamEvent.DIGEST}
DEFAULT: Final = {event.value: [EMAIL] for event in CHOSEN if event in _UNASKED}
"""The channels of a member who has chosen none. The contact of a transfer is notified in any case."""


class TeamChannel(Base):
    """A member's channel beside e-mail: `url` in the form that the apprise library reads, with its secrets.

    `name` is the service's (Slack), and `ending` the last characters of the URL, to tell two of them apart. `trouble`
    is why the last try failed, a word of `handing_over.Trouble`, or empty; `failures` counts those in a row, and at
    `off_at` there were too many.

    A channel to a browser goes with its sign-in. Its `url` is the address at the browser's push service, `push_keys`
    the JSON of its two keys, and `vapid_key` our public key, whose notices alone it takes. `shows_words`: who it is
    from and what they wrote may stand on a locked screen.
    """

    __tablename__ = "team_channels"

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(SealedText)
    name: Mapped[str] = mapped_column(String(64))
    ending: Mapped[str] = mapped_column(String(8), default="")
    made_at: Mapped[Made]
    worked_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(32), default="")
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    off_at: Mapped[datetime | None]
    sign_in_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"), index=True)
    push_keys: Mapped[str | None] = mapped_column(SealedText)
    vapid_key: Mapped[str | None] = mapped_column(String(88))
    shows_words: Mapped[bool] = mapped_column(default=False, server_default=false())


class NoticeChoice(Base):
    """A member's channels for each event on a line: `EMAIL`, or the id of a `TeamChannel`. Without a row: `DEFAULT`."""

    __tablename__ = "notice_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"), primary_key=True)
    channels: Mapped[dict[str, Any]] = mapped_column(default=dict)


class TeamNotice(Base):
    """One notice to one member over one channel. Its unique key lets a repeated event be sent once.

    `reference` tells events of one kind apart; `channel_id` is None for e-mail; `facts` is what the notice is worded
    from, as of the event. One that is good `until` a moment (ISO 8601) is not sent later, and one `instead_of` another
    (id) only if that was; it takes its place in a browser by their common `tag`. A notice about a line that the member
    may no longer see is not sent.
    """

    __tablename__ = "team_notices"
    __table_args__ = (
        UniqueConstraint("member_id", "event", "reference", "channel_id", postgresql_nulls_not_distinct=True),
        Index("ix_team_notices_unsent", "member_id", "channel_id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("team_channels.id", ondelete="CASCADE"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"))
    event: Mapped[TeamEvent]
    reference: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    sent_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship()
    channel: Mapped[TeamChannel | None] = relationship()
    line: Mapped[Line | None] = relationship()
