"""Numbers at a carrier: searching, buying, routing and releasing them."""

from dataclasses import dataclass
from typing import Protocol

from provisioning.contract.porting import NumberKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """The number to search for: `country` is an ISO code, `near` an E.164 number, `area` a national area code."""

    country: str
    area: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """Numbers that a customer wants to choose from; every criterion that is given has to match.

    `country` is an ISO code, `kind` is LOCAL or TOLL_FREE, `area` a national area code, `town` a city's name, and
    `contains` has 2 to 16 digits, letters as on the keys of a telephone, or `*` for any one digit.
    """

    country: str
    kind: NumberKind = NumberKind.LOCAL
    area: str = ""
    town: str = ""
    contains: str = ""


@dataclass(frozen=True, slots=True)
class Available:
    """A number for sale; it is not reserved, so buying it may still fail with `Conflict`."""

    number: str
    locality: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Our absolute URLs to which the carrier sends calls, messages and the ends of calls of a number.

    They stand where a carrier has them: on the number, or on what numbers point at, such as an application for calls
    and a profile for texts. Numbers of different businesses share nothing there that a STOP to one of them changes.
    """

    voice_url: str
    message_url: str
    call_status_url: str


@dataclass(frozen=True, slots=True)
class OwnedNumber:
    """A number of our account: the carrier's id of it, our `tag`, its present routing, and whether it carries texts."""

    reference: str
    number: str
    tag: str
    routing: Routing
    carries_texts: bool


class Numbers(Protocol):
    """Searches, buys, routes and releases numbers. Every method may raise any `CarrierError`."""

    def search(self, wanted: Wanted) -> list[Available]:
        """Search numbers for sale, nearest first: in the area, else around it, else in the country."""
        ...

    def choices(self, sought: Sought) -> list[Available]:
        """Numbers for sale with calls and texts that match exactly; none where the carrier sells no such numbers."""
        ...

    def buy(self, number: str, tag: str, routing: Routing) -> OwnedNumber:
        """Buy this number, tagged and routed from its first moment.

        A carrier may fill an order some time after it was placed; while one under this tag waits, no other is placed.

        Raises:
            Conflict: the number is no longer for sale.
            Unavailable: the outcome is not known yet, such as that of an order; `tagged` will tell it.
        """
        ...

    def find(self, number: str) -> OwnedNumber | None:
        """Find a number (E.164) that works in our account. None: not yet, not now, released, or ported away."""
        ...

    def is_gone(self, number: str) -> bool:
        """Whether a number (E.164) that was in our account certainly no longer is: released, or ported away.

        `find` also misses one that is there and does not work, as while the carrier examines it.
        """
        ...

    def owned(self) -> list[OwnedNumber]:
        """List every number of the account."""
        ...

    def tagged(self, tag: str) -> OwnedNumber | None:
        """Find the number bought under this tag, or None. It finds a purchase whose answer was lost.

        Raises `Unavailable` while an order under this tag is not filled, or its number does not work yet: nothing may
        be bought in its place.
        """
        ...

    def apply_routing(self, reference: str, routing: Routing) -> OwnedNumber:
        """Set the routing of a number, and return the number as read back. Idempotent."""
        ...

    def release(self, reference: str) -> None:
        """Release a number. A number that is gone counts as released. `Unavailable`: not yet, try again later."""
        ...
