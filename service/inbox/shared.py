"""What a team adds to conversations: who has read what, who is there, notes among themselves, saved replies."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made
from service.inbox.models import Conversation, searchable


class ReadMark(Base):
    """How much of what a conversation has `heard` a person has read, and when they read it."""

    __tablename__ = "read_marks"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    heard: Mapped[int]
    at: Mapped[Made]


class Presence(Base):
    """When a person last looked at a conversation, and last wrote in its answer field: real time, to be forgotten."""

    __tablename__ = "presences"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    looked_at: Mapped[datetime]
    typed_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Note(Base):
    """Something a member tells the team in a conversation; it never leaves the house."""

    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_thread", "conversation_id", "at"),
        Index("ix_notes_words", "words", postgresql_using="gin"),
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = searchable("text")
    at: Mapped[Made]
    author: Mapped[User | None] = relationship()
    conversation: Mapped[Conversation] = relationship()


class Mention(Base):
    """Somebody was named in a note; `seen_at` once they have opened the conversation since."""

    __tablename__ = "mentions"
    __table_args__ = (
        Index("ix_mentions_unseen", "user_id", "conversation_id", postgresql_where=text("seen_at IS NULL")),
    )

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime | None]


class SavedReply(Base):
    """A text that a workspace writes often; `{name}` and the like in it are filled in when it is used."""

    __tablename__ = "saved_replies"
    __table_args__ = (UniqueConstraint("workspace_id", "title"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]


class InboxSettings(Base):
    """How a line's inbox works: whether new conversations are given out in turn, and what is answered after hours.

    An empty `after_hours_text` means the standard one in the line's language.
    """

    __tablename__ = "inbox_settings"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    in_turn: Mapped[bool] = mapped_column(default=False)
    after_hours: Mapped[bool] = mapped_column(default=True)
    after_hours_text: Mapped[str] = mapped_column(String(500), default="")
