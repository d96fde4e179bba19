"""The named points of a ledger entry, at each of which a worker may be killed or stopped."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from provisioning.contract.messaging import CannotTell
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.services import Services


class Point(StrEnum):
    """The points of an entry, in order. Before the claim and after the record it is the job that is cut off."""

    BEFORE_CLAIM = "before_claim"
    AFTER_CLAIM = "after_claim"
    AFTER_TRYING = "after_trying"
    AFTER_CALL = "after_call"
    BEFORE_RECORD = "before_record"
    AFTER_RECORD = "after_record"


Strike = Callable[[Point, EntryKind], None]


def watched(services: Services, strike: Strike) -> Services:
    """The services with `strike` called at each point that lies within a performer."""
    performers = {kind: _Watched(performer, kind, strike) for kind, performer in services.performers.items()}
    return replace(services, performers=performers)


class _Watched(Performer[Any]):
    def __init__(self, performer: Performer[Any], kind: EntryKind, strike: Strike) -> None:
        self._performer, self._kind, self._strike = performer, kind, strike

    def prepare(self, session: Session, entry: LedgerEntry) -> Any:  # noqa: ANN401 -- the performer's own
        self._strike(Point.AFTER_CLAIM, self._kind)
        return self._performer.prepare(session, entry)

    def call(self, services: Services, entry: LedgerEntry, prepared: Any) -> str:  # noqa: ANN401 -- the performer's own
        self._strike(Point.AFTER_TRYING, self._kind)
        reference = self._performer.call(services, entry, prepared)
        self._strike(Point.AFTER_CALL, self._kind)
        return reference

    def look(
        self,
        services: Services,
        entry: LedgerEntry,
        prepared: Any,  # noqa: ANN401 -- the performer's own
    ) -> str | CannotTell | None:
        return self._performer.look(services, entry, prepared)

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        self._strike(Point.BEFORE_RECORD, self._kind)
        self._performer.settle(session, services, entry, reference)

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        self._strike(Point.BEFORE_RECORD, self._kind)
        self._performer.refuse(session, services, entry, error)

    def give_back(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        self._performer.give_back(session, services, entry, reference)
