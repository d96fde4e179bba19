"""A record of a carrier's that cannot be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a list for one record: nothing is known of it, and the others count all the same.

    `reference` is the carrier's id of it, "" where even that is odd; `why` holds no customer data.
    """

    reference: str
    why: str
