"""The porting facet of a carrier: filing orders and following them."""

from datetime import datetime
from typing import Protocol

from provisioning.contract.porting import CancelAnswer, ChangeAnswer, Filing, OrderSnapshot, Portability
from provisioning.contract.porting_rules import PortingCapabilities


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
        """File the order, which the carrier may split. Not idempotent: the ledger prevents repetition.

        Some carriers make drafts of it, each of which has to be completed.
        """
        ...

    def complete(self, reference: str, filing: Filing) -> None:
        """Fill in a draft and send it; an order that is no draft stays as it is.

        However far it came before an answer was lost, it can be called again. A draft that is refused stays a draft,
        for `supplement`. Raises `NotFound` as `fetch` does.
        """
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
        """Send corrected data for a draft or a rejected order, or answer that this carrier needs a new filing.

        It can be called again after an answer was lost.
        """
        ...

    def cancel(self, reference: str, numbers: tuple[str, ...] = ()) -> CancelAnswer:
        """Cancel the order, or some of its numbers. A draft may be gone afterwards: `fetch` raises `NotFound`."""
        ...
