"""Delivering events to endpoints: at least once, those of one conversation or transfer in order.

One job at a time works for each endpoint and delivers one event. What was not taken is tried again for three days.
"""

import json
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload
from standardwebhooks import Webhook

from service.bounded import Bounds, NotRead, TooMuch, read_apart
from service.events.models import Delivery, Endpoint
from service.events.off_mail import mail_endpoint_off
from service.events.request import NOT_REACHED, posted
from service.queue import task
from service.services import Services
from service.team_notices.turns import TURNS, Turn
from service.time import real_time

WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600))
"""Waits after failures; the last one repeats."""

GIVES_UP: Final = timedelta(days=3)
"""An event that was not taken for so long is given up. If the endpoint took nothing meanwhile, it is switched off."""

BOUNDS: Final = Bounds(seconds=15, processor_seconds=5, memory=256 * 1024 * 1024, slots=BoundedSemaphore(4))
"""What handing over one event may take in all, from the start of the process to its end."""

_NEXT_TURN: Final = timedelta(seconds=2)
_LONGEST_ANSWER: Final = 1000


@task
def deliver_event(services: Services, *, endpoint_id: int) -> None:
    """Deliver the oldest event that is due at an endpoint and no longer waits for an earlier one of its sequence."""
    with services.sessions.begin() as session:
        delivery = _oldest(session, endpoint_id)
        if delivery is None:
            _go_on(session, endpoint_id)
            return
        request = _request(services, delivery)
        turn = Turn(delivery.endpoint.workspace_id, delivery.endpoint.host)
    with TURNS.take(turn) as free:
        status, answer = _post(request) if free else (None, "")
    with services.sessions.begin() as session:
        if status is None:
            deliver_event.defer_once_in(session, _NEXT_TURN, endpoint_id=endpoint_id)
        else:
            _note(session, delivery.id, status, answer)
            _go_on(session, endpoint_id)


def signed(endpoint: Endpoint, event_id: str, at: datetime, body: str) -> str:
    """The signatures of a body with an endpoint's secret, and with the one before while that is good."""
    secrets = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > at:
        secrets.append(endpoint.old_secret)
    return " ".join(Webhook(secret).sign(event_id, at, body) for secret in secrets)


def body_of(delivery: Delivery) -> str:
    """What is posted of an event: its kind, when it happened, and what it is about."""
    written = {"type": delivery.kind, "timestamp": delivery.happened_at.isoformat(), "data": delivery.data}
    return json.dumps(written, separators=(",", ":"))


def _oldest(session: Session, endpoint_id: int) -> Delivery | None:
    due = _heads(endpoint_id).where(Delivery.due_at <= real_time()).order_by(Delivery.due_at, Delivery.id)
    return session.scalar(due.options(joinedload(Delivery.endpoint)).limit(1))


def _heads(endpoint_id: int) -> Select[Delivery]:
    """What is to be delivered to an endpoint, now or later: of each sequence the first."""
    earlier = aliased(Delivery)
    same = (earlier.endpoint_id == Delivery.endpoint_id, earlier.sequence == Delivery.sequence)
    waits = exists().where(*same, earlier.due_at.is_not(None), earlier.id < Delivery.id)
    here = (Endpoint.id == endpoint_id, Endpoint.off_at.is_(None), Delivery.due_at.is_not(None))
    return select(Delivery).join(Delivery.endpoint).where(*here, ~waits)


def _request(services: Services, delivery: Delivery) -> dict[str, Any]:
    at, body = real_time(), body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Portline",
        "webhook-id": delivery.event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signed(delivery.endpoint, delivery.event_id, at, body),
    }
    private = services.settings.notices_into_private_networks
    return {"url": delivery.endpoint.url, "headers": headers, "body": body, "private": private}


def _post(request: dict[str, Any]) -> tuple[int, str]:
    try:
        status, answer = read_apart(posted, json.dumps(request).encode(), BOUNDS)
    except (TooMuch, NotRead):
        return NOT_REACHED, "Timeout"
    return status, answer[:_LONGEST_ANSWER]


def _note(session: Session, delivery_id: int, status: int, answer: str) -> None:
    """Note how a try went: taken, to be tried again, or given up."""
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:  # its endpoint was removed
        return
    endpoint = session.get_one(Endpoint, delivery.endpoint_id, with_for_update=True)
    delivery.status, delivery.answer, delivery.tried_at = status, answer, real_time()
    delivery.tries += 1
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        delivery.sent_at, delivery.due_at, endpoint.failing_since = real_time(), None, None
        return
    endpoint.failing_since = endpoint.failing_since or real_time()
    over = real_time() - delivery.wanted_at >= GIVES_UP
    delivery.due_at = None if over else real_time() + WAITS[min(delivery.tries, len(WAITS)) - 1]
    if status == HTTPStatus.GONE or real_time() - endpoint.failing_since >= GIVES_UP:
        _switch_off(session, endpoint)


def _switch_off(session: Session, endpoint: Endpoint) -> None:
    """Deliver nothing more until the endpoint is switched on again, and tell the owners by e-mail."""
    if endpoint.off_at is None:
        endpoint.off_at = real_time()
        mail_endpoint_off.defer(session, endpoint_id=endpoint.id, at=int(endpoint.off_at.timestamp()))


def _go_on(session: Session, endpoint_id: int) -> None:
    """Have the next event delivered when it is due."""
    session.flush()
    due_at = session.scalar(_heads(endpoint_id).with_only_columns(func.min(Delivery.due_at)))
    if due_at is None:
        return
    if due_at <= real_time():
        deliver_event.hurry(session, endpoint_id=endpoint_id)
    else:
        deliver_event.defer_once_in(session, due_at - real_time(), endpoint_id=endpoint_id)
