"""The records of number orders."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class OrderStatus(StrEnum):
    """The states of an order and of each of its numbers."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(slots=True)
class OrderedNumber:
    """A number of an order. Its sid is the line's, not that of the number that arrives."""

    sid: str
    phone_number: str
    status: OrderStatus = OrderStatus.PENDING


@dataclass(slots=True)
class NumberOrder:
    """An order of numbers, which take over its `settings` (in snake case) and messaging service."""

    sid: str
    account_sid: str
    numbers: list[OrderedNumber]
    created: datetime
    updated: datetime
    settings: dict[str, str] = field(default_factory=dict)
    service_sid: str = ""
    reference: str = ""
    status: OrderStatus = OrderStatus.PENDING
