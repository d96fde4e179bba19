"""`/porting_orders`: drafts that are split, filled, confirmed; dates, comments, cancelling."""

from datetime import timedelta
from itertools import groupby
from uuid import uuid4

from flask import request

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, texts
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.owned import own_order
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.papers import own_paper
from sandbox.telnyx.port_checks import at, must_be_complete, must_be_portable, must_be_right
from sandbox.telnyx.port_resources import number_resource, resource, whole
from sandbox.telnyx.port_scenarios import group
from sandbox.telnyx.records import OVER, PortOrder, PortStatus, TextsStatus

port_orders = guarded("port_orders")
SECTIONS: dict[str, Json] = {
    "end_user": {
        "admin": dict.fromkeys(
            (
                "entity_name",
                "auth_person_name",
                "billing_phone_number",
                "account_number",
                "pin_passcode",
                "tax_identifier",
                "business_identifier",
            )
        ),
        "location": dict.fromkeys(
            ("street_address", "extended_address", "locality", "administrative_area", "postal_code", "country_code")
        ),
    },
    "documents": {"loa": None, "invoice": None},
    "activation_settings": {"foc_datetime_requested": None},
    "phone_number_configuration": {
        "billing_group_id": None,
        "connection_id": None,
        "messaging_profile_id": None,
        "emergency_address_id": None,
        "tags": [],
    },
}
"""The sections of an order, empty."""

FIELDS = (
    *SECTIONS,
    "misc",
    "messaging",
    "requirements",
    "requirement_group_id",
    "webhook_url",
    "customer_reference",
    "customer_group_reference",
    "user_feedback",
)
CHANGEABLE = (PortStatus.DRAFT, PortStatus.EXCEPTION)
CUT_OFF = timedelta(hours=48)


@port_orders.post("/porting_orders")
def create() -> tuple[Json, int]:
    """Draft an order for each kind of number: 201 with a list. One number that cannot be ported refuses all."""
    body = json_object(["phone_numbers", "customer_reference", "customer_group_reference"], ["phone_numbers"])
    numbers = texts(body, "phone_numbers")
    must_be_portable(numbers)
    world = the_world()
    fields = {name: body.get(name) for name in ("customer_reference", "customer_group_reference")}
    drafts = []
    for _, alike in groupby(sorted(numbers, key=group), key=group):
        now = world.exchange.now()
        drafts.append(PortOrder(str(uuid4()), asking().sid, list(alike), now, now, SECTIONS | fields))
        world.port_orders.draft(drafts[-1])
    return {"data": [resource(draft) for draft in drafts]}, 201


@port_orders.get("/porting_orders")
def fetch_list() -> Json:
    """List the account's orders, newest first; `sort[value]=created_at` turns them round."""
    wanted = known_filters("customer_reference", "customer_group_reference", "phone_numbers.phone_number.contains")
    part = wanted.pop("phone_numbers.phone_number.contains", "").lstrip("+")
    rows = [
        order
        for order in the_world().state.port_orders.values()
        if order.account_sid == asking().sid
        and all(order.fields.get(name) == value for name, value in wanted.items())
        and any(part in number for number in order.numbers)
    ]
    oldest_first = request.args.get("sort[value]") == "created_at"
    return page(rows if oldest_first else rows[::-1], resource)


@port_orders.get("/porting_orders/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one order."""
    return whole(own_order(sid))


@port_orders.patch("/porting_orders/<sid>")
def update(sid: str) -> Json:
    """Fill in a draft, or mend what is in exception: what is left out stays, null clears."""
    order, body, world = own_order(sid), json_object(FIELDS), the_world()
    if order.status not in _changeable(body):
        raise Denied(invalid("status", f"An order that is {order.status} cannot be changed."))
    must_be_right(order, body)
    with world.exchange.changing():
        _take_over(order, body)
        if order.status is PortStatus.EXCEPTION and world.state.unproved.patch_resubmits:
            world.port_orders.submit_again(order)
    return whole(order)


@port_orders.delete("/porting_orders/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a draft: 204."""
    order = own_order(sid)
    if order.status is not PortStatus.DRAFT:
        raise Denied(invalid("status", "Only a draft can be deleted."))
    the_world().port_orders.delete(order)
    return "", 204


@port_orders.post("/porting_orders/<sid>/actions/confirm")
def confirm(sid: str) -> Json:
    """Send an order off, the first time or after an exception. Each missing field is told."""
    order = own_order(sid)
    if order.status not in CHANGEABLE:
        raise Denied(invalid("status", f"An order that is {order.status} cannot be confirmed."))
    if order.status is PortStatus.EXCEPTION and the_world().state.unproved.patch_resubmits:
        raise Denied(invalid("status", "The order goes on by itself once it is mended."))
    must_be_complete(order)
    the_world().port_orders.confirm(order)
    return whole(order)


@port_orders.post("/porting_orders/<sid>/actions/cancel")
def cancel(sid: str) -> Json:
    """Ask to cancel an order that was sent off; not within 48 hours of its date."""
    order, now = own_order(sid), the_world().exchange.now()
    late = order.foc is not None and order.foc - now < CUT_OFF
    if late or order.status in {*OVER, PortStatus.DRAFT, PortStatus.CANCEL_PENDING}:
        raise Denied(invalid("status", f"An order that is {order.status} cannot be cancelled now."))
    the_world().port_orders.cancel(order)
    return whole(order)


@port_orders.get("/porting_phone_numbers")
def phone_numbers() -> Json:
    """List the numbers of one order or of all, as the link in an order's `meta` does."""
    wanted = known_filters("porting_order_id", "porting_order_status")
    orders = [each for each in the_world().state.port_orders.values() if each.account_sid == asking().sid]
    rows = [number_resource(order, number) for order in orders for number in order.numbers]
    return page([row for row in rows if all(row[name] == value for name, value in wanted.items())], dict)


def _changeable(body: Json) -> set[PortStatus]:
    """The states in which these changes are possible: those of texts alone also while the papers are checked."""
    possible = set(CHANGEABLE)
    if set(body) <= {"messaging"}:
        possible.add(PortStatus.IN_PROCESS)
    if the_world().state.unproved.submitted_changes:
        possible.add(PortStatus.SUBMITTED)
    return possible


def _take_over(order: PortOrder, body: Json) -> None:
    texts = at(body, "messaging/enable_messaging")
    order.fields = _merged(order.fields, _cleared({name: value for name, value in body.items() if name != "messaging"}))
    order.updated = the_world().exchange.now()
    if texts is not None:
        order.texts = TextsStatus.PENDING if texts else TextsStatus.NOT_APPLICABLE
    for name in ("loa", "invoice"):
        if paper := own_paper(str(at(order.fields, f"documents/{name}"))):
            paper.linked = True


def _merged(before: Json, changes: Json) -> Json:
    merged = dict(before)
    for name, value in changes.items():
        inner = before.get(name)
        merged[name] = _merged(inner, value) if isinstance(value, dict) and isinstance(inner, dict) else value
    return merged


def _cleared(body: Json) -> Json:
    """The changes, with the empty section for one that is set to null."""
    return {name: SECTIONS.get(name) if value is None else value for name, value in body.items()}
