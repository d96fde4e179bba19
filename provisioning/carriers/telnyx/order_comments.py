"""Comments on porting orders: https://developers.telnyx.com/api-reference/porting-orders/create-a-comment-for-a-porting-order."""

from datetime import datetime

from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, moment, text_of
from provisioning.carriers.telnyx.porting_orders import STAFF
from provisioning.carriers.telnyx.porting_words import ORDERS


class TelnyxOrderComments:
    """Comments of ours, which the carrier's staff read and answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, reference: str, text: str, since: datetime) -> None:
        """Comment an order, unless an earlier try did whose answer was lost."""
        path = f"{ORDERS}/{reference}/comments"
        with understood():
            ours = [one for one in self._client.fetch_each(path) if one.get("user_type") != STAFF]
            written = any(text_of(one, "body") == text and _is_of(one, since - LEEWAY) for one in ours)
        if not written:
            self._client.create(path, {"body": text})


def _is_of(comment: Json, since: datetime) -> bool:
    """Whether a comment is of that time; one without a date may be."""
    made_at = moment(comment.get("created_at"))
    return made_at is None or made_at >= since
