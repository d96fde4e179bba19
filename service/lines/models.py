"""A line is a shared phone line of a workspace; it wears numbers, each in a role."""

from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.browser_phones import browser_phone, is_browser
from provisioning.contract.porting import NumberKind
from service.db import E164, Base, Dialed, Key, Made, SealedText
from service.language import Language


class Line(Base):
    """One shared phone line, which has a call plan, phones and an inbox.

    `country` (ISO 3166) is that of its numbers, `language` the one that callers hear. Since `removed_at` it stands in
    no list of lines; what was said on it stays readable.
    """

    __tablename__ = "lines"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2), default="US")
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    made_at: Mapped[Made]
    removed_at: Mapped[datetime | None]
    numbers: Mapped[list["PhoneNumber"]] = relationship(back_populates="line", order_by="PhoneNumber.id")
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.position")


class NumberRole(StrEnum):
    """The role of a number on its line.

    An ARRIVING number answers already, but its port is not complete, or its cutover was taken back. Calls and texts out
    show the PRIMARY, or the TEMPORARY while there is none. A RETIRING number was replaced and answers for its grace.
    An ADDITIONAL number was chosen and bought by the customer; no ported number replaces it.
    """

    TEMPORARY = "temporary"
    ADDITIONAL = "additional"
    ARRIVING = "arriving"
    PRIMARY = "primary"
    RETIRING = "retiring"


class Standing(StrEnum):
    """Whether we hold a number: WANTED until it is bought, FAILED if it could not be, LEFT once it was ported away."""

    WANTED = "wanted"
    HELD = "held"
    RELEASED = "released"
    FAILED = "failed"
    LEFT = "left"


class PhoneNumber(Base):
    """A number (E.164) that we hold at a carrier, or want to. `reference` is the carrier's id of it.

    `number` is empty until one is chosen; `area` is the wished national area code. `passed_over` has the carriers that
    were considered in place of `carrier` when it was bought, with `Why`. Texts can be sent from it since
    `texts_since`. One line at a time holds a number; released rows stay as history. A HELD number with `released_at` is
    being released: it still answers, but its release cannot be stopped. `noticed_at` is when the customer was notified
    that it will be released, `ends_at` the moment from which it is released because the customer asked for that. `name`
    is what the team calls it. `pool` is the carrier's id of the pool that it is in, "" for that of the installation. It
    is between two pools since `moving_since`, and cannot text until it is in the new one. Its carrier does not show it
    any more since `missing_since`. `emergency_address` is where help is sent after an emergency call from it, as the
    carrier has registered it; "" for nowhere. It is locked against being ported away unless `unlocked_until` is to
    come. Another operator has to name its `port_out_pin`, encrypted, which its carrier has since `pin_set_at`; None
    where the account has one for all, or none was made. A LEFT number is at the operator `left_to` ("" if unknown), as
    we learned at `released_at`.
    """

    __tablename__ = "phone_numbers"
    __table_args__ = (
        Index(
            "uq_phone_numbers_held",
            "number",
            unique=True,
            postgresql_where=text("standing IN ('wanted', 'held') AND number <> ''"),
        ),
        # also finds by an expression, of which the planner cannot tell that it is not empty
        Index("ix_phone_numbers_held", "number", postgresql_where=text("standing = 'held'")),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    number: Mapped[E164] = mapped_column(default="")
    area: Mapped[str] = mapped_column(String(8), default="")
    role: Mapped[NumberRole] = mapped_column(default=NumberRole.TEMPORARY)
    standing: Mapped[Standing] = mapped_column(default=Standing.WANTED)
    carrier: Mapped[str] = mapped_column(String(32))
    passed_over: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    made_at: Mapped[Made]
    held_at: Mapped[datetime | None]
    routed_at: Mapped[datetime | None]
    texts_since: Mapped[datetime | None]
    retiring_since: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    pool: Mapped[str] = mapped_column(String(64), default="", server_default="")
    moving_since: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    missing_since: Mapped[datetime | None]
    unlocked_until: Mapped[datetime | None]
    port_out_pin: Mapped[str | None] = mapped_column(SealedText)
    pin_set_at: Mapped[datetime | None]
    left_to: Mapped[str] = mapped_column(String(100), default="", server_default="")
    emergency_address: Mapped[str] = mapped_column(String(250), default="", server_default="")
    line: Mapped[Line] = relationship(back_populates="numbers")


class NumberSearch(Base):
    """A search for numbers for sale, which a worker does; the criteria are those of `Sought`.

    `found` has a number (E.164) and its place for each, None until a carrier has answered: all are for sale at
    `carrier`, and `passed_over` says why not at those before it.
    """

    __tablename__ = "number_searches"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(32))
    passed_over: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    country: Mapped[str] = mapped_column(String(2))
    kind: Mapped[NumberKind]
    area: Mapped[str] = mapped_column(String(8))
    town: Mapped[str] = mapped_column(String(60))
    contains: Mapped[str] = mapped_column(String(16))
    found: Mapped[list[list[str]] | None] = mapped_column(JSONB)
    made_at: Mapped[Made]


class Showing(StrEnum):
    """The state of a request to show the customer's own number: RINGING for its code, SHOWN, or one of three ends."""

    ASKED = "asked"
    RINGING = "ringing"
    SHOWN = "shown"
    UNPROVEN = "unproven"
    REFUSED = "refused"
    ENDED = "ended"


class OwnNumber(Base):
    """A request of a line, made `at`, to show a number (E.164) that the customer still has at another operator.

    The carrier calls the number, where the customer keys in `code`, or hears it and enters it on our page;
    `proven_at` is when we learned that it was right.
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
    """A phone that rings when the line is called, in order of `position`; `name` is usually that of a member.

    `number` is what is dialed: E.164, perhaps with an extension (`+14155552671;ext=12`, RFC 3966), or that of a
    `BrowserPhone`.
    """

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("line_id", "number"),)

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    number: Mapped[Dialed]
    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0)

    @property
    def in_browser(self) -> bool:
        """Whether this is a member's page."""
        return is_browser(self.number)


class BrowserPhone(Base):
    """The page in which a member takes and makes calls; `number` is what is dialed to ring it.

    `seen_at` is when it last said that it is awake, None since it was closed.
    """

    __tablename__ = "browser_phones"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[Dialed] = mapped_column(unique=True, default=lambda: browser_phone(token_hex(12)))
    seen_at: Mapped[datetime | None]


class BrowserOff(Base):
    """A line that a member's page does not ring on, because it was removed there by hand."""

    __tablename__ = "browsers_off"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    line_id: Mapped[int] = mapped_column(
        ForeignKey("lines.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
