"""Support access: who of our staff may look into a workspace, until when, and what they saw."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key, Made


class SupportAccess(Base):
    """The owner lets our staff look into a workspace, without changing anything, until `ends_at`."""

    __tablename__ = "support_accesses"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    ends_at: Mapped[datetime]
    made_at: Mapped[Made]


class SupportView(Base):
    """One of our staff opened a page of a workspace: its path, without what was typed into its address."""

    __tablename__ = "support_views"

    id: Mapped[Key]
    access_id: Mapped[int] = mapped_column(ForeignKey("support_accesses.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    path: Mapped[str] = mapped_column(String(500))
    at: Mapped[Made]
