"""Ports away from a carrier: what another operator asks for, and what can be done against a request."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class PortOutTerms:
    """What holds for every number of our account at a carrier that is ported away.

    Another operator has to name `account_number` and `pin`, "" where we do not know them. `disputing` says in English
    how our staff dispute a request, which has to be done within `dispute_within` of it.
    """

    account_number: str = ""
    pin: str = field(default="", repr=False)
    dispute_within: timedelta = timedelta(hours=24)
    disputing: str = "Write to the carrier’s support, or call it."
