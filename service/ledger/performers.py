"""How a kind of effect is done, and who does which."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from service.ledger.models import Effect, EffectKind
from service.queue import Lane
from service.services import Services

T = TypeVar("T")
P = TypeVar("P", bound=type[Any])


class Performer(Protocol[T]):
    """How one kind of effect is done, found again, and written down. Each part is short and does one thing."""

    def prepare(self, session: Session, effect: Effect) -> T | None:
        """Read what the call needs. None calls it off, which only an effect never tried before (`tries` 1) may be."""
        ...

    def call(self, services: Services, effect: Effect, prepared: T) -> str:
        """Do it, outside any transaction; the carrier's reference. Raises `CarrierError`."""
        ...

    def look(self, services: Services, effect: Effect, prepared: T) -> str | None:
        """After an unclear outcome: the reference if it was done after all, None if it surely was not."""
        ...

    def settle(self, session: Session, services: Services, effect: Effect, reference: str) -> None:
        """It is done: write the consequences."""
        ...

    def refuse(self, session: Session, services: Services, effect: Effect, error: CarrierError) -> None:
        """The carrier said no for good: write the consequences."""
        ...


class Posting(NamedTuple):
    """A performer and the lane it works in."""

    performer: Performer[Any]
    lane: Lane


POSTINGS: dict[EffectKind, Posting] = {}
"""Who performs what; a house rule wants every kind here."""


def performs(kind: EffectKind, lane: Lane) -> Callable[[P], P]:
    """Class decorator: this class performs that kind of effect, in that lane."""

    def register(performer: P) -> P:
        if kind in POSTINGS:
            raise ValueError(f"{kind} has a performer already")
        POSTINGS[kind] = Posting(performer(), lane)
        return performer

    return register
