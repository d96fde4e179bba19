"""Number lookups in the registries of operators."""

from typing import Protocol


class Lookup(Protocol):
    """Looks numbers up. Every method may raise any `CarrierError`. Carriers charge for each lookup: keep the answer."""

    def operator_of(self, number: str) -> str:
        """The name of the operator of a number (E.164), as the registry writes it, or "" if unknown."""
        ...
