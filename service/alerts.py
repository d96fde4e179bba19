"""Alerts: matters that an operator has to look at, one row for each."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import String, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now


class AlertKind(StrEnum):
    """Every kind of alert; `docs/operating.md` says what to do about each, `web/desk/alert_words.py` what it means."""

    PUZZLING_FACT = "puzzling_fact"
    MOVE_NOT_READY = "move_not_ready"
    HALF_PORT = "half_port"
    SNAPBACK_WANTED = "snapback_wanted"
    NUMBER_STILL_HERE = "number_still_here"
    PORT_OUT_DISPUTED = "port_out_disputed"
    PORT_OUT_UNREADABLE = "port_out_unreadable"
    NUMBER_LEFT_UNANNOUNCED = "number_left_unannounced"
    NUMBERS_MISSING = "numbers_missing"
    LOOK_AT_PORT = "look_at_port"
    PORT_NEEDS_STAFF = "port_needs_staff"
    CORRECTION_NEEDS_STAFF = "correction_needs_staff"
    CANCEL_NEEDS_STAFF = "cancel_needs_staff"
    CARRIER_COMMENTED = "carrier_commented"
    CUSTOMER_WROTE = "customer_wrote"
    TEXTS_NOT_PORTED = "texts_not_ported"
    ORDER_UNKNOWN_AT_CARRIER = "order_unknown_at_carrier"
    NUMBER_CLAIMED = "number_claimed"
    NUMBER_OF_ANOTHER_ORDER = "number_of_another_order"
    CALLBACK_FOR_UNKNOWN_ORDER = "callback_for_unknown_order"
    CALLBACK_UNFAMILIAR = "callback_unfamiliar"
    CALLBACK_UNREAD = "callback_unread"
    PORT_SILENT = "port_silent"
    PORT_SLOW = "port_slow"
    CARRIER_SILENT = "carrier_silent"
    LANE_STUCK = "lane_stuck"
    BOOKS_DIFFER = "books_differ"
    DATABASE_RESTORED = "database_restored"
    CALLBACKS_MISSED = "callbacks_missed"
    CALL_NOT_TAKEN_IN = "call_not_taken_in"
    TEXT_NOT_TAKEN_IN = "text_not_taken_in"
    CALLBACKS_POINT_ELSEWHERE = "callbacks_point_elsewhere"
    RING_GROUP_HELD_BACK = "ring_group_held_back"
    CUTOVER_STUCK = "cutover_stuck"
    CARRIER_TROUBLE = "carrier_trouble"
    ENTRY_PARKED = "entry_parked"
    DONE_TWICE = "done_twice"
    CLOCK_FAR_OFF = "clock_far_off"
    PURCHASE_CAP_REACHED = "purchase_cap_reached"
    NEWCOMER_WAITS = "newcomer_waits"
    SPENDING_CAP_REACHED = "spending_cap_reached"
    NEW_DESTINATION = "new_destination"
    REGISTRATION_NEEDS_STAFF = "registration_needs_staff"
    REGISTRATION_LEFT = "registration_left"
    CLOSING_STUCK = "closing_stuck"
    NO_NUMBER_FOR_SALE = "no_number_for_sale"
    MESSAGE_NOT_WORDED = "message_not_worded"
    NO_CONTACT = "no_contact"
    MAIL_REFUSED = "mail_refused"
    TEXT_UNDELIVERED = "text_undelivered"
    TEXT_TO_PLATFORM = "text_to_platform"


class Severity(StrEnum):
    """CRITICAL: customers lose calls, texts or money while one sleeps. WARNING: look today. INFO: at leisure."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


_CRITICAL: Final = frozenset(
    {
        AlertKind.HALF_PORT,
        AlertKind.SNAPBACK_WANTED,
        AlertKind.PORT_OUT_DISPUTED,
        AlertKind.PORT_OUT_UNREADABLE,
        AlertKind.NUMBER_LEFT_UNANNOUNCED,
        AlertKind.NUMBERS_MISSING,
        AlertKind.CALLBACK_UNREAD,
        AlertKind.CARRIER_SILENT,
        AlertKind.LANE_STUCK,
        AlertKind.DATABASE_RESTORED,
        AlertKind.CALLBACKS_MISSED,
        AlertKind.CALLBACKS_POINT_ELSEWHERE,
        AlertKind.CUTOVER_STUCK,
        AlertKind.DONE_TWICE,
        AlertKind.CLOCK_FAR_OFF,
    }
)
_INFO: Final = frozenset({AlertKind.NEWCOMER_WAITS, AlertKind.NEW_DESTINATION, AlertKind.TEXT_TO_PLATFORM})


def severity_of(kind: str) -> Severity:
    """How soon an operator has to look. A kind of an earlier version is a WARNING."""
    return Severity.CRITICAL if kind in _CRITICAL else Severity.INFO if kind in _INFO else Severity.WARNING


class Alert(Base):
    """A matter for an operator. `about` names the thing (`port_number:7`), and `details` hold no secrets.

    `kind` is an `AlertKind`, or one of an earlier version. An alert is open until an operator has marked it as seen.
    `told_at` is when a message about it was sent to the operators (`service/alerting`).
    """

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("kind", "about"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(128))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    seen_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


def alert(session: Session, kind: AlertKind, about: str, **details: Any) -> None:  # noqa: ANN401 -- whatever JSON can hold
    """Alert the operators. An alert of the same kind about the same thing is the same row, and unseen again."""
    alert_once_in(session, kind, about, timedelta(), **details)


def alert_once(session: Session, kind: AlertKind, about: str, **details: Any) -> None:  # noqa: ANN401 -- as above
    """Alert the operators to something that is noticed again and again: once they have seen it, it stays seen."""
    row = {"kind": kind, "about": about, "details": details, "made_at": now()}
    session.execute(insert(Alert).values(row).on_conflict_do_nothing(index_elements=["kind", "about"]))


def alert_once_in(
    session: Session,
    kind: AlertKind,
    about: str,
    pause: timedelta,
    **details: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Alert the operators to something that goes on: a row becomes unseen again no sooner than after `pause`."""
    row = {"kind": kind, "about": about, "details": details, "made_at": now()}
    again = {"details": details, "made_at": row["made_at"], "seen_at": None}
    session.execute(
        insert(Alert)
        .values(row)
        .on_conflict_do_update(index_elements=["kind", "about"], set_=again, where=Alert.made_at <= now() - pause)
    )


def unseen(session: Session) -> int:
    """How many alerts no operator has seen."""
    return session.scalar(select(func.count()).where(Alert.seen_at.is_(None))) or 0
