"""Webhooks: where a program hears of events, and each event that was sent there."""

from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, by_id, page_of, read_id
from service.api.rates import DRAFTS
from service.api.values import Answer, moment
from service.events import endpoints
from service.events.deliveries import deliver_again, deliver_span_again, deliveries_before, delivery_to
from service.events.models import CHOSEN, Delivery, Endpoint, EventKind
from service.events.publishing import publish_test
from service.events.samples import SAMPLES
from service.web.shell.context import services

area = Area("webhooks", __name__, description="Where a program hears of events. The owner’s keys alone manage them.")


class EndpointAnswer(Answer):
    """An address that gets events. It is switched off once it has taken none for three days, or answered with 410."""

    id = fields.Integer()
    url = fields.String()
    events = fields.List(fields.String(), attribute="kinds")
    enabled = fields.Boolean()
    failing_since = moment()
    created_at = moment("made_at")


class SecretAnswer(EndpointAnswer):
    """An endpoint with the secret that signs its events, which is shown this once."""

    secret = fields.String()


class DeliveryAnswer(Answer):
    """An event for an endpoint. `status` and `answer` are of the last try: HTTP, 0 if the endpoint was not reached."""

    id = fields.Integer()
    event_id = fields.String()
    type = fields.String(attribute="kind")
    data = fields.Dict()
    happened_at = moment()
    tries = fields.Integer()
    tried_at = moment()
    next_try_at = moment("due_at")
    taken_at = moment("sent_at")
    status = fields.Integer(allow_none=True)
    answer = fields.String()


def _url(*, required: bool) -> fields.String:
    about = {"description": "Begins with https://."}
    return fields.String(required=required, validate=validate.Length(1, 500), metadata=about)


def _events(*, required: bool) -> fields.List[Any]:
    kind = fields.Enum(EventKind, by_value=True, validate=validate.OneOf(CHOSEN))
    about = {"description": f"Some of {', '.join(CHOSEN)}." if required else "Those that it gets from now on."}
    return fields.List(kind, required=required, validate=validate.Length(1, len(CHOSEN)), metadata=about)


class NewEndpoint(Schema):
    """An address, and the events that it gets."""

    url = _url(required=True)
    events = _events(required=True)


class EndpointChange(Schema):
    """What is left out stays. One that is enabled again gets what waited for it less than three days."""

    url = _url(required=False)
    events = _events(required=False)
    enabled = fields.Boolean()


class Span(Schema):
    """When the events happened that are sent again."""

    since = fields.AwareDateTime(required=True, format="iso")
    until = fields.AwareDateTime(required=True, format="iso", metadata={"description": "This moment is not included."})


class ReplayedAnswer(Answer):
    """How many events are sent again."""

    count = fields.Integer()


@area.operation("GET", "/webhook-endpoints", page_of(EndpointAnswer, "EndpointPage"), scope=Scope.WEBHOOKS)
def listing(caller: Caller) -> dict[str, Any]:
    """List the endpoints, all on one page."""
    return {"data": endpoints.endpoints_of(caller.session, caller.member), "next_cursor": None}


@area.operation(
    "POST",
    "/webhook-endpoints",
    SecretAnswer,
    scope=Scope.WEBHOOKS,
    status=201,
    body=NewEndpoint,
    limits=DRAFTS,
    secret=True,
)
def add(caller: Caller, wanted: dict[str, Any]) -> Endpoint:
    """Add an endpoint. Its answer has the secret with which you verify that an event is ours."""
    return endpoints.add_endpoint(caller.session, services(), caller.member, wanted["url"], wanted["events"])


@area.operation("GET", "/webhook-endpoints/<int:endpoint_id>", EndpointAnswer, scope=Scope.WEBHOOKS, tagged=True)
def show(caller: Caller, endpoint_id: int) -> Endpoint:
    """Get an endpoint."""
    return endpoints.endpoint_for(caller.session, caller.member, endpoint_id)


