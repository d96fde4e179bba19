"""The worklist of our porting desk: the orders that staff carry out by hand."""

from datetime import datetime
from typing import Protocol

from provisioning.contract.porting import Filing, OrderSnapshot


class Worklist(Protocol):
    """Orders for the porting desk, by the reference of their filing, with the answers that the desk enters."""

    def put(self, filing: Filing) -> OrderSnapshot:
        """Put a filing on the worklist. A known reference changes nothing and returns its order."""
        ...

    def read(self, reference: str) -> OrderSnapshot | None:
        """Read an order, or None."""
        ...

    def since(self, moment: datetime) -> list[str]:
        """References of the orders put on the worklist since then (aware UTC), oldest first."""
        ...

    def correct(self, reference: str, filing: Filing) -> None:
        """Have the filing's numbers processed again, with its data."""
        ...

    def cancel(self, reference: str, numbers: tuple[str, ...]) -> None:
        """Have the desk cancel these numbers of an order."""
        ...
