"""Writing down events for each endpoint that is to hear of them, in the transaction of what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.events.delivering import deliver_event
from service.events.models import Delivery, Endpoint, EventKind
from service.time import now, real_time


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, once for each `reference` of its kind.

    Events of one `sequence` ("conversation:7") are delivered in order. `data` is JSON without what was said: programs
    fetch that with their key.
    """

    kind: EventKind
    sequence: str
    reference: str | int
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id by which programs drop what comes twice."""
        return f"{self.kind}:{self.reference}"


def publish(session: Session, workspace_id: int, events: Sequence[Event]) -> None:
    """Have events delivered to the endpoints of a workspace that are for their kinds."""
    theirs = select(Endpoint).where(Endpoint.workspace_id == workspace_id, Endpoint.off_at.is_(None))
    for endpoint in session.scalars(theirs).all():
        _write(session, endpoint, [event for event in events if event.kind in endpoint.kinds])


def publish_test(session: Session, endpoint: Endpoint) -> None:
    """Have a test delivered to an endpoint, beside all other events. Raises `Conflict` if it is switched off."""
    if not endpoint.enabled:
        raise Conflict("This endpoint is switched off.")
    name = uuid4().hex
    _write(session, endpoint, [Event(EventKind.TEST, f"test:{name}", name, {"endpoint_id": endpoint.id})])


_KEEP: Final = insert(Delivery).on_conflict_do_nothing().returning(Delivery.id)


def _write(session: Session, endpoint: Endpoint, events: Sequence[Event]) -> None:
    times = {"happened_at": now(), "wanted_at": real_time(), "due_at": real_time()}
    rows = [
        {"endpoint_id": endpoint.id, "event_id": event.id, "kind": event.kind, "sequence": event.sequence, **times}
        | {"data": dict(event.data)}
        for event in events
    ]
    if rows and session.scalars(_KEEP, rows).all():
        deliver_event.hurry(session, endpoint_id=endpoint.id)
