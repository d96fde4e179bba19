"""Which numbers can go in one order: carriers accept only numbers with the same rules together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from provisioning.contract.porting import NumberKind

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class OrderKey:
    """What the numbers of one order share.

    Account and authorized person are the same for a whole project. The losing carrier is not known before filing; a
    carrier that knows it splits the order by itself. `order_id` is the order that a correction is for, None for a first
    filing.
    """

    carrier: str
    country: str
    kind: NumberKind
    order_id: int | None = None


def grouped(items: Iterable[tuple[OrderKey, Item]], largest: Mapping[str, int]) -> list[list[Item]]:
    """Group the items by key, in the given order, with no group larger than `largest` of its carrier (by name)."""
    groups: dict[OrderKey, list[Item]] = {}
    for key, item in items:
        groups.setdefault(key, []).append(item)
    return [
        group[first : first + largest[key.carrier]]
        for key, group in groups.items()
        for first in range(0, len(group), largest[key.carrier])
    ]
