"""Where help is sent when somebody calls for it from a number."""

from enum import StrEnum
from typing import Protocol

from provisioning.contract.porting import Address


class EmergencyStatus(StrEnum):
    """How far a number's emergency address is; only REGISTERED is proof."""

    NONE = "none"
    PENDING = "pending"
    REGISTERED = "registered"
    REFUSED = "refused"


class Emergency(Protocol):
    """Every method may raise any `CarrierError`; `reference` is the carrier's id of the number."""

    @property
    def countries(self) -> frozenset[str]:
        """Where numbers have such an address at this carrier: ISO codes."""
        ...

    def register(self, reference: str, holder: str, address: Address) -> EmergencyStatus:
        """Have help sent to this address, under this name, and say what the carrier shows now. Idempotent.

        PENDING may also mean that another address is being taken off first: register again until it is REGISTERED.

        Raises:
            Refused: the carrier does not know the address.
        """
        ...

    def status(self, reference: str) -> EmergencyStatus:
        """What the carrier shows now."""
        ...

    def forget(self, reference: str) -> None:
        """Take the address off the number; one that has none, or is not there any more, is done."""
        ...
