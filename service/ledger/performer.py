"""What it takes to do one kind of ledger entry; `service/handlers.py:PERFORMERS` says which class does which kind."""

from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from provisioning.contract.messaging import CannotTell
from service.ledger.models import LedgerEntry
from service.services import Services

T = TypeVar("T")


class Performer(Protocol[T]):
    """How one kind of entry is done, looked up, and recorded. Each part is short and does one thing."""

    def prepare(self, session: Session, entry: LedgerEntry) -> T:
        """Read what the call needs, and what is so by now (a recipient may have sent STOP)."""
        ...

    def call(self, services: Services, entry: LedgerEntry, prepared: T) -> str:
        """Do it, outside any transaction; returns the carrier's reference. Raises `CarrierError`."""
        ...

    def look(self, services: Services, entry: LedgerEntry, prepared: T) -> str | CannotTell | None:
        """After an unclear outcome: the carrier's reference if it was done, None if it was certainly not done."""
        ...

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Write the consequences of its being done."""
        ...

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Write the consequences of the carrier's refusal."""
        ...

    def give_back(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Undo what was done a second time, where a carrier can. As a rule it cannot: what was sent is sent."""
        return
