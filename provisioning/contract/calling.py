"""Outbound calls, and verified caller IDs: numbers at other carriers that they may show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from provisioning.contract.callbacks import CallEnded


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """Ring `recipient` for so many seconds, showing `sender`; who answers gets what `answer_url` says.

    The recipient is a number (E.164), one with its extension behind it (`+14155552671;ext=12`, RFC 3966), or a
    `browser_phone`, whose page gets the `parameters` too: a few short words.

    `status_url` hears of its end, and carries our own id, so that even a lost answer is found by its callback. The
    sender may be the caller of a call that came in with this `token`; else it is a number of ours or a verified one.

    `machine_url`, if it is set, hears some seconds after the pick-up whether a machine has answered (`PickedUp`).
    `answer_url` is not kept waiting for that. Only carriers whose `Prices` have a price for it can tell.
    """

    sender: str
    recipient: str
    answer_url: str
    status_url: str
    seconds: int = 30
    token: str = field(default="", repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)
    machine_url: str = ""


class Calling(Protocol):
    """Places calls and verifies caller IDs. Every method may raise any `CarrierError`."""

    def place(self, call: OutgoingCall) -> str:
        """Order a call. Not idempotent: the ledger prevents repetition.

        Returns the carrier's id of it, "" where its answer has none: then `CallPlaced` at the `status_url` tells it.
        """
        ...

    def find(self, call: OutgoingCall, since: datetime) -> list[str]:
        """Find the ids of calls ordered between the same two numbers since then (aware UTC), oldest first.

        A log may show a call only some seconds after it was ordered.
        """
        ...

    def ended(self, reference: str) -> CallEnded | None:
        """The end of a call that was placed, by the carrier's id; None while it goes on. Raises `NotFound`."""
        ...

    def prices(self, since: datetime) -> Mapping[str, Decimal]:
        """What calls that began since then (aware UTC) cost with all phones that they rang, by the carrier's id.

        In the currency of the price list. A call is left out until the carrier has told the price of each of its legs.
        """
        ...

    def take_elsewhere(self, reference: str, answer_url: str, status_url: str = "") -> None:
        """Take a call that waits or talks to what `answer_url` says. Raises `Conflict` if it is over.

        `status_url` hears of the end of a call that we placed. It is told anew, as carriers do not say whether that of
        the order still holds.
        """
        ...

    def end(self, reference: str) -> None:
        """End a call, whether it rings or goes on. Raises `Conflict` if it is over."""
        ...

    def pause_recording(self, reference: str) -> None:
        """Record nothing of a call until `resume_recording`. Raises `Conflict` if nothing of it is recorded now."""
        ...

    def resume_recording(self, reference: str) -> None:
        """Go on with a recording that was paused. Raises `Conflict` if there is none."""
        ...

    @property
    def reads_out_codes(self) -> bool:
        """Whether the code is read out to the person who is called, who then tells us; else they key one we know."""
        ...

    def begin_proof(self, number: str, name: str, status_url: str) -> str:
        """Have a customer's own number (E.164) called for a code; once that is proven, calls may show the number.

        Returns the code that has to be keyed there, "" where it is read out: then `finish_proof` takes it.

        Raises:
            Conflict: the number may be shown already.
        """
        ...

    def finish_proof(self, number: str, code: str) -> None:
        """Give the carrier the code that was read out. Raises `Refused` for a wrong one, or where codes are keyed."""
        ...

    def may_show(self, number: str) -> bool:
        """Whether calls may show this number (E.164), which is at another carrier."""
        ...

    def stop_showing(self, number: str) -> None:
        """Remove the verification of a number (E.164), so that it may no longer be shown. Idempotent."""
        ...
