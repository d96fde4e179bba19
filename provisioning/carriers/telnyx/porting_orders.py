"""Reads a porting order into a snapshot. Its status is that of each of its numbers.

https://developers.telnyx.com/api-reference/porting-orders
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from provisioning.carriers.telnyx.activation import activation_of
from provisioning.carriers.telnyx.json_parts import Json, as_object, id_of, moment, objects_of, text_of
from provisioning.carriers.telnyx.porting_words import JOB_STATUSES, STATUSES, TEXTS_FAILED, reason_of
from provisioning.contract.activation import Activation
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


JOB_WORD = "activation {status}"
"""The word of an order whose job has begun, or failed."""


def order_snapshot(order: Json, comments: Iterable[Json] = (), job: Json | None = None) -> OrderSnapshot:
    """Read an order, what was written about it, and the job that brings its numbers if it has a date and one.

    Raises `KeyError` or `ValueError` where it is not as the carrier describes it.
    """
    named = numbers_of(order)
    activation = activation_of(job, named[0]) if job and _is_waiting(job) else None
    numbers = tuple(_number(order, number, job) for number in named)
    return OrderSnapshot(
        reference=id_of(order, "id"),
        word=word_of(order),
        numbers=tuple(_chosen(number, activation) for number in numbers) if activation else numbers,
        support_ticket=str(order.get("support_key") or ""),
        filing=str(order.get("customer_reference") or ""),
        texts_failed=as_object(order.get("messaging") or {}).get("messaging_port_status") in TEXTS_FAILED,
        comments=tuple(_comment(one) for one in comments if one.get("user_type") == STAFF),
        activation=activation,
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


def _is_waiting(job: Json) -> bool:
    return JOB_STATUSES.get(text_of(job, "status")) is PortStatus.SCHEDULED


def _number(order: Json, number: str, job: Json | None) -> NumberSnapshot:
    """One number. Of a dated order whose job is under way, the job tells how far it is."""
    status, word = status_of(order), word_of(order)
    if job and not _is_waiting(job):
        status = JOB_STATUSES.get(text_of(job, "status"), PortStatus.UNKNOWN)
        word = JOB_WORD.format(status=text_of(job, "status"))
    return NumberSnapshot(number, status, word, committed=_committed(order, number), reasons=_reasons(order, status))


def _chosen(number: NumberSnapshot, activation: Activation) -> NumberSnapshot:
    """A number with the moment at which its job begins, in place of the one that the losing carrier agreed to."""
    return replace(number, committed=_at(activation.at, number.number))


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
    return _at(at, number)


def _at(at: datetime, number: str) -> CommittedDate:
    return CommittedDate(at.astimezone(zone_of(number)).date(), Precision.INSTANT, at.astimezone(UTC))


def _reasons(order: Json, status: PortStatus) -> tuple[Reason, ...]:
    details = objects_of(as_object(order["status"]), "details")
    told = tuple(reason_of(str(one.get("code") or ""), str(one.get("description") or "")) for one in details)
    return told or ((Reason(ReasonCode.OTHER),) if status is PortStatus.REJECTED else ())
