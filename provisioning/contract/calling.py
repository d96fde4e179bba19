"""Calls out through a carrier, and numbers of others that may be shown on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """Ring `recipient` for so many seconds, showing `sender`; who answers gets what `answer_url` says.

    The recipient is a number (E.164), or one with its extension behind it (`+14155552671;ext=12`, RFC 3966).

    `status_url` hears of its end, and carries our own id, so that even a lost answer is found by its callback.
    """

    sender: str
    recipient: str
    answer_url: str
    status_url: str
    seconds: int = 30


class Calling(Protocol):
    """Every method may raise any `CarrierError`."""

    def place(self, call: OutgoingCall) -> str:
        """Have a phone rung; the carrier's id of the call. Not idempotent: the ledger stands in front."""
        ...

    def find(self, call: OutgoingCall, since: datetime) -> list[str]:
        """Ids of calls ordered between the same two since then (aware UTC), oldest first."""
        ...

    def prove_number(self, number: str, name: str, status_url: str) -> str:
        """Have a number of somebody's (E.164) called, who keys a code; the code. Once keyed, the number may be shown.

        Raises:
            Conflict: the number may be shown already.
        """
        ...

    def may_show(self, number: str) -> bool:
        """Whether a number that does not live here (E.164) may be shown on calls."""
        ...

    def stop_showing(self, number: str) -> None:
        """Have the proof of a number (E.164) forgotten, so that it may be shown no more. Idempotent."""
        ...
