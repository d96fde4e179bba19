"""How calls of a registered business show at those called: its name, that the number is its own, and no "spam".

Each is registered by itself, over a business that the carrier has approved (`registration.py`), and holds for the
numbers that have joined it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from provisioning.contract.registration import BusinessKind, Registered

LONGEST_CALLER_NAME: Final = 15
"""Characters of a caller name (CNAM), as the American operators' databases hold it."""


class CallerService(StrEnum):
    """What can be registered of calls.

    NAME is shown with a call (CNAM). SIGNATURE: operators vouch for the number (STIR/SHAKEN, level A). LABELS: their
    filters know whose calls they are, so that they do not label them as spam.
    """

    NAME = "caller_name"
    SIGNATURE = "call_signature"
    LABELS = "call_labels"


@dataclass(frozen=True, slots=True)
class Caller:
    """What is asked for.

    For NAME: a `name` of letters, digits, spaces, periods and commas that begins with a letter. For LABELS: how many
    people work there, and how many calls they place on a business day.
    """

    name: str = ""
    employees: int = 0
    calls_a_day: int = 0


class CallerTrust(Protocol):
    """The facet. Every method may raise any `CarrierError`.

    After a lost answer `find` tells whether it was entered; entering again with the same `tag` goes on where the lost
    one stopped.
    """

    @property
    def offered(self) -> Mapping[BusinessKind, frozenset[CallerService]]:
        """What can be registered here for a kind of business; a kind that is missing has nothing."""
        ...

    def enter(self, service: CallerService, business: str, caller: Caller, tag: str, news_url: str = "") -> str:
        """Register it over a business (the carrier's reference); its reference. A refused one is corrected.

        The carrier reports to `news_url` that it has changed. Raises `Refused` for what it refuses at once.
        """
        ...

    def find(self, tag: str) -> Registered | None:
        """What was entered with this tag."""
        ...

    def state(self, reference: str) -> Registered:
        """Where it stands. Raises `NotFound`."""
        ...

    def numbers(self, reference: str) -> frozenset[str]:
        """The numbers (the carrier's references) that have joined it."""
        ...

    def join(self, reference: str, number: str) -> None:
        """Let a number of our account join it. Idempotent."""
        ...

    def leave(self, reference: str, number: str) -> None:
        """Take a number out of it. Idempotent."""
        ...
