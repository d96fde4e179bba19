"""Files with earlier conversations that members send, and what was made of each, so that it can be undone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Key, Made
from service.lines.models import Line


class ImportState(StrEnum):
    """How far a file is: WAITING and READING come before DONE; one that cannot be read is FAILED."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


UNREAD = frozenset({ImportState.WAITING, ImportState.READING})
UNDER_WAY = UNREAD | {ImportState.UNDOING}


class HistoryImport(Base):
    """One file with earlier conversations for a line.

    `media` names the file itself, until it has been read. Of its `entries` texts and calls so many are `read`; so many
    became `texts` and `calls`, the others were there already. `left_out` are those that cannot be taken, such as group
    conversations. `trouble` is the sentence that says why reading FAILED. `ended_at` is when it was read, then when
    undoing it began, then when it ended.
    """

    __tablename__ = "history_imports"
    __table_args__ = (Index("ix_history_imports_workspace", "workspace_id", text("id DESC")),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    file_name: Mapped[str] = mapped_column(String(100), default="")
    media: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[ImportState] = mapped_column(default=ImportState.WAITING)
    entries: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    texts: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[Made]
    ended_at: Mapped[datetime | None]
    line: Mapped[Line] = relationship()

    @property
    def is_under_way(self) -> bool:
        """Whether something of it is still to happen."""
        return self.state in UNDER_WAY


class ImportedRow(Base):
    """One row that an import made: a text, a call, a conversation, or a contact."""

    __tablename__ = "imported_rows"

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("history_imports.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), unique=True)


class ImportedName(Base):
    """The name that an import gave to a contact without one."""

    __tablename__ = "imported_names"

    import_id: Mapped[int] = mapped_column(ForeignKey("history_imports.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(100))
