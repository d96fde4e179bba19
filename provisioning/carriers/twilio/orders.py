"""Reads a port-in request into a snapshot.

The statuses of the numbers count. The request's own status is `Completed` as soon as every number is completed or
canceled, so it decides only what the numbers do not show.
https://www.twilio.com/docs/phone-numbers/port-in/port-in-requests
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, cast

from twilio.rest.numbers.v1.porting_port_in import PortingPortInInstance

from provisioning.carriers.twilio.vocabulary import evened, port_reason, port_status
from provisioning.contract.porting import (
    CommittedDate,
    NumberSnapshot,
    OrderSnapshot,
    PortStatus,
    Precision,
    Reason,
    ReasonCode,
)
from provisioning.time_zones import zone_of

Item = Mapping[str, Any]

NOT_YET_WITH_CARRIER = frozenset({PortStatus.IN_REVIEW, PortStatus.AWAITING_SIGNATURE})
OPEN = NOT_YET_WITH_CARRIER | {PortStatus.WITH_LOSING_CARRIER, PortStatus.SCHEDULED, PortStatus.CANCEL_REQUESTED}

# a request's status, with the number statuses that it overrides
OVERRULED = {
    "waiting_for_signature": (PortStatus.AWAITING_SIGNATURE, frozenset({PortStatus.IN_REVIEW})),
    "expired": (PortStatus.EXPIRED, NOT_YET_WITH_CARRIER | {PortStatus.CANCELED}),  # numbers have no such status
    "canceled": (PortStatus.CANCELED, OPEN),
}


def items(order: PortingPortInInstance) -> list[Item]:
    """The numbers of a request, which are plain dicts despite the SDK's annotation."""
    return cast("list[Item]", order.phone_numbers or [])


def order_snapshot(order: PortingPortInInstance) -> OrderSnapshot:
    """Read a request. Raises `KeyError`, `TypeError` or `ValueError` where it violates the carrier's schema."""
    if not order.port_in_request_sid:
        raise ValueError("a request without a sid")
    return OrderSnapshot(
        reference=order.port_in_request_sid,
        word=str(order.port_in_request_status or ""),
        numbers=tuple(_number(item, order) for item in items(order)),
        signature_url=order.signature_request_url or None,
        support_ticket=str(order.support_ticket_id or ""),
        addresses=_addresses(order),
    )


def committed_date(written: str | None, number: str) -> CommittedDate | None:
    """Read `port_date`. The carrier writes a day without a time as midnight UTC, which is read as a day.

    Raises `ValueError` for what is neither a day nor an ISO 8601 instant.
    """
    if not written:
        return None
    at = datetime.fromisoformat(written)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at.time() == time.min:
        return CommittedDate(at.date())
    return CommittedDate(at.astimezone(zone_of(number)).date(), Precision.INSTANT, at)


def _addresses(order: PortingPortInInstance) -> tuple[str, ...]:
    holder = cast("Mapping[str, str]", order.losing_carrier_information or {})
    addresses = [holder.get("authorized_representative_email"), *(order.notification_emails or [])]
    return tuple(address for address in addresses if address)


def _number(item: Item, order: PortingPortInInstance) -> NumberSnapshot:
    number: str = item["phone_number"]
    word = str(item.get("port_in_phone_number_status") or "")
    committed = committed_date(item.get("port_date"), number)
    status = _overruled(_status(item, word, committed), order)
    return NumberSnapshot(
        number=number,
        status=status,
        word=word,
        reference=str(item.get("port_in_phone_number_sid") or ""),
        committed=committed,
        reasons=_reasons(item, status, order),
    )


def _status(item: Item, word: str, committed: CommittedDate | None) -> PortStatus:
    if item.get("portable") is False:
        return PortStatus.NOT_PORTABLE
    status = port_status(word)
    if status is PortStatus.SCHEDULED and committed is None:
        return PortStatus.WITH_LOSING_CARRIER
    return status


def _overruled(status: PortStatus, order: PortingPortInInstance) -> PortStatus:
    overruling, numbers_at = OVERRULED.get(evened(order.port_in_request_status), (status, OPEN))
    return overruling if status in numbers_at else status


def _reasons(item: Item, status: PortStatus, order: PortingPortInInstance) -> tuple[Reason, ...]:
    # the portability check spells the first pair of fields differently
    if status is PortStatus.NOT_PORTABLE:
        return (port_reason(item.get("not_portability_reason_code"), item.get("not_portability_reason")),)
    if item.get("rejection_reason") or item.get("rejection_reason_code"):
        return (port_reason(item.get("rejection_reason_code"), item.get("rejection_reason")),)
    if status is PortStatus.REJECTED:
        return (Reason(ReasonCode.OTHER),)
    if status in {PortStatus.CANCELED, PortStatus.EXPIRED} and order.order_cancellation_reason:
        return (Reason(ReasonCode.OTHER, carrier_text=order.order_cancellation_reason),)
    return ()
