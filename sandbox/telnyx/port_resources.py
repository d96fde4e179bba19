"""Porting orders as Telnyx describes them."""

from functools import partial

from sandbox.porting.records import Comment
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.port_checks import WISH, at
from sandbox.telnyx.port_events import described_status, described_texts
from sandbox.telnyx.port_requirements import needed_papers, steps_left, value_of
from sandbox.telnyx.port_scenarios import is_fast, kind
from sandbox.telnyx.records import PortOrder, PortStatus

MOST_SHOWN = 50


def resource(order: PortOrder) -> Json:
    """An order as Telnyx describes it."""
    return order.fields | {
        "id": order.sid,
        "record_type": "porting_order",
        "status": described_status(order),
        "support_key": order.support_key,
        "parent_support_key": order.support_key and f"pr_{order.sid[:6]}",
        "porting_phone_numbers_count": len(order.numbers),
        "phone_numbers": [number_resource(order, number) for number in order.numbers[:MOST_SHOWN]],
        "phone_number_type": kind(order.numbers[0])[1],
        "activation_settings": _activation(order),
        "misc": order.fields.get("misc"),
        "webhook_url": order.fields.get("webhook_url"),
        "requirements": [each for each in map(partial(_paper, order), needed_papers(order)) if each],
        "requirements_met": all(value_of(order, str(each["id"])) for each in needed_papers(order)),
        "additional_steps": steps_left(order),
        "messaging": described_texts(order),
        "created_at": iso(order.created),
        "updated_at": iso(order.updated),
    }


def _activation(order: PortOrder) -> Json:
    wished = at(order.fields, WISH)
    return {
        "foc_datetime_requested": wished,
        "foc_datetime_actual": iso(order.foc),
        "fast_port_eligible": is_fast(order.numbers),
        "activation_status": _registry_status(order) if order.jobs else None,
    }


def _registry_status(order: PortOrder) -> str:
    """What the registry of numbers knows of a port."""
    if order.status is PortStatus.PORTED:
        return "Active"
    return "Concurred" if order.status is PortStatus.FOC_DATE_CONFIRMED else "New"


def _paper(order: PortOrder, needed: Json) -> Json:
    """A document that was given for a requirement; empty for a text."""
    if needed["type"] != "document" or not value_of(order, str(needed["id"])):
        return {}
    given = {"field_type": "document", "field_value": value_of(order, str(needed["id"]))}
    return {"record_type": "porting_requirement", "requirement_type_id": needed["id"]} | given


def number_resource(order: PortOrder, number: str) -> Json:
    """A number in an order as Telnyx describes it."""
    return {
        "record_type": "porting_phone_number",
        "phone_number": number,
        "phone_number_type": kind(number)[1],
        "porting_order_id": order.sid,
        "porting_order_status": order.status,
        "portability_status": "confirmed",
        "activation_status": _registry_status(order),
        "requirements_status": "approved",
    }


def comment_resource(order: PortOrder, comment: Comment) -> Json:
    """A comment as Telnyx describes it."""
    return {
        "record_type": "porting_comment",
        "id": comment.sid,
        "body": comment.body,
        "porting_order_id": order.sid,
        "user_type": comment.user_type,
        "created_at": iso(comment.created),
    }


def whole(order: PortOrder) -> Json:
    """An order with the address of all its numbers."""
    url = f"https://api.telnyx.com/v2/porting_phone_numbers?filter[porting_order_id]={order.sid}"
    return {"data": resource(order), "meta": {"phone_numbers_url": url}}
