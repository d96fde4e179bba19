"""`events.twilio.com/v1`: sinks, and the subscriptions that fill them."""

import json

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import new_sid
from sandbox.registering.records import Sink, Subscription
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1

EVENTS = "https://events.twilio.com/v1"
events = guard(Blueprint("events", __name__, url_prefix="/events.twilio.com/v1"))


@events.post("/Sinks")
def create_sink() -> tuple[Json, int]:
    """Create a sink: 201, `initialized` until it was tested."""
    description, kind, configuration = required(form(), "Description", "SinkType", "SinkConfiguration")
    wanted = _json(configuration)
    if kind != "webhook" or not isinstance(wanted, dict) or not str(wanted.get("destination", "")).startswith("http"):
        raise Refusal(20001, "SinkConfiguration is not valid.")
    now = the_world().exchange.now()
    batch = wanted.get("batch_events") in {True, "true"}
    sink = Sink(new_sid("DG"), asking().sid, description, str(wanted["destination"]), batch, now, now)
    with the_world().exchange.changing() as state:
        state.sinks[sink.sid] = sink
    return _sink(sink), 201


@events.get("/Sinks")
def sinks() -> Json:
    """List the sinks of the account."""
    wanted = request.args.get("Status")
    mine = [one for one in the_world().state.sinks.values() if one.account_sid == asking().sid]
    return page_v1("sinks", [one for one in mine if wanted in {None, one.status}], _sink)


@events.get("/Sinks/<sid>")
def fetch_sink(sid: str) -> Json:
    """Fetch one sink."""
    return _sink(_own_sink(sid))


@events.delete("/Sinks/<sid>")
def delete_sink(sid: str) -> tuple[str, int]:
    """Delete a sink: 204."""
    sink = _own_sink(sid)
    with the_world().exchange.changing() as state:
        del state.sinks[sink.sid]
    return "", 204


@events.post("/Sinks/<sid>/Test")
def test_sink(sid: str) -> tuple[Json, int]:
    """Send a test event with an id to the sink: 201."""
    sink, world = _own_sink(sid), the_world()
    with world.exchange.changing():
        sink.test_id, sink.status = new_sid("ET"), "validating"
        event: Json = {
            "specversion": "1.0",
            "type": "com.twilio.eventstreams.test-event",
            "source": "Sink",
            "id": new_sid("EZ"),
            "dataschema": "https://events-schemas.twilio.com/EventStreams.TestSinkEvent/1",
            "datacontenttype": "application/json",
            "time": iso(world.exchange.now()),
            "data": {"test_id": sink.test_id},
        }
        world.exchange.post_json(sink.account_sid, sink.destination, [event] if sink.batch else event)
    return {"result": "submitted"}, 201


@events.post("/Sinks/<sid>/Validate")
def validate_sink(sid: str) -> tuple[Json, int]:
    """Activate the sink with the id that its test event carried: 201."""
    sink = _own_sink(sid)
    [test_id] = required(form(), "TestId")
    with the_world().exchange.changing():
        sink.status = "active" if sink.test_id and test_id == sink.test_id else "failed"
    return {"result": "valid" if sink.status == "active" else "invalid"}, 201


@events.post("/Subscriptions")
def subscribe() -> tuple[Json, int]:
    """Subscribe an active sink to types of events: 201."""
    description, sink_sid = required(form(), "Description", "SinkSid")
    sink = _own_sink(sink_sid)
    types = [_json(one) or {} for one in form().getlist("Types")]
    if sink.status != "active" or not types or not all(one.get("type") for one in types):
        raise Refusal(20001, "The sink is not active, or Types is not valid.")
    now, wanted = (
        the_world().exchange.now(),
        {str(one["type"]): int(str(one.get("schema_version", 1))) for one in types},
    )
    made = Subscription(new_sid("DF"), asking().sid, description, sink.sid, wanted, now, now)
    with the_world().exchange.changing() as state:
        state.subscriptions[made.sid] = made
    return _subscription(made), 201


@events.get("/Subscriptions")
def subscriptions() -> Json:
    """List the subscriptions of the account."""
    wanted = request.args.get("SinkSid")
    mine = [one for one in the_world().state.subscriptions.values() if one.account_sid == asking().sid]
    return page_v1("subscriptions", [one for one in mine if wanted in {None, one.sink_sid}], _subscription)


def _json(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _own_sink(sid: str) -> Sink:
    sink = the_world().state.sinks.get(sid)
    if sink is None or sink.account_sid != asking().sid:
        raise not_found()
    return sink


def _sink(sink: Sink) -> Json:
    url = f"{EVENTS}/Sinks/{sink.sid}"
    return {
        "sid": sink.sid,
        "description": sink.description,
        "sink_type": "webhook",
        "sink_configuration": {"destination": sink.destination, "method": "POST", "batch_events": sink.batch},
        "status": sink.status,
        "date_created": iso(sink.created),
        "date_updated": iso(sink.updated),
        "url": url,
        "links": {"sink_test": f"{url}/Test", "sink_validate": f"{url}/Validate"},
    }


def _subscription(made: Subscription) -> Json:
    url = f"{EVENTS}/Subscriptions/{made.sid}"
    return {
        "sid": made.sid,
        "account_sid": made.account_sid,
        "description": made.description,
        "sink_sid": made.sink_sid,
        "date_created": iso(made.created),
        "date_updated": iso(made.updated),
        "url": url,
        "links": {"subscribed_events": f"{url}/SubscribedEvents"},
    }
