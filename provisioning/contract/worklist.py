"""The worklist of our own porting desk: the memory of a carrier whose orders people work by hand."""

from datetime import datetime
from typing import Protocol

from provisioning.contract.porting import Filing, OrderSnapshot


class Worklist(Protocol):
    """Orders for the desk, known by the filing's own reference. What the desk writes is read back from here."""

    def put(self, filing: Filing) -> OrderSnapshot:
        """Lay a filing before the desk. The same reference again changes nothing and returns the order as it is."""
        ...

    def read(self, reference: str) -> OrderSnapshot | None:
        """An order as the desk has it now, or None."""
        ...

    def since(self, moment: datetime) -> list[str]:
        """References of the orders put since then (aware UTC), oldest first."""
        ...

    def correct(self, reference: str, filing: Filing) -> None:
        """The filing's numbers are to be worked again, with its data."""
        ...

    def cancel(self, reference: str, numbers: tuple[str, ...]) -> None:
        """Ask the desk to cancel these numbers of an order."""
        ...
