"""What a carrier that brings numbers in can do: filing orders and following them."""

from datetime import datetime
from typing import Protocol

from provisioning.contract.porting import (
    CancelAnswer,
    ChangeAnswer,
    Filing,
    OrderSnapshot,
    Portability,
    PortingCapabilities,
)


class Porting(Protocol):
    """Filing orders at a carrier and following them. Every method may raise any `CarrierError`."""

    @property
    def capabilities(self) -> PortingCapabilities:
        """This carrier's rules, as data."""
        ...

    def check(self, number: str) -> Portability:
        """Ask whether a number (E.164) can be brought in. "No" is an answer, not an error."""
        ...

    def submit(self, filing: Filing) -> list[OrderSnapshot]:
        """File the order; the carrier may make several of it. Not idempotent: the ledger stands in front."""
        ...

    def find(self, filing: Filing, since: datetime) -> list[OrderSnapshot]:
        """Look for the orders a filing of ours may have made since then (aware UTC); empty when there are none."""
        ...

    def fetch(self, reference: str) -> OrderSnapshot:
        """Read an order by the carrier's reference. Raises `NotFound` when the carrier does not know it."""
        ...

    def recent(self, since: datetime) -> list[str]:
        """References of the orders made since then (aware UTC), oldest first: what a lost callback is found by."""
        ...

    def supplement(self, reference: str, filing: Filing) -> ChangeAnswer:
        """Send the corrected data for a rejected order, or say that this carrier wants it filed anew."""
        ...

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Ask to cancel the order, or only some of its numbers."""
        ...
