"""Which numbers go in one order: carriers take together only what has the same rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from provisioning.contract.porting import NumberKind

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Kin:
    """What the numbers of one order share.

    Account and authorised person are the form's and so the same for a whole project; the losing carrier is not known
    before filing, and a carrier that knows it splits the order by itself. `order_id` is the order that a correction
    is about: None for a first filing.
    """

    carrier: str
    country: str
    kind: NumberKind
    order_id: int | None = None


def grouped(things: Iterable[tuple[Kin, Thing]], largest: Mapping[str, int]) -> list[list[Thing]]:
    """The things by their kin, in the order given, no group larger than its carrier takes (`largest` by name)."""
    groups: dict[Kin, list[Thing]] = {}
    for kin, thing in things:
        groups.setdefault(kin, []).append(thing)
    return [
        group[first : first + largest[kin.carrier]]
        for kin, group in groups.items()
        for first in range(0, len(group), largest[kin.carrier])
    ]
