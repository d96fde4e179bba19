"""Writing to a carrier's porting staff about an order, where it takes comments; theirs come with the order."""

from datetime import datetime
from typing import Protocol


class OrderComments(Protocol):
    """Writes comments. Every method may raise any `CarrierError`."""

    def write(self, reference: str, text: str, since: datetime) -> None:
        """Comment an order, in English. One that is there in the same words `since` then (aware) is not written twice.

        Raises `NotFound` when the carrier does not know the order.
        """
        ...
