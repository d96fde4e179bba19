"""Contacts, conversations, messages and calls. Each message and call keeps the number it used, also after a cutover."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from provisioning.contract.messaging import MessageStatus
from service.accounts.models import User
from service.db import E164, Base, Dialed, Key, Made
from service.lines.models import Line


def searchable(what: str) -> MappedColumn[str]:
    """A column for full text search over an SQL expression: its words as they are, in no particular language."""
    words = Computed(f"to_tsvector('simple'::regconfig, {what})", persisted=True)
    return mapped_column(TSVECTOR, words, deferred=True)


class Contact(Base):
    """A person outside the workspace, known by one number: in E.164, or as the carrier states it.

    `name`, `company` and `email` may be empty; `notes` is what the team knows of them.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        Index("ix_contacts_words", "words", postgresql_using="gin"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(100), default="")
    company: Mapped[str] = mapped_column(String(100), default="", server_default="")
    email: Mapped[str] = mapped_column(String(255), default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    words: Mapped[str] = searchable("name || ' ' || notes || ' ' || company || ' ' || email")
    made_at: Mapped[Made]


class ContactImport(Base):
    """Contacts read of a file that a member has not taken yet, as `service/inbox/contact_files.py:Card` has them."""

    __tablename__ = "contact_imports"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    cards: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_at: Mapped[Made]


# numbers are sought by their end, which is the same in every spelling
Index(
    "ix_contacts_number_reversed",
    Contact.workspace_id,
    func.reverse(Contact.number).label("backwards"),
    postgresql_ops={"backwards": "text_pattern_ops"},
)


class Handling(StrEnum):
    """Whether a conversation waits for the team. A snoozed one reopens at its time, or with a call or text."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


class Conversation(Base):
    """All messages, calls and notes between a line and a contact.

    `last_at` orders the inbox: the time of the last entry, or when a snooze ended. `heard` counts the entries that came
    in and are worth reading; how many a person has read is in their `ReadMark`. `changed_at` is the time, by the
    database's clock, of the last change to anything that its page shows.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("line_id", "contact_id"),
        Index("ix_conversations_inbox", "line_id", "handling", text("last_at DESC"), text("id DESC")),
        Index("ix_conversations_all", "line_id", text("last_at DESC"), text("id DESC")),
        Index("ix_conversations_changed", "line_id", text("changed_at DESC")),
        Index("ix_conversations_assigned", "assignee_id", postgresql_where=text("assignee_id IS NOT NULL")),
        Index("ix_conversations_snoozed", "snoozed_until", postgresql_where=text("snoozed_until IS NOT NULL")),
    )

    id: Mapped[Key]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    last_at: Mapped[Made]
    heard: Mapped[int] = mapped_column(default=0, server_default="0")
    handling: Mapped[Handling] = mapped_column(default=Handling.OPEN, server_default=Handling.OPEN.value)
    snoozed_until: Mapped[datetime | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    assigned_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), onupdate=func.clock_timestamp())
    line: Mapped[Line] = relationship()
    assignee: Mapped[User | None] = relationship()
    contact: Mapped[Contact] = relationship()
    messages: Mapped[list["Message"]] = relationship(order_by="Message.at", back_populates="conversation")
    calls: Mapped[list["Call"]] = relationship(order_by="Call.at", back_populates="conversation")

    def touch(self) -> None:
        """Mark the conversation as changed, for a change of its page that is in another row."""
        self.changed_at = func.clock_timestamp()


class Direction(StrEnum):
    """The direction of a message or call, seen from us."""

    IN = "in"
    OUT = "out"


