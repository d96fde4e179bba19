"""Number orders as Telnyx describes them, in answers and in events."""

from sandbox.exchange import Exchange
from sandbox.ordering.records import NumberOrder, OrderedNumber
from sandbox.scenarios import country, is_toll_free
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.events import tell_account


def tell_order(exchange: Exchange, order: NumberOrder) -> None:
    """Tell the account that an order is complete."""
    tell_account(exchange, order.account_sid, "number_order.complete", resource(order))


def resource(order: NumberOrder) -> Json:
    """An order as Telnyx describes it."""
    return {
        "id": order.sid,
        "record_type": "number_order",
        "phone_numbers_count": len(order.numbers),
        "phone_numbers": [_line(line) for line in order.numbers],
        "connection_id": order.settings.get("voice_application_sid", ""),
        "messaging_profile_id": order.service_sid,
        "billing_group_id": order.settings.get("billing_group_id", ""),
        "sub_number_orders_ids": [],
        "status": order.status,
        "customer_reference": order.reference,
        "created_at": iso(order.created),
        "updated_at": iso(order.updated),
        "requirements_met": True,
    }


def _line(line: OrderedNumber) -> Json:
    return {
        "id": line.sid,
        "record_type": "number_order_phone_number",
        "phone_number": line.phone_number,
        "country_code": country(line.phone_number) or "US",
        "country_iso_alpha2": country(line.phone_number) or "US",
        "phone_number_type": "toll_free" if is_toll_free(line.phone_number) else "local",
        "regulatory_requirements": [],
        "requirements_met": True,
        "requirements_status": "approved",
        "status": line.status,
    }
