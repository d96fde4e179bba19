"""The porting facet of a carrier: filing orders and following them."""

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
    """Files orders and follows them. Every method may raise any `CarrierError`."""

    @property
    def capabilities(self) -> PortingCapabilities:
        """This carrier's porting rules."""
        ...

    def check(self, number: str) -> Portability:
        """Check whether a number (E.164) can be ported in. "No" is an answer, not an error."""
        ...

    def submit(self, filing: Filing) -> list[OrderSnapshot]:
        """File the order, which the carrier may split. Not idempotent: the ledger prevents repetition."""
        ...

    def find(self, filing: Filing, since: datetime) -> list[OrderSnapshot]:
        """Find the orders that a filing of ours may have created since then (aware UTC).

        An order for the same numbers that another customer filed is not among them.
        """
        ...

    def fetch(self, reference: str) -> OrderSnapshot:
        """Read an order by the carrier's reference. Raises `NotFound` when the carrier does not know it."""
        ...

    def recent(self, since: datetime) -> list[str]:
        """References of the orders made since then (aware UTC), oldest first: they show lost callbacks."""
        ...

    def supplement(self, reference: str, filing: Filing) -> ChangeAnswer:
        """Send corrected data for a rejected order, or answer that this carrier needs a new filing."""
        ...

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Cancel the order, or some of its numbers."""
        ...
