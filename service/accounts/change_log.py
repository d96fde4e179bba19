"""The log of changes: who changed what in a workspace, for owners who ask about it later."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made


class Action(StrEnum):
    """What a person did; `service/web/team/changes.py` has a sentence for each."""

    MEMBER_INVITED = "member_invited"
    INVITATION_SENT_AGAIN = "invitation_sent_again"
    INVITATION_REVOKED = "invitation_revoked"
    MEMBER_JOINED = "member_joined"
    MEMBER_REMOVED = "member_removed"
    MEMBER_LEFT = "member_left"
    ROLE_CHANGED = "role_changed"
    LINES_CHANGED = "lines_changed"
    OWNERSHIP_HANDED_OVER = "ownership_handed_over"
    SECOND_STEP_DEMANDED = "second_step_demanded"
    SECOND_STEP_LEFT_FREE = "second_step_left_free"
    SECOND_STEP_TAKEN_AWAY = "second_step_taken_away"
    LINE_CHANGED = "line_changed"
    LINE_REMOVED = "line_removed"
    LINE_RESTORED = "line_restored"
    CALL_PLAN_CHANGED = "call_plan_changed"
    CALL_PLAN_PUT_BACK = "call_plan_put_back"
    RECORDING_SWITCHED = "recording_switched"
    CALLER_BLOCKED = "caller_blocked"
    CALLER_UNBLOCKED = "caller_unblocked"
    TEXTS_STOPPED = "texts_stopped"
    TEXTS_ALLOWED = "texts_allowed"
    AGREEMENT_RECORDED = "agreement_recorded"
    NUMBER_BOUGHT = "number_bought"
    NUMBER_CHANGED = "number_changed"
    NUMBER_ENDED = "number_ended"
    NUMBER_KEPT = "number_kept"
    NUMBER_LEFT = "number_left"
    NUMBER_UNLOCKED = "number_unlocked"
    NUMBER_LOCKED = "number_locked"
    PORT_OUT_FACTS_SEEN = "port_out_facts_seen"
    PORT_OUT_PIN_MADE = "port_out_pin_made"
    PORT_OUT_DISPUTED = "port_out_disputed"
    NUMBER_WANTED = "number_wanted"
    DETAILS_ASKED = "details_asked"
    DETAILS_ASKED_AGAIN = "details_asked_again"
    DETAILS_LINK_REVOKED = "details_link_revoked"
    DETAILS_GIVEN = "details_given"
    PORT_SENT = "port_sent"
    PORT_CORRECTED = "port_corrected"
    DESK_ANSWERED = "desk_answered"
    PORT_MOVED = "port_moved"
    PORT_TIMED = "port_timed"
    PORT_CANCELED = "port_canceled"
    MOVE_TAKEN_BACK = "move_taken_back"
    MOVED_AGAIN = "moved_again"
    RETURN_WANTED = "return_wanted"
    RETURN_REPORTED = "return_reported"
    NUMBER_RETURNED = "number_returned"
    STATUS_LINK_MADE = "status_link_made"
    STATUS_LINK_REVOKED = "status_link_revoked"
    SAVED_REPLY_CHANGED = "saved_reply_changed"
    AUTOMATIC_ANSWER_CHANGED = "automatic_answer_changed"
    BUSINESS_SENT = "business_sent"
    OWN_NUMBER_SHOWN = "own_number_shown"
    OWN_NUMBER_HIDDEN = "own_number_hidden"
    API_KEY_MADE = "api_key_made"
    API_KEY_REVOKED = "api_key_revoked"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_ROTATED = "webhook_rotated"
    WEBHOOK_REMOVED = "webhook_removed"
    ALL_DOWNLOADED = "all_downloaded"
    CONTACT_ERASED = "contact_erased"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_KEPT = "account_kept"
    SUPPORT_GRANTED = "support_granted"
    SUPPORT_ENDED = "support_ended"


DIFFERENCES: Final = "differences"
"""The key in the details of a change under which it is kept what was changed from what to what."""

BY_SOMEONE_ERASED: Final = "by_someone_erased"
"""The key in the details of a change which says that a person made it of whom nothing is kept."""

ABOUT_PEOPLE: Final = frozenset(
    {
        Action.MEMBER_INVITED,
        Action.INVITATION_SENT_AGAIN,
        Action.INVITATION_REVOKED,
        Action.MEMBER_REMOVED,
        Action.MEMBER_LEFT,
        Action.ROLE_CHANGED,
        Action.LINES_CHANGED,
        Action.OWNERSHIP_HANDED_OVER,
        Action.SECOND_STEP_TAKEN_AWAY,
    }
)
"""Actions whose subject is a member, by their name or else their address."""

SECRETS: Final = frozenset({"account_number", "pin", "subscriber_id"})
"""Names of values that are kept in no log."""


class Change(Base):
    """One change. `user_id` is who made it, None for the service itself.

    `subject` is what was changed, as people call it (a number, a line's name, an address); `details` holds, without
    secrets, what the sentence about it needs.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_of_workspace", "workspace_id", "id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    action: Mapped[Action]
    subject: Mapped[str] = mapped_column(String(255), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[Made]
    user: Mapped[User | None] = relationship()


def note(
    session: Session,
    *,
    workspace_id: int,
    user_id: int | None,
    action: Action,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Log a change in the transaction that makes it."""
    change = Change(
        workspace_id=workspace_id, user_id=user_id, action=action, subject=subject[:255], details=dict(details or {})
    )
    session.add(change)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Details of a change: each value of `after` that was another one `before` (None for none), by its name.

    Values are JSON, or dates. A name in `SECRETS` is kept without its values.
    """
    changed = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    return {DIFFERENCES: {name: _without_secret(name, pair) for name, pair in changed.items()}}


def _without_secret(name: str, pair: tuple[Any, Any]) -> list[Any]:
    if name in SECRETS:
        return [None, None]
    return [value.isoformat() if isinstance(value, date) else value for value in pair]


def changes_of(session: Session, workspace_id: int, *, before: int | None = None, most: int) -> list[Change]:
    """The latest changes in a workspace, newest first; with `before` (a row's id) only those older than that row."""
    rows = select(Change).where(Change.workspace_id == workspace_id)
    if before is not None:
        rows = rows.where(Change.id < before)
    return list(session.scalars(rows.options(joinedload(Change.user)).order_by(Change.id.desc()).limit(most)))
