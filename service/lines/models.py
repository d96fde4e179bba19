"""A line is one shared phone line of a workspace; numbers are worn by it in a role."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import E164, Base, Dialed, Key, Made
from service.language import Language


class Line(Base):
    """One shared phone line: call plan, phones and inbox hang here.

    `country` (ISO) is where its numbers live, `language` what callers hear.
    """

    __tablename__ = "lines"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2), default="US")
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    made_at: Mapped[Made]
    numbers: Mapped[list["PhoneNumber"]] = relationship(back_populates="line", order_by="PhoneNumber.id")
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.position")


class NumberRole(StrEnum):
    """What a number is to its line.

    ARRIVING answers already, but its port is not complete, or its move was taken back; outgoing calls show the
    primary, or the temporary while there is none.
    """

    TEMPORARY = "temporary"
    ARRIVING = "arriving"
    PRIMARY = "primary"
    RETIRING = "retiring"


class Standing(StrEnum):
    """Whether we hold the number: WANTED until the carrier has sold it to us, FAILED when it could not be had."""

    WANTED = "wanted"
    HELD = "held"
    RELEASED = "released"
    FAILED = "failed"


class PhoneNumber(Base):
    """A number (E.164) we hold at a carrier, or are about to. `reference` is the carrier's id of it.

    `number` is empty while we have not chosen one; `area` is the national area code wished for. Texts leave from a
    number since `texts_since`. A number is held by one line at a time; released ones stay as history. One that is
    still held and has `released_at` is being given back: it answers, but cannot be kept any more. `noticed_at` is when
    its owner was told that it will be.
    """

    __tablename__ = "phone_numbers"
    __table_args__ = (
        Index(
            "uq_phone_numbers_held",
            "number",
            unique=True,
            postgresql_where=text("standing IN ('wanted', 'held') AND number <> ''"),
        ),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    number: Mapped[E164] = mapped_column(default="")
    area: Mapped[str] = mapped_column(String(8), default="")
    role: Mapped[NumberRole] = mapped_column(default=NumberRole.TEMPORARY)
    standing: Mapped[Standing] = mapped_column(default=Standing.WANTED)
    carrier: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    made_at: Mapped[Made]
    held_at: Mapped[datetime | None]
    routed_at: Mapped[datetime | None]
    texts_since: Mapped[datetime | None]
    retiring_since: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    line: Mapped[Line] = relationship(back_populates="numbers")


class Showing(StrEnum):
    """How far the wish to show one's own number is: RINGING for its code, SHOWN, or one of three ends."""

    ASKED = "asked"
    RINGING = "ringing"
    SHOWN = "shown"
    UNPROVEN = "unproven"
    REFUSED = "refused"
    ENDED = "ended"


class OwnNumber(Base):
    """A number (E.164) of the customer's that lives elsewhere, and a line's wish to show it on calls, made `at`.

    `code` is keyed at its phone, which `carrier` calls for it; `proven_at` is when that was learned.
    """

    __tablename__ = "own_numbers"
    __table_args__ = (
        Index(
            "uq_own_numbers_open",
            "number",
            unique=True,
            postgresql_where=text("state IN ('asked', 'ringing', 'shown')"),
        ),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    number: Mapped[E164]
    carrier: Mapped[str] = mapped_column(String(32))
    state: Mapped[Showing] = mapped_column(default=Showing.ASKED)
    code: Mapped[str] = mapped_column(String(16), default="")
    at: Mapped[Made]
    proven_at: Mapped[datetime | None]


class Phone(Base):
    """A phone that rings when the line is called, in order of `position`; `name` says whose it is.

    `number` is what is dialed: a number (E.164), or one with its extension behind it (`+14155552671;ext=12`, RFC 3966).
    """

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("line_id", "number"),)

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    number: Mapped[Dialed]
    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0)
