"""`/porting/events`: what was told of porting orders, to be read again or sent once more."""

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json, not_found
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.records import PortEvent

port_log = guarded("port_log")


@port_log.get("/porting/events")
def fetch_list() -> Json:
    """List the events of the account, newest first."""
    wanted = known_filters("type", "porting_order_id", "created_at.gte", "created_at.lte")
    kept = [each for each in the_world().state.port_events.values() if each.account_sid == asking().sid]
    return page([each for each in kept[::-1] if _fits(each, wanted)], _resource)


@port_log.get("/porting/events/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one event."""
    return {"data": _resource(_own(sid))}


@port_log.post("/porting/events/<sid>/republish")
def republish(sid: str) -> tuple[str, int]:
    """Send an event once more: 204."""
    with the_world().exchange.changing():
        the_world().port_orders.events.send(_own(sid))
    return "", 204


def _fits(event: PortEvent, wanted: dict[str, str]) -> bool:
    created = iso(event.created) or ""
    return (
        wanted.get("type", event.kind) == event.kind
        and wanted.get("porting_order_id", event.subject) == event.subject
        and wanted.get("created_at.gte", created) <= created <= wanted.get("created_at.lte", created)
    )


def _own(sid: str) -> PortEvent:
    event = the_world().state.port_events.get(sid)
    if event is None or event.account_sid != asking().sid:
        raise not_found()
    return event


def _resource(event: PortEvent) -> Json:
    return told_event(event, "porting_event", "porting_order_id")


def told_event(event: PortEvent, record_type: str, about: str) -> Json:
    """An event as a log of events shows it; `about` is what the id of its subject is called there."""
    return {
        "id": event.sid,
        "record_type": record_type,
        "event_type": event.kind,
        about: event.subject,
        "available_notification_methods": ["email", "webhook"],
        "payload_status": "completed",
        "payload": event.payload,
        "created_at": iso(event.created),
        "updated_at": iso(event.created),
    }
