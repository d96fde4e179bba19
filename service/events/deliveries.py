"""What was delivered to an endpoint, and delivering it again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from service.errors import Invalid, NotFound
from service.events.delivering import deliver_event
from service.events.models import Delivery, Endpoint
from service.time import real_time

KEPT: Final = timedelta(days=30)
"""How long a delivery is listed."""

MOST_AT_ONCE: Final = 10_000
"""Events that can be replayed at once: more would hold up those that happen meanwhile for hours."""


def deliveries_before(session: Session, endpoint: Endpoint, before: int, most: int) -> Sequence[Delivery]:
    """The newest deliveries to an endpoint; `before` is the id where a page ended, 0 for the first one."""
    here = select(Delivery).where(Delivery.endpoint_id == endpoint.id)
    older = here.where(Delivery.id < before) if before else here
    return session.scalars(older.order_by(Delivery.id.desc()).limit(most)).all()


def delivery_to(session: Session, endpoint: Endpoint, delivery_id: int) -> Delivery:
    """One delivery to an endpoint. Raises `NotFound`."""
    found = session.scalar(select(Delivery).where(Delivery.endpoint_id == endpoint.id, Delivery.id == delivery_id))
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def deliver_again(session: Session, delivery: Delivery) -> None:
    """Have an event delivered once more, under its own id."""
    _have_delivered(session, delivery.endpoint_id, Delivery.id == delivery.id)


def deliver_span_again(session: Session, endpoint: Endpoint, since: datetime, until: datetime) -> int:
    """Have the events delivered once more that happened from `since` until before `until`, and return how many.

    Raises:
        Invalid: the span ends before it begins, or has more than `MOST_AT_ONCE` events.
    """
    if until <= since:
        raise Invalid({"until": ["The end has to come after the start."]})
    happened = (Delivery.happened_at >= since, Delivery.happened_at < until)
    count = session.scalar(select(func.count()).where(Delivery.endpoint_id == endpoint.id, *happened)) or 0
    if count > MOST_AT_ONCE:
        raise Invalid({"until": ["That’s more than 10,000 events. Choose a shorter time."]})
    _have_delivered(session, endpoint.id, *happened)
    return count


def forget_deliveries(session: Session) -> None:
    """Delete deliveries that are older than `KEPT`."""
    session.execute(delete(Delivery).where(Delivery.wanted_at < real_time() - KEPT))


def _have_delivered(session: Session, endpoint_id: int, *which: ColumnElement[bool]) -> None:
    afresh = {"wanted_at": real_time(), "due_at": real_time(), "tries": 0, "sent_at": None}
    session.execute(update(Delivery).where(Delivery.endpoint_id == endpoint_id, *which).values(afresh))
    deliver_event.hurry(session, endpoint_id=endpoint_id)
