"""Numbers we hold at a carrier: looking for one, buying it, pointing it at us, giving it back."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wanted:
    """What sort of number to look for: `country` ISO code, `near` an E.164 number, `area` a national area code."""

    country: str
    area: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Available:
    """A number for sale; it is not reserved, so buying it may still fail with `Conflict`."""

    number: str
    locality: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Where the carrier sends what happens on a number: absolute URLs of ours."""

    voice_url: str
    message_url: str
    call_status_url: str


@dataclass(frozen=True, slots=True)
class OwnedNumber:
    """A number of ours at the carrier: its id there, our `tag` on it, and the routing as the carrier has it."""

    reference: str
    number: str
    tag: str
    routing: Routing


class Numbers(Protocol):
    """Every method may raise any `CarrierError`."""

    def search(self, wanted: Wanted) -> list[Available]:
        """Numbers for sale, best first; widens by itself from area to neighbourhood to country."""
        ...

    def buy(self, number: str, tag: str, routing: Routing) -> OwnedNumber:
        """Buy exactly this number, tagged and routed in the same call. Raises `Conflict` when it is gone."""
        ...

    def find(self, number: str) -> OwnedNumber | None:
        """The number (E.164) as we hold it at the carrier, or None."""
        ...

    def owned(self) -> list[OwnedNumber]:
        """Every number in the account, whoever bought it."""
        ...

    def tagged(self, tag: str) -> OwnedNumber | None:
        """The number bought under this tag, or None: how a purchase whose answer was lost is found again."""
        ...

    def apply_routing(self, reference: str, routing: Routing) -> OwnedNumber:
        """Point a number at us and return it as read back. Idempotent."""
        ...

    def release(self, reference: str) -> None:
        """Give a number back. Giving back what is already gone is done, not an error."""
        ...
