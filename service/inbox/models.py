"""Contacts, conversations, messages and calls. Each remembers the number it used; nothing is copied at cutover."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.messaging import MessageStatus
from service.db import E164, Base, Key, Made
from service.lines.models import Line


class Contact(Base):
    """Somebody outside, known to a workspace by one number in E.164, however it was spelled. `name` may be empty."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[Made]


class Conversation(Base):
    """All that went on between a line and a contact. `last_at` orders the inbox."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("line_id", "contact_id"),)

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    last_at: Mapped[Made]
    unread: Mapped[int] = mapped_column(default=0)
    line: Mapped[Line] = relationship()
    contact: Mapped[Contact] = relationship()
    messages: Mapped[list["Message"]] = relationship(order_by="Message.at", back_populates="conversation")
    calls: Mapped[list["Call"]] = relationship(order_by="Call.at", back_populates="conversation")


class Direction(StrEnum):
    """Which way a message went, seen from us."""

    IN = "in"
    OUT = "out"


class Message(Base):
    """A text or picture. `number` is the one of ours that it used; `reference` the carrier's id, unique."""

    __tablename__ = "messages"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    direction: Mapped[Direction]
    number: Mapped[E164]
    text: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[MessageStatus | None]
    trouble: Mapped[str] = mapped_column(String(32), default="")
    automatic: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[Made]
    conversation: Mapped[Conversation] = relationship(back_populates="messages")
    pictures: Mapped[list["Picture"]] = relationship(order_by="Picture.id")


class Picture(Base):
    """An attachment: where the carrier keeps it, and the names of our own copy and its thumbnail in the media."""

    __tablename__ = "pictures"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    source_url: Mapped[str] = mapped_column(String(500))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    media: Mapped[str] = mapped_column(String(32), default="", server_default="")
    thumbnail: Mapped[str] = mapped_column(String(32), default="", server_default="")
    fetched_at: Mapped[datetime | None]


class Outcome(StrEnum):
    """How a call ended for the caller; RINGING while it is going on."""

    RINGING = "ringing"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    ANSWERED = "answered"


class Call(Base):
    """A call: `number` is the one of ours that was dialled or shown, `forwarded_from` the line that sent it on.

    One that went out was ordered by `author_id`, whose phone is `rung_first`; `reference` is the carrier's id.

    `voicemail_url` is where the carrier keeps the recording, `voicemail` our own copy once fetched; `recording_url` is
    the same for the talk itself, on a line that records.
    """

    __tablename__ = "calls"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[E164]
    direction: Mapped[Direction] = mapped_column(default=Direction.IN, server_default=Direction.IN.value)
    reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rung_first: Mapped[E164] = mapped_column(default="", server_default="")
    forwarded_from: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.RINGING)
    seconds: Mapped[int] = mapped_column(default=0)
    at: Mapped[Made]
    voicemail_url: Mapped[str] = mapped_column(String(500), default="")
    voicemail_reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    voicemail_seconds: Mapped[int] = mapped_column(default=0)
    voicemail_type: Mapped[str] = mapped_column(String(100), default="")
    voicemail: Mapped[bytes | None] = mapped_column(deferred=True)
    transcript: Mapped[str] = mapped_column(Text, default="")
    recording_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    recording_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    seen_at: Mapped[datetime | None]
    conversation: Mapped[Conversation] = relationship(back_populates="calls")
