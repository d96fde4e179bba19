"""What the porting desk's staff write about a transfer for each other, and whom of them they mention with an @."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made
from service.desk.queue import staff_of
from service.errors import Invalid
from service.inbox.notes import called_in, handles_of
from service.porting.models import PortProject
from service.porting.secrecy import must_hold_no_secret

LONGEST: Final = 4000
"""Characters of a text that people write about a transfer."""


class DeskComment(Base):
    """A comment on a transfer that only the desk sees."""

    __tablename__ = "desk_comments"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]
    author: Mapped[User | None] = relationship()
    project: Mapped[PortProject] = relationship()


class DeskMention(Base):
    """A person at the desk who is mentioned in a comment, and when they were told of it by mail."""

    __tablename__ = "desk_mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("desk_comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    mailed_at: Mapped[datetime | None]
    comment: Mapped[DeskComment] = relationship()
    user: Mapped[User] = relationship()


def comment(session: Session, project: PortProject, author: User, text: str) -> list[DeskMention]:
    """Write a comment. Returns the mentions in it, of which the caller has people told.

    Raises:
        Invalid: on the field `comment`: it is empty, too long, or contains a secret.
    """
    text = checked(project, "comment", text)
    written = DeskComment(project_id=project.id, author_id=author.id, text=text)
    session.add(written)
    session.flush()
    called = sorted(called_in(text, staff_of(session, project)) - {author.id})
    mentions = [DeskMention(comment_id=written.id, user_id=one) for one in called]
    session.add_all(mentions)
    session.flush()
    return mentions


def checked(project: PortProject, field: str, text: str) -> str:
    """A text as it is kept. Raises `Invalid` on its field if it is empty, too long, or contains a secret."""
    text = text.strip().replace("\0", "")
    if not text:
        raise Invalid({field: ["Write something first."]})
    if len(text) > LONGEST:
        raise Invalid({field: ["This is too long. Write it as two."]})
    must_hold_no_secret(project, field, text)
    return text


def comments_of(session: Session, project: PortProject, most: int) -> list[DeskComment]:
    """The latest comments on a transfer, newest first."""
    rows = select(DeskComment).where(DeskComment.project_id == project.id).options(joinedload(DeskComment.author))
    return list(session.scalars(rows.order_by(DeskComment.id.desc()).limit(most)))


def desk_handles(session: Session, project: PortProject) -> Mapping[str, int]:
    """The handles by which those are mentioned who see a transfer, each with the person's id."""
    return handles_of(staff_of(session, project))
