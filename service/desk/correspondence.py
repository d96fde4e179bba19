"""What the desk and a transfer's customer write to each other: messages, and questions that the desk asks."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made
from service.porting.models import PortProject


class TransferMessage(Base):
    """A message about a transfer, of the desk's or of the customer's."""

    __tablename__ = "transfer_messages"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    from_desk: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]
    author: Mapped[User | None] = relationship()
    project: Mapped[PortProject] = relationship()


class DeskQuestion(Base):
    """A question to a customer. `fields` are the names of the form's questions that it is about.

    It is open until it was answered or taken back.
    """

    __tablename__ = "desk_questions"
    __table_args__ = (
        Index(
            "uq_desk_questions_open",
            "project_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND taken_back_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), index=True)
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]]
    made_at: Mapped[Made]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    taken_back_at: Mapped[datetime | None]
    project: Mapped[PortProject] = relationship()
