"""Reads a porting order into a snapshot. Its status is that of each of its numbers.

https://developers.telnyx.com/api-reference/porting-orders
"""

import re
from collections.abc import Iterable
from datetime import UTC

from provisioning.carriers.telnyx.json_parts import Json, as_object, id_of, moment, objects_of, text_of
from provisioning.carriers.telnyx.porting_words import STATUSES, TEXTS_FAILED, reason_of
from provisioning.contract.porting import (
    Comment,
    CommittedDate,
    NumberSnapshot,
    OrderSnapshot,
    PortStatus,
    Precision,
    Reason,
    ReasonCode,
)
from provisioning.http import redacted
from provisioning.time_zones import zone_of

STAFF = "admin"
DIGITS = re.compile(r"\d{4,}")


def order_snapshot(order: Json, comments: Iterable[Json] = ()) -> OrderSnapshot:
    """Read an order, and what was written about it.

    Raises `KeyError` or `ValueError` where it is not as the carrier describes it.
    """
    word = word_of(order)
    return OrderSnapshot(
        reference=id_of(order, "id"),
        word=word,
        numbers=tuple(_number(order, word, number) for number in numbers_of(order)),
        support_ticket=str(order.get("support_key") or ""),
        filing=str(order.get("customer_reference") or ""),
        texts_failed=as_object(order.get("messaging") or {}).get("messaging_port_status") in TEXTS_FAILED,
        comments=tuple(_comment(one) for one in comments if one.get("user_type") == STAFF),
    )


def word_of(order: Json) -> str:
    """The carrier's own status of an order."""
    return text_of(as_object(order["status"]), "value")


def status_of(order: Json) -> PortStatus:
    """What that means. A confirmed date that is not told counts as none."""
    status = STATUSES.get(word_of(order), PortStatus.UNKNOWN)
    is_undated = status is PortStatus.SCHEDULED and not _foc(order)
    return PortStatus.WITH_LOSING_CARRIER if is_undated else status


def numbers_of(order: Json) -> list[str]:
    """The numbers (E.164) of an order; one holds no more than it shows, as `largest_order` says."""
    return [text_of(number, "phone_number") for number in objects_of(order, "phone_numbers")]


def can_bring_texts(order: Json) -> bool:
    """Whether the texts of its numbers can be ported too, and nobody has asked for that yet: else they stay behind."""
    texts = as_object(order.get("messaging") or {})
    return texts.get("messaging_capable") is True and not texts.get("enable_messaging")


def _comment(comment: Json) -> Comment:
    """A comment without its digits, which may be an account number or a PIN."""
    return Comment(id_of(comment, "id"), DIGITS.sub("…", redacted(text_of(comment, "body"))))


def _number(order: Json, word: str, number: str) -> NumberSnapshot:
    status = status_of(order)
    return NumberSnapshot(number, status, word, committed=_committed(order, number), reasons=_reasons(order, status))


def _foc(order: Json) -> object:
    """The firm order commitment: the moment that the losing carrier agreed to."""
    return as_object(order.get("activation_settings") or {}).get("foc_datetime_actual")


def _committed(order: Json, number: str) -> CommittedDate | None:
    written = _foc(order)
    if not written:
        return None
    at = moment(written)
    if at is None:
        raise ValueError("a date that is none")
    return CommittedDate(at.astimezone(zone_of(number)).date(), Precision.INSTANT, at.astimezone(UTC))


def _reasons(order: Json, status: PortStatus) -> tuple[Reason, ...]:
    details = objects_of(as_object(order["status"]), "details")
    told = tuple(reason_of(str(one.get("code") or ""), str(one.get("description") or "")) for one in details)
    return told or ((Reason(ReasonCode.OTHER),) if status is PortStatus.REJECTED else ())
