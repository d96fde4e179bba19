"""Orders of numbers, which are filled some time after their answer.

https://developers.telnyx.com/api-reference/phone-number-orders
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from provisioning.carriers.telnyx import search
from provisioning.carriers.telnyx.client import Client, clock_of, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, moment, objects_of
from provisioning.contract.errors import Conflict

ORDERS = "/number_orders"
NOT_SEARCHED = "85000"
PENDING, SUCCESS = "pending", "success"

YOUNG: Final = timedelta(hours=1)
"""So long the number of a filled order may not be shown yet: how long that takes, is not published."""


class NumberOrders:
    """Places orders, each of one number under a tag of ours, and follows them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def place(self, number: str, tag: str, application: str, profile: str) -> str:
        """Order a number (E.164) that will point at these two; returns the order's id.

        Raises:
            Conflict: it is no longer for sale.
        """
        body = {
            "phone_numbers": [{"phone_number": number}],
            "connection_id": application,
            "messaging_profile_id": profile,
            "customer_reference": tag,
        }
        try:
            order = self._client.create(ORDERS, body)
        except Conflict as error:
            if error.code != NOT_SEARCHED or not search.show(self._client, number):
                raise
            order = self._client.create(ORDERS, body)
        with understood():
            return id_of(order, "id")

    def pending(self, number: str, tag: str) -> str:
        """The id of the order of a number under a tag that is not filled yet; "" if there is none."""
        with understood():
            orders = (order for order in self.under(tag) if order["status"] == PENDING and number in numbers_of(order))
            return next((id_of(order, "id") for order in orders), "")

    def is_filled(self, order: str) -> bool:
        """Whether an order is filled. Raises `Conflict` if it has failed, so that its number was not bought."""
        with understood():
            status = self._client.fetch(f"{ORDERS}/{order}")["status"]
        if status not in {PENDING, SUCCESS}:
            raise Conflict(f"the order of the number ended as {status!r}")
        return bool(status == SUCCESS)

    def is_young(self, order: str) -> bool:
        """Whether an order was placed within `YOUNG`, by the carrier's clock. One of which nothing tells it counts so.

        Its number may then be on its way still; of an older one it is gone.
        """
        with understood():
            found, headers = self._client.fetch_with_headers(f"{ORDERS}/{order}")
            placed, told = moment(found.get("created_at")), clock_of(headers)
        return placed is None or told is None or told < placed + YOUNG

    def under(self, tag: str) -> Iterator[Json]:
        """The orders under a tag, newest first."""
        found = self._client.fetch_each(ORDERS, {"customer_reference": tag})
        return (order for order in found if order.get("customer_reference") == tag)


def numbers_of(order: Json) -> list[str]:
    """The numbers (E.164) of an order."""
    return [str(line.get("phone_number")) for line in objects_of(order, "phone_numbers")]
