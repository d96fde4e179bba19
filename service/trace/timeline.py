"""The timeline of a number: one list of what we did, were told and asked, oldest first."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus

from sqlalchemy import Select, false, func, literal, or_, select, text
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import User
from service.alerts import Alert
from service.carrier_calls import CarrierCall
from service.cutover.models import CutoverStep
from service.desk.correspondence import TransferMessage
from service.desk.log import DeskEntry
from service.ledger.models import LedgerEntry
from service.lines.models import PhoneNumber, Standing
from service.notifications.models import Notification
from service.porting.models import Attempt, PortHistory, PortNumber
from service.porting.order_comments import OrderComment
from service.trace.subjects import Subjects, secrets_of, subjects_of
from webhooks.models import Received

MOST: Final = 300
"""The newest events of each kind that are shown."""

SEARCHED: Final = 200_000
"""The newest callbacks in which a number is looked for: no index could find it in their bodies."""

LONGEST: Final = 4_000
"""Characters of a callback that are shown."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment. `received_id` or `order_id` is what can be read again from here."""

    at: datetime
    kind: str
    what: str
    details: str = ""
    received_id: int | None = None
    order_id: int | None = None


def timeline(session: Session, number: str) -> list[Event]:
    """Everything known of a number (E.164), oldest first, without its customers' secrets."""
    subjects = subjects_of(session, number)
    secrets = secrets_of(session, subjects)
    events = [event for read in _READS for event in read(session, subjects)]
    return [_without(secrets, event) for event in sorted(events, key=lambda event: event.at)]


def _history(session: Session, subjects: Subjects) -> Iterator[Event]:
    rows = select(PortHistory).where(PortHistory.port_number_id.in_(subjects.port_numbers))
    for row in _newest(session, rows, PortHistory.id):
        puzzling = ", puzzling" if row.puzzling else ""
        what = f"{row.cause}: {row.event}, {row.before} → {row.after}{puzzling}"
        yield Event(row.at, "history", what, _facts(row.details))


def _places(session: Session, subjects: Subjects) -> Iterator[Event]:
    for row in session.scalars(select(PhoneNumber).where(PhoneNumber.id.in_(subjects.phone_numbers))):
        what = f"{row.role} on line {row.line_id}, {row.standing}"
        yield Event(row.made_at, "number", what, _facts(_carrier_of(row)))
        if row.released_at:
            ended = f"left to {row.left_to or 'another operator'}" if row.standing is Standing.LEFT else "released"
            yield Event(row.released_at, "number", f"{ended} from line {row.line_id}")


def _carrier_of(row: PhoneNumber) -> dict[str, Any]:
    return {"carrier": row.carrier, "passed over": row.passed_over, "reference": row.reference}


def _ledger(session: Session, subjects: Subjects) -> Iterator[Event]:
    rows = select(LedgerEntry).where(LedgerEntry.id.in_(subjects.entries))
    for row in _newest(session, rows, LedgerEntry.id):
        told = {"tries": row.tries, "reference": row.reference, "trouble": row.trouble, "tag": row.tag}
        yield Event(row.owed_at, "ledger", f"{row.kind} is owed")
        yield Event(row.settled_at or row.tried_at or row.due_at, "ledger", f"{row.kind} {row.progress}", _facts(told))


def _choices(session: Session, subjects: Subjects) -> Iterator[Event]:
    chosen = select(PortNumber).where(PortNumber.id.in_(subjects.port_numbers), PortNumber.asked_at.is_not(None))
    for row in session.scalars(chosen):
        if row.asked_at:
            yield Event(row.asked_at, "order", f"{row.carrier} is to port it", _facts({"passed over": row.passed_over}))


def _orders(session: Session, subjects: Subjects) -> Iterator[Event]:
    for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(subjects.attempts))):
        yield Event(attempt.made_at, "order", f"attempt {attempt.sequence} at {attempt.carrier}", _facts(attempt.sent))
    for order in subjects.orders:
        told = {"word": order.word, "asked": order.asked_at, "told": order.told_at, "ticket": order.support_ticket}
        what = f"order {order.reference} at {order.carrier}"
        yield Event(order.made_at, "order", what, _facts(told), order_id=order.id)


def _cutover(session: Session, subjects: Subjects) -> Iterator[Event]:
    rows = select(CutoverStep).where(CutoverStep.port_number_id.in_(subjects.port_numbers))
    for row in session.scalars(rows.where(CutoverStep.done_at.is_not(None))):
        if row.done_at:
            yield Event(row.done_at, "cutover", f"{row.name} done", _facts({"failures": row.tries}))


def _notices(session: Session, subjects: Subjects) -> Iterator[Event]:
    rows = select(Notification).where(Notification.id.in_(subjects.notices))
    for row in _newest(session, rows, Notification.id):
        told = {"sent": row.sent_at, "trouble": row.trouble}
        yield Event(row.made_at, "notice", f"{row.kind} by {row.channel} to {row.recipient}", _facts(told))


