"""Our account at a carrier: whether our credentials are accepted, and whether we may send texts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account at the carrier. `trouble` is the carrier's word for what is wrong with it, or "".

    `clock` is the carrier's time at its answer (aware UTC, whole seconds), or None if the answer had none.
    """

    trouble: str
    clock: datetime | None


class TextRegistration(StrEnum):
    """The status of the registration that a country requires for texts; MISSING if there is none."""

    MISSING = "missing"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Account(Protocol):
    """Every method may raise any `CarrierError`: `Broken` if the carrier does not accept our credentials."""

    def state(self) -> AccountState:
        """Fetch the account, which is the cheapest request that needs our credentials."""
        ...

    def text_registration(self, pool: str = "") -> TextRegistration:
        """The status of the registration of a pool (the carrier's id of it), "" for that of our installation."""
        ...

    def toll_free_verification(self, reference: str) -> TextRegistration:
        """The status of a toll-free number's own verification; `reference` is the carrier's id of the number."""
        ...