class Message(Base):
    """A text or picture. `number` is the one of ours that it used; `reference` the carrier's id, unique.

    A scheduled text has `leaves_at` and no status until then.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_thread", "conversation_id", "at"),
        Index("ix_messages_leaving", "leaves_at", postgresql_where=text("leaves_at IS NOT NULL")),
        Index("ix_messages_words", "words", postgresql_using="gin"),
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    direction: Mapped[Direction]
    number: Mapped[E164]
    text: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[MessageStatus | None]
    trouble: Mapped[str] = mapped_column(String(32), default="")
    automatic: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[Made]
    leaves_at: Mapped[datetime | None]
    words: Mapped[str] = searchable("text")
    conversation: Mapped[Conversation] = relationship(back_populates="messages")
    author: Mapped[User | None] = relationship()
    pictures: Mapped[list["Picture"]] = relationship(order_by="Picture.id")


class Picture(Base):
    """An attachment: the carrier's address of it, and the names of our copy and its thumbnail in the media.

    A file that we cannot show as a picture has no thumbnail. A file that is too large or gone has no copy; `size` is in
    bytes, 0 if it was never fetched.
    """

    __tablename__ = "pictures"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    source_url: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    media: Mapped[str] = mapped_column(String(32), default="", server_default="")
    thumbnail: Mapped[str] = mapped_column(String(32), default="", server_default="")
    size: Mapped[int] = mapped_column(default=0, server_default="0")
    fetched_at: Mapped[datetime | None]


class Outcome(StrEnum):
    """How a call ended for the caller. RINGING: it is going on; BLOCKED: the caller is blocked."""

    RINGING = "ringing"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    ANSWERED = "answered"
    BLOCKED = "blocked"


class Call(Base):
    """A call. `number` is the number of ours that was dialed or shown, `forwarded_from` the line that forwarded it.

    `shown` is the customer's own number if that was shown in place of ours.

    A call out was ordered by `author_id`, whose phone is `rung_first`, with its extension (RFC 3966);
    `reference` is the carrier's id.

    A call in was taken on the phone `answered_on`, which then was that of `answered_by_id`, at `answered_at`; where a
    phone takes calls without pressing a key, that is not known.

    `voicemail_url` is the carrier's address of the voicemail, `voicemail_media` the name of our copy once fetched;
    `recording_url` and `recording_media` are the same for an answered call, on a line that records, and `announced_for`
    why the other person heard that it is recorded, or did not (`calls.consent`). `peaks` are the heights of the wave of
    either (0 to 255 each), empty if its sound could not be read. `seen_at` is when one of the team first played the
    voicemail or opened its conversation.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_thread", "conversation_id", "at"),
        Index("ix_calls_words", "words", postgresql_using="gin"),
        Index("ix_calls_log", "number", text("at DESC"), text("id DESC")),
        Index("ix_calls_voicemail", "number", text("at DESC"), postgresql_where=text("outcome = 'voicemail'")),
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[E164]
    direction: Mapped[Direction] = mapped_column(default=Direction.IN, server_default=Direction.IN.value)
    reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rung_first: Mapped[Dialed] = mapped_column(default="", server_default="")
    shown: Mapped[E164] = mapped_column(default="", server_default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answered_on: Mapped[Dialed] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    forwarded_from: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.RINGING)
    seconds: Mapped[int] = mapped_column(default=0)
    at: Mapped[Made]
    voicemail_url: Mapped[str] = mapped_column(Text, default="")
    voicemail_reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    voicemail_seconds: Mapped[int] = mapped_column(default=0)
    voicemail_type: Mapped[str] = mapped_column(String(100), default="")
    voicemail_media: Mapped[str] = mapped_column(String(32), default="", server_default="")
    transcript: Mapped[str] = mapped_column(Text, default="")
    recording_url: Mapped[str] = mapped_column(Text, default="", server_default="")
    recording_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    recording_type: Mapped[str] = mapped_column(String(100), default="", server_default="")
    recording_media: Mapped[str] = mapped_column(String(32), default="", server_default="")
    announced_for: Mapped[str] = mapped_column(String(16), default="", server_default="")
    peaks: Mapped[bytes] = mapped_column(LargeBinary, default=b"", server_default="")
    seen_at: Mapped[datetime | None]
    words: Mapped[str] = searchable("transcript")
    conversation: Mapped[Conversation] = relationship(back_populates="calls")
    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    answered_by: Mapped[User | None] = relationship(foreign_keys=answered_by_id)
    pieces: Mapped[list["RecordedPiece"]] = relationship(back_populates="call", order_by="RecordedPiece.id")


class RecordedPiece(Base):
    """What was recorded of a call after its first recording, which the call itself has.

    A caller who comes back from a hold or goes on with somebody else is recorded anew. `reference` is the carrier's id;
    `url`, `media` and `peaks` are as a call has them.
    """

    __tablename__ = "recorded_pieces"

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str] = mapped_column(Text)
    seconds: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100), default="", server_default="")
    media: Mapped[str] = mapped_column(String(32), default="", server_default="")
    peaks: Mapped[bytes] = mapped_column(LargeBinary, default=b"", server_default="")
    call: Mapped[Call] = relationship(back_populates="pieces")
