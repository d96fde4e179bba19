"""The moment at which an order brings its numbers in, where the carrier lets us choose it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Window:
    """A span (aware UTC) in which the moment may lie, both ends included."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Activation:
    """When the numbers of an order come, while that can be chosen: `at` (aware UTC), a moment in one of the `windows`.

    If nobody chooses, it is what the carrier has set. `on_demand`: within a window they can be brought in at once.
    """

    at: datetime
    windows: tuple[Window, ...]
    on_demand: bool = False


class Activations(Protocol):
    """Chooses the moment. Both can be called again after an answer was lost, and may raise any `CarrierError`.

    `Refused` and `Conflict` mean that it stays as it was; `NotFound` that the order has no moment to choose.
    """

    def choose(self, reference: str, at: datetime) -> None:
        """Have the numbers of an order come at a moment (aware UTC) in one of its windows."""
        ...

    def start(self, reference: str) -> None:
        """Have the numbers of an order come now. One that has begun goes on."""
        ...
