"""Ports away from a carrier: what another operator asks for, and what can be done against a request."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from provisioning.contract.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class PortOutTerms:
    """What holds for every number of our account at a carrier that is ported away.

    Another operator has to name `account_number` and `pin`, "" where we do not know them or, of the PIN, where each
    number has its own (`PortOuts.set_pin`). `disputing` says in English
    how our staff dispute a request, which has to be done within `dispute_within` of it.
    """

    account_number: str = ""
    pin: str = field(default="", repr=False)
    dispute_within: timedelta = timedelta(hours=24)
    disputing: str = "Write to the carrier’s support, or call it."


class PortOutStatus(StrEnum):
    """Where a request stands at the carrier. REFUSING: it has our refusal, and has not acted on it yet."""

    ASKED = "asked"
    REFUSING = "refusing"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class PortOutRequest:
    """The request of an `operator` ("" if unknown) for numbers (E.164) of ours; `reference` is the carrier's id of it.

    `leaves_on` is the day at the first number on which they are to leave, None without one.
    """

    reference: str
    numbers: tuple[str, ...]
    operator: str
    status: PortOutStatus
    leaves_on: date | None = None


class PortOuts(Protocol):
    """Requests of other operators, where a carrier's API tells of them. Every method may raise any `CarrierError`."""

    def recent(self, since: datetime) -> list[PortOutRequest | Unreadable]:
        """The requests that were made since then (aware UTC), whatever became of them, oldest first."""
        ...

    def set_pin(self, number: str, pin: str) -> None:
        """Have another operator name this PIN (digits) for a number (the carrier's id of it). Idempotent.

        How strictly a carrier, and the operator that asks, hold to it is theirs to say.
        """
        ...

    def refuse(self, reference: str, reason: str) -> None:
        """Have the carrier refuse a request, for a reason in English. Idempotent.

        Raises `Conflict` once it can no longer be refused.
        """
        ...
