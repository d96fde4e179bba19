"""Our account at a carrier: whether it takes our credentials, and whether it lets us text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account as the carrier has it. `trouble` is the carrier's word for what is wrong with it, "" when nothing is.

    `clock` is the carrier's own time of day (aware UTC, whole seconds) at its answer, None where it told none.
    """

    trouble: str
    clock: datetime | None


class Registration(StrEnum):
    """How far the registration of our texts is, where a country wants one; MISSING when none was ever entered."""

    MISSING = "missing"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Account(Protocol):
    """Every method may raise any `CarrierError`; `Broken` when the carrier does not accept our credentials."""

    def state(self) -> AccountState:
        """Ask for the account itself: the cheapest question that needs our credentials."""
        ...

    def text_registration(self) -> Registration:
        """How far the registration is that our texts leave under."""
        ...
