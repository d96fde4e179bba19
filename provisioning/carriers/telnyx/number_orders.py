"""Orders of numbers, which are filled some time after their answer.

https://developers.telnyx.com/api-reference/phone-number-orders
"""

from collections.abc import Iterator

from provisioning.carriers.telnyx import search
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, objects_of
from provisioning.contract.errors import Conflict

ORDERS = "/number_orders"
NOT_SEARCHED = "85000"
PENDING, SUCCESS = "pending", "success"


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

    def under(self, tag: str) -> Iterator[Json]:
        """The orders under a tag, newest first."""
        found = self._client.fetch_each(ORDERS, {"customer_reference": tag})
        return (order for order in found if order.get("customer_reference") == tag)


def numbers_of(order: Json) -> list[str]:
    """The numbers (E.164) of an order."""
    return [str(line.get("phone_number")) for line in objects_of(order, "phone_numbers")]
