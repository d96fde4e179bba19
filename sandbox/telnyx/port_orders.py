"""`/porting_orders`: drafts that are split, filled, confirmed; dates, comments, cancelling."""

from datetime import timedelta
from itertools import groupby
from uuid import uuid4

from flask import request

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text, texts
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.papers import own_paper
from sandbox.telnyx.port_checks import WISH, at, kind, must_be_complete, must_be_portable, must_be_right
from sandbox.telnyx.port_rules import described_status
from sandbox.telnyx.records import OVER, Comment, PortOrder, PortStatus

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

FIELDS = (*SECTIONS, "misc", "webhook_url", "customer_reference", "customer_group_reference", "user_feedback")
CHANGEABLE = (PortStatus.DRAFT, PortStatus.EXCEPTION)
CUT_OFF = timedelta(hours=48)
MOST_SHOWN = 50


@port_orders.post("/porting_orders")
def create() -> tuple[Json, int]:
    """Draft an order for each kind of number: 201 with a list. One number that cannot be ported refuses all."""
    body = json_object(["phone_numbers", "customer_reference", "customer_group_reference"], ["phone_numbers"])
    numbers = texts(body, "phone_numbers")
    must_be_portable(numbers)
    world = the_world()
    fields = {name: body.get(name) for name in ("customer_reference", "customer_group_reference")}
    drafts = []
    for _, group in groupby(sorted(numbers, key=kind), key=kind):
        now = world.exchange.now()
        drafts.append(PortOrder(str(uuid4()), asking().sid, list(group), now, now, SECTIONS | fields))
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
    return _whole(_own(sid))


@port_orders.patch("/porting_orders/<sid>")
def update(sid: str) -> Json:
    """Fill in a draft, or mend what is in exception: what is left out stays, null clears."""
    order, body = _own(sid), json_object(FIELDS)
    if order.status not in CHANGEABLE:
        raise Denied(invalid("status", f"An order that is {order.status} cannot be changed."))
    must_be_right(body)
    with the_world().exchange.changing():
        order.fields = _merged(order.fields, _cleared(body))
        order.updated = the_world().exchange.now()
        for name in ("loa", "invoice"):
            if paper := own_paper(str(at(order.fields, f"documents/{name}"))):
                paper.linked = True
    return _whole(order)


@port_orders.delete("/porting_orders/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a draft: 204."""
    order = _own(sid)
    if order.status is not PortStatus.DRAFT:
        raise Denied(invalid("status", "Only a draft can be deleted."))
    the_world().port_orders.delete(order)
    return "", 204


@port_orders.post("/porting_orders/<sid>/actions/confirm")
def confirm(sid: str) -> Json:
    """Send an order off, the first time or after an exception. Each missing field is told."""
    order = _own(sid)
    if order.status not in CHANGEABLE:
        raise Denied(invalid("status", f"An order that is {order.status} cannot be confirmed."))
    must_be_complete(order.fields)
    the_world().port_orders.confirm(order)
    return _whole(order)


@port_orders.post("/porting_orders/<sid>/actions/cancel")
def cancel(sid: str) -> Json:
    """Ask to cancel an order that was sent off; not within 48 hours of its date."""
    order, now = _own(sid), the_world().exchange.now()
    late = order.foc is not None and order.foc - now < CUT_OFF
    if late or order.status in {*OVER, PortStatus.DRAFT, PortStatus.CANCEL_PENDING}:
        raise Denied(invalid("status", f"An order that is {order.status} cannot be cancelled now."))
    the_world().port_orders.cancel(order)
    return _whole(order)


@port_orders.get("/porting_orders/<sid>/allowed_foc_windows")
def windows(sid: str) -> Json:
    """List the windows in which the order can be ported."""
    _own(sid)
    return page(
        the_world().port_orders.windows(),
        lambda window: {
            "record_type": "porting_order_foc_window",
            "started_at": iso(window[0]),
            "ended_at": iso(window[1]),
        },
    )


@port_orders.get("/porting_orders/<sid>/comments")
def comments(sid: str) -> Json:
    """List the comments on an order."""
    order = _own(sid)
    return page(order.comments, lambda comment: _comment(order, comment))


@port_orders.post("/porting_orders/<sid>/comments")
def add_comment(sid: str) -> tuple[Json, int]:
    """Comment an order: 201."""
    order, body = _own(sid), json_object(["body"], ["body"])
    return {"data": _comment(order, the_world().port_orders.comment(order, text(body, "body")))}, 201


@port_orders.get("/porting_phone_numbers")
def phone_numbers() -> Json:
    """List the numbers of one order or of all, as the link in an order's `meta` does."""
    wanted = known_filters("porting_order_id", "porting_order_status")
    orders = [each for each in the_world().state.port_orders.values() if each.account_sid == asking().sid]
    rows = [_number(order, number) for order in orders for number in order.numbers]
    return page([row for row in rows if all(row[name] == value for name, value in wanted.items())], dict)


def resource(order: PortOrder) -> Json:
    """An order as Telnyx describes it."""
    return order.fields | {
        "id": order.sid,
        "record_type": "porting_order",
        "status": described_status(order),
        "support_key": order.support_key,
        "parent_support_key": order.support_key and f"pr_{order.sid[:6]}",
        "porting_phone_numbers_count": len(order.numbers),
        "phone_numbers": [_number(order, number) for number in order.numbers[:MOST_SHOWN]],
        "phone_number_type": kind(order.numbers[0])[1],
        "activation_settings": _activation(order),
        "misc": order.fields.get("misc"),
        "webhook_url": order.fields.get("webhook_url"),
        "requirements": [],
        "requirements_met": True,
        "additional_steps": [],
        "messaging": {"messaging_capable": False, "enable_messaging": False, "messaging_port_status": "not_applicable"},
        "created_at": iso(order.created),
        "updated_at": iso(order.updated),
    }


def _activation(order: PortOrder) -> Json:
    wished = at(order.fields, WISH)
    return {"foc_datetime_requested": wished, "foc_datetime_actual": iso(order.foc), "fast_port_eligible": False}


def _number(order: PortOrder, number: str) -> Json:
    return {
        "record_type": "porting_phone_number",
        "phone_number": number,
        "phone_number_type": kind(number)[1],
        "porting_order_id": order.sid,
        "porting_order_status": order.status,
        "portability_status": "confirmed",
        "activation_status": "Active" if order.status is PortStatus.PORTED else "New",
        "requirements_status": "approved",
    }


def _comment(order: PortOrder, comment: Comment) -> Json:
    return {
        "record_type": "porting_comment",
        "id": comment.sid,
        "body": comment.body,
        "porting_order_id": order.sid,
        "user_type": comment.user_type,
        "created_at": iso(comment.created),
    }


def _whole(order: PortOrder) -> Json:
    url = f"https://api.telnyx.com/v2/porting_phone_numbers?filter[porting_order_id]={order.sid}"
    return {"data": resource(order), "meta": {"phone_numbers_url": url}}


def _merged(before: Json, changes: Json) -> Json:
    merged = dict(before)
    for name, value in changes.items():
        inner = before.get(name)
        merged[name] = _merged(inner, value) if isinstance(value, dict) and isinstance(inner, dict) else value
    return merged


def _cleared(body: Json) -> Json:
    """The changes, with the empty section for one that is set to null."""
    return {name: SECTIONS.get(name) if value is None else value for name, value in body.items()}


def _own(sid: str) -> PortOrder:
    order = the_world().state.port_orders.get(sid)
    if order is None or order.account_sid != asking().sid:
        raise not_found()
    return order
