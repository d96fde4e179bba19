"""What the trade's registries tell of a number that is somebody else's."""

from typing import Protocol


class Lookup(Protocol):
    """Every method may raise any `CarrierError`. Carriers charge for each question: ask once, keep the answer."""

    def operator_of(self, number: str) -> str:
        """Name of the operator a number (E.164) is at, as the registry writes it; "" when that is not known."""
        ...
