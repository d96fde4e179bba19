"""Emergency addresses: where help is sent after an emergency call from a number."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from provisioning.contract.porting import Address


class EmergencyStatus(StrEnum):
    """The registration status of a number's emergency address; only REGISTERED is proof."""

    NONE = "none"
    PENDING = "pending"
    REGISTERED = "registered"
    REFUSED = "refused"


class Emergency(Protocol):
    """Registers emergency addresses. Every method may raise any `CarrierError`; `reference` is the carrier's id."""

    @property
    def countries(self) -> frozenset[str]:
        """Countries (ISO codes) whose numbers can have an emergency address at this carrier."""
        ...

    @property
    def numbers(self) -> Mapping[str, frozenset[str]]:
        """Emergency numbers (digits) that it takes calls to, by the country (ISO code) of the number that calls show.

        Only where its documents say so for calls like ours, of which a browser is one end; empty where they do not.
        """
        ...

    def register(self, reference: str, holder: str, address: Address) -> EmergencyStatus:
        """Register this address under this name, and return the status that the carrier shows. Idempotent.

        PENDING may also mean that another address is being taken off first: register again until it is REGISTERED.

        Raises:
            Refused: the carrier does not know the address.
        """
        ...

    def status(self, reference: str) -> EmergencyStatus:
        """The status that the carrier shows."""
        ...

    def forget(self, reference: str) -> None:
        """Remove the address from a number. A number without one, or that is gone, counts as done."""
        ...
