"""Tables for a team's work on conversations: read marks, presence, notes, mentions, tags, saved replies, settings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made
from service.inbox.models import Conversation, searchable


class ReadMark(Base):
    """How many of a conversation's `heard` entries a person has read, and when."""

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
    """When a person last had a conversation open, and last typed an answer in it (real time)."""

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
    """A note in a conversation that only the team sees; it is never sent."""

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
    """A mention of a user in a note; `seen_at` is when they first opened the conversation after it."""

    __tablename__ = "mentions"
    __table_args__ = (
        Index("ix_mentions_unseen", "user_id", "conversation_id", postgresql_where=text("seen_at IS NULL")),
    )

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime | None]


class Tag(Base):
    """A word by which a workspace sorts its conversations. Its spelling is that of the member who used it first."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(String(40))


class ConversationTag(Base):
    """A conversation has a tag."""

    __tablename__ = "conversation_tags"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class UnsentWords(Base):
    """What a person has typed in a conversation and not sent yet, on any of their devices."""

    __tablename__ = "unsent_words"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[Made]


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
    """Settings of a line's inbox: whether new conversations are assigned in turn, and the answer after hours.

    An empty `after_hours_text` means the standard one in the line's language.
    """

    __tablename__ = "inbox_settings"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    in_turn: Mapped[bool] = mapped_column(default=False)
    after_hours: Mapped[bool] = mapped_column(default=True)
    after_hours_text: Mapped[str] = mapped_column(String(500), default="")
