"""Which numbers go in one order: carriers take together only what has the same rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from provisioning.contract.porting import NumberKind

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class OrderKey:
    """What the numbers of one order share.

    Account and authorised person are the form's and so the same for a whole project; the losing carrier is not known
    before filing, and a carrier that knows it splits the order by itself. `order_id` is the order that a correction
    is about: None for a first filing.
    """

    carrier: str
    country: str
    kind: NumberKind
    order_id: int | None = None


def grouped(items: Iterable[tuple[OrderKey, Item]], largest: Mapping[str, int]) -> list[list[Item]]:
    """The items by their key, in the order given, no group larger than its carrier takes (`largest` by name)."""
    groups: dict[OrderKey, list[Item]] = {}
    for key, item in items:
        groups.setdefault(key, []).append(item)
    return [
        group[first : first + largest[key.carrier]]
        for key, group in groups.items()
        for first in range(0, len(group), largest[key.carrier])
    ]
