"""A ringing group of phones for one caller, and the leg to each phone."""

from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import E164, Base, Dialed, Key
from service.lines.models import Line
from service.time import now


class RingingState(StrEnum):
    """RINGING until one leg has TAKEN the call, or it is OVER: nobody took it, or the caller has gone.

    A caller HELD hears music while the person who took the call keeps the line; one who is PARKED, until any member
    takes the call.
    """

    RINGING = "ringing"
    TAKEN = "taken"
    HELD = "held"
    PARKED = "parked"
    OVER = "over"


class LegState(StrEnum):
    """WAITING to be placed, PLACING while the outcome of that is not known, RINGING or talking, LEAVING, ENDED."""

    WAITING = "waiting"
    PLACING = "placing"
    RINGING = "ringing"
    LEAVING = "leaving"
    ENDED = "ended"


class Pause(StrEnum):
    """Whether the recording of a talk pauses: NONE, or it was ASKED for, or it is DONE at the carrier."""

    NONE = "none"
    ASKED = "asked"
    DONE = "done"


class Ringing(Base):
    """Phones that ring for a call of the carrier's id `call_reference`, until a leg has `taken_by` it or `deadline_at`.

    `tag` recognises it in our callback addresses and cannot be guessed. The phones belong to a `node` of the line's
    plan, behind the phone with the id `after`. Each rings for `seconds`: all at once, or in turn where the account was
    too full for that, so that the group was `held_back`. The caller was fetched from the queue for the state
    `fetched_for`, at `fetched_at`. The phones show `shown` (E.164); `token` allows to show the caller's number.
    A talk is `recorded` if the plan said so, except during a `pause`, and announced to the caller or not for the reason
    `announced_for` (`calls.consent`): before it, or `announced_late`, as they are led to somebody.
    With `spots_machines` the carrier tells if a machine picks up.
    If nobody takes a caller who was passed on, the phone that they were `passed_on_by` rings once more.
    While `calls_out` is set, a member waits, until the contact has picked up and they are put through. From the pick-up
    on the contact is the caller, and the member has taken their call; it belongs to no node.
    """

    __tablename__ = "ringings"
    __table_args__ = (UniqueConstraint("call_reference", "node", "after"),)

    id: Mapped[Key]
    tag: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: token_hex(12))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id", ondelete="CASCADE"), index=True)
    carrier: Mapped[str] = mapped_column(String(32))
    call_reference: Mapped[str] = mapped_column(String(64))
    caller: Mapped[str] = mapped_column(String(64))
    called: Mapped[E164]
    shown: Mapped[E164]
    token: Mapped[str] = mapped_column(Text, default="")
    node: Mapped[str] = mapped_column(String(64), default="")
    after: Mapped[int] = mapped_column(default=0)
    recorded: Mapped[bool] = mapped_column(default=False)
    spots_machines: Mapped[bool] = mapped_column(default=False, server_default=false())
    announced_for: Mapped[str] = mapped_column(String(16), default="", server_default="")
    announced_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    pause: Mapped[Pause] = mapped_column(default=Pause.NONE, server_default=Pause.NONE.value)
    state: Mapped[RingingState] = mapped_column(default=RingingState.RINGING)
    begun_at: Mapped[datetime] = mapped_column(default=now, index=True)
    deadline_at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    held_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[int | None]
    fetched_for: Mapped[RingingState | None]
    fetched_at: Mapped[datetime | None]
    passed_on_by: Mapped[Dialed] = mapped_column(default="", server_default="")
    calls_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    legs: Mapped[list["Leg"]] = relationship(back_populates="ringing", order_by="Leg.id")
    line: Mapped[Line] = relationship()

    @property
    def taker(self) -> "Leg | None":
        """The leg of the person who took the call."""
        return next((leg for leg in self.legs if leg.id == self.taken_by), None)


class Leg(Base):
    """A call to one phone of a ringing group; `number` is what is dialed, `reference` the carrier's id once known.

    `place` is when its turn is among the legs of its group: 0 is placed first. One that `joins` is for a colleague who
    is asked into the room of the person who took the call, and there since `joined_at`. It was connected for `seconds`,
    also to a mailbox. `ended_at` is when it ended; before, when it last left the room. That to a contact who is called
    counts as ended once they pick up, when its call is the caller's.
    """

    __tablename__ = "call_legs"
    __table_args__ = (Index("ix_call_legs_waiting", "place", postgresql_where=text("state = 'waiting'")),)

    id: Mapped[Key]
    tag: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: token_hex(12))
    ringing_id: Mapped[int] = mapped_column(ForeignKey("ringings.id", ondelete="CASCADE"), index=True)
    place: Mapped[int] = mapped_column(default=0, server_default="0")
    number: Mapped[Dialed]
    reference: Mapped[str | None] = mapped_column(String(64))
    joins: Mapped[bool] = mapped_column(default=False, server_default=false())
    joined_at: Mapped[datetime | None]
    state: Mapped[LegState] = mapped_column(default=LegState.WAITING)
    placed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    ringing: Mapped[Ringing] = relationship(back_populates="legs")

    @property
    def is_callers(self) -> bool:
        """Whether its call is the caller's: that of a contact who was called and has picked up."""
        return self.reference == self.ringing.call_reference

    @property
    def is_wanted(self) -> bool:
        """Whether the phone may ring: for a caller whose call is not taken yet, or for a colleague who asks for it."""
        talks = self.ringing.state in {RingingState.TAKEN, RingingState.HELD}
        return talks if self.joins else self.ringing.state is RingingState.RINGING


class CallPace(Base):
    """From when on (the database's clock) the account at a carrier may place its next call."""

    __tablename__ = "call_paces"

    carrier: Mapped[str] = mapped_column(String(32), primary_key=True)
    free_at: Mapped[datetime]