def _alerts(session: Session, subjects: Subjects) -> Iterator[Event]:
    for row in session.scalars(select(Alert).where(Alert.about.in_(subjects.in_alerts()))):
        yield Event(row.made_at, "alert", row.kind, _facts({"about": row.about, **row.details, "seen": row.seen_at}))


def _carrier_calls(session: Session, subjects: Subjects) -> Iterator[Event]:
    about = [CarrierCall.ids.contains(ids) for ids in subjects.in_jobs()]
    for row in _newest(session, select(CarrierCall).where(or_(false(), *about)), CarrierCall.id):
        answer = row.status or "no answer"
        told = {"seconds": row.seconds, "job": row.task, "request": row.request}
        yield Event(row.at, "carrier", f"{row.verb} {row.host}{row.path}: {answer}", _facts(told))


_JOBS: Final = text("""
    SELECT job.id, job.task_name, job.status, job.args, job.attempts, job.request, job.scheduled_at, (
        SELECT min(at) FROM procrastinate_events WHERE job_id = job.id) AS deferred_at
    FROM procrastinate_jobs job
    WHERE EXISTS (SELECT FROM jsonb_array_elements(CAST(:about AS jsonb)) AS one(ids) WHERE job.args @> one.ids)
    ORDER BY job.id DESC LIMIT :most
""")


def _jobs(session: Session, subjects: Subjects) -> Iterator[Event]:
    """Jobs that wait, run or have failed: those that are done are kept no longer."""
    about = json.dumps(list(subjects.in_jobs()))
    for row in session.execute(_JOBS, {"about": about, "most": MOST}):
        told = {"job": row.id, **row.args, "tries": row.attempts, "due": row.scheduled_at, "request": row.request}
        yield Event(row.deferred_at, "job", f"{row.task_name} {row.status}", _facts(told))


def _callbacks(session: Session, subjects: Subjects) -> Iterator[Event]:
    """Callbacks whose body names the number, as forms and JSON write it, or one of its orders."""
    names = [subjects.number, quote_plus(subjects.number), *(order.reference for order in subjects.orders)]
    newest = (session.scalar(select(func.max(Received.id))) or 0) - SEARCHED
    named = or_(*(func.position(literal(name.encode()).op("IN")(Received.body)) > 0 for name in names))
    for row in _newest(session, select(Received).where(Received.id > newest, named), Received.id):
        told = {"id": row.id, "tries": row.tries, "read": row.read_at, "trouble": row.trouble, "query": row.query}
        body = row.body.decode(errors="replace")[:LONGEST]
        what = f"{row.subject} from {row.carrier}"
        yield Event(row.received_at, "callback", what, f"{_facts(told)}\n{body}", received_id=row.id)


def _desk(session: Session, subjects: Subjects) -> Iterator[Event]:
    """What the desk did with its transfers, by the name of who did it, and whom it wrote to."""
    acts = select(DeskEntry).where(DeskEntry.project_id.in_(subjects.projects)).options(joinedload(DeskEntry.user))
    for row in _newest(session, acts, DeskEntry.id):
        yield Event(row.at, "desk", f"{row.act} by {_name(row.user)}", _facts(row.details))
    orders = OrderComment.order_id.in_([order.id for order in subjects.orders])
    for comment in _newest(session, select(OrderComment).where(orders), OrderComment.id):
        told = {"sent": comment.sent_at, "reference": comment.reference}
        what = "comment of the carrier" if comment.reference else "comment to the carrier"
        yield Event(comment.made_at, "desk", what, f"{_facts(told)}\n{comment.text}".strip())
    mine = TransferMessage.project_id.in_(subjects.projects)
    for message in _newest(session, select(TransferMessage).where(mine), TransferMessage.id):
        yield Event(
            message.made_at, "desk", f"message {'to' if message.from_desk else 'of'} the customer", message.text
        )


def _name(user: User | None) -> str:
    return (user.name or user.email) if user else "somebody who is gone"


_READS: Final = (
    _history,
    _choices,
    _places,
    _ledger,
    _orders,
    _cutover,
    _notices,
    _alerts,
    _desk,
    _jobs,
    _carrier_calls,
    _callbacks,
)


def _newest(session: Session, rows: Select[Any], key: Any) -> Iterable[Any]:  # noqa: ANN401 -- rows of any table
    return session.scalars(rows.order_by(key.desc()).limit(MOST))


def _facts(facts: dict[str, Any]) -> str:
    """Those that say something, as `name: value`."""
    return ", ".join(f"{name}: {value}" for name, value in facts.items() if value not in (None, "", 0, []))


def _without(secrets: list[str], event: Event) -> Event:
    what, details = event.what, event.details
    for secret in secrets:
        for written in {secret, quote_plus(secret)}:
            what, details = what.replace(written, "…"), details.replace(written, "…")
    return replace(event, what=what, details=details)