@area.operation(
    "PATCH",
    "/webhook-endpoints/<int:endpoint_id>",
    EndpointAnswer,
    scope=Scope.WEBHOOKS,
    body=EndpointChange,
    tagged=True,
)
def change(caller: Caller, sent: dict[str, Any], endpoint_id: int) -> Endpoint:
    """Change an endpoint, or switch it off or on."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    area.check_etag(endpoint, EndpointAnswer)
    known: dict[str, Any] = {"url": endpoint.url, "events": endpoint.kinds, "enabled": endpoint.enabled} | sent
    wanted = endpoints.Wanted(known["url"], known["events"], enabled=known["enabled"])
    endpoints.change_endpoint(caller.session, services(), caller.member, endpoint, wanted)
    return endpoint


@area.operation("DELETE", "/webhook-endpoints/<int:endpoint_id>", scope=Scope.WEBHOOKS, status=204)
def remove(caller: Caller, endpoint_id: int) -> Response:
    """Remove an endpoint and its deliveries."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    endpoints.remove_endpoint(caller.session, caller.member, endpoint)
    return Response(status=204)


@area.operation(
    "POST",
    "/webhook-endpoints/<int:endpoint_id>/rotate",
    SecretAnswer,
    scope=Scope.WEBHOOKS,
    limits=DRAFTS,
    secret=True,
)
def rotate(caller: Caller, endpoint_id: int) -> Endpoint:
    """Get a new secret. For 24 hours events are signed with the one before too."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    endpoints.rotate_secret(caller.session, caller.member, endpoint)
    return endpoint


@area.operation(
    "POST", "/webhook-endpoints/<int:endpoint_id>/test", EndpointAnswer, scope=Scope.WEBHOOKS, limits=DRAFTS
)
def test(caller: Caller, endpoint_id: int) -> Endpoint:
    """Send an event of the type `test`. See the deliveries for what the endpoint answered."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    publish_test(caller.session, endpoint)
    return endpoint


@area.operation(
    "GET",
    "/webhook-endpoints/<int:endpoint_id>/deliveries",
    page_of(DeliveryAnswer, "DeliveryPage"),
    scope=Scope.WEBHOOKS,
    query=PageQuery,
)
def deliveries(caller: Caller, query: dict[str, Any], endpoint_id: int) -> dict[str, Any]:
    """List what was sent to an endpoint in the last 30 days, the latest first."""
    endpoint, limit = endpoints.endpoint_for(caller.session, caller.member, endpoint_id), query["limit"]
    before = read_id(query["cursor"])
    return by_id(deliveries_before(caller.session, endpoint, before, limit + 1), limit)


@area.operation(
    "POST",
    "/webhook-endpoints/<int:endpoint_id>/deliveries/<int:delivery_id>/replay",
    DeliveryAnswer,
    scope=Scope.WEBHOOKS,
)
def replay(caller: Caller, endpoint_id: int, delivery_id: int) -> Delivery:
    """Send an event once more, with the same `event_id`."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    delivery = delivery_to(caller.session, endpoint, delivery_id)
    deliver_again(caller.session, delivery)
    return delivery


class EventQuery(Schema):
    """Which samples."""

    type = fields.Enum(EventKind, by_value=True, load_default=None, metadata={"description": "Of one type alone."})


class SampleAnswer(Answer):
    """An event as it is sent to an endpoint."""

    type = fields.String()
    timestamp = moment()
    data = fields.Dict()


@area.operation("GET", "/event-samples", page_of(SampleAnswer, "SamplePage"), scope=Scope.WEBHOOKS, query=EventQuery)
def samples(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List a made-up event of each type, all on one page, for tools that map what an event has."""
    wanted = query["type"]
    return {"data": [one for one in SAMPLES if wanted in {None, one["type"]}], "next_cursor": None}


@area.operation(
    "POST",
    "/webhook-endpoints/<int:endpoint_id>/replay",
    ReplayedAnswer,
    scope=Scope.WEBHOOKS,
    body=Span,
    limits=DRAFTS,
)
def replay_span(caller: Caller, sent: dict[str, datetime], endpoint_id: int) -> dict[str, int]:
    """Send all events of a span of time once more, at most 10,000, each with the same `event_id`."""
    endpoint = endpoints.endpoint_for(caller.session, caller.member, endpoint_id)
    return {"count": deliver_span_again(caller.session, endpoint, sent["since"], sent["until"])}
