"""Ports away from Telnyx (https://developers.telnyx.com/docs/numbers/porting/port-out-orders).

A request that nobody answers within a day or two counts as authorized, so that only refusals are sent.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from provisioning.carriers.telnyx.client import LEEWAY, Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, moment, text_of
from provisioning.contract.errors import Conflict
from provisioning.contract.port_outs import PortOutRequest, PortOutStatus, PortOutTerms
from provisioning.contract.unreadable import Unreadable
from provisioning.records import read_each
from provisioning.time_zones import zone_of

PORT_OUTS: Final = "/portouts"
NUMBERS: Final = "/phone_numbers"
PENDING: Final = "pending"
STATUSES: Final[Mapping[str, PortOutStatus]] = {
    PENDING: PortOutStatus.ASKED,
    "authorized": PortOutStatus.ASKED,
    "rejected-pending": PortOutStatus.REFUSING,
    "rejected": PortOutStatus.REFUSED,
    "canceled": PortOutStatus.WITHDRAWN,
    "ported": PortOutStatus.LEFT,
}
"""Its words → ours. An unknown one counts as asked, so that nobody believes it is over."""

REFUSED: Final = frozenset({PortOutStatus.REFUSING, PortOutStatus.REFUSED})

TERMS: Final = PortOutTerms(
    dispute_within=timedelta(hours=24),
    disputing="In Telnyx’s Mission Control Portal open Porting, Port-Out Orders, choose the order, and reject it with "
    "this text as the reason. Where there is no order, write to Telnyx’s support.",
)


class TelnyxPortOuts:
    """The facet of ports away."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def recent(self, since: datetime) -> list[PortOutRequest | Unreadable]:
        """List requests by when they came in; the newest come first there."""
        found = self._client.fetch_each(PORT_OUTS, {"inserted_at][gte": (since - LEEWAY).isoformat()})
        return read_each(found, _request, lambda one: one.get("id"))[::-1]

    def set_pin(self, number: str, pin: str) -> None:
        """Set the number's external PIN, which Telnyx checks; its description says that not all operators heed it."""
        self._client.change(f"{NUMBERS}/{number}", {"external_pin": pin})

    def refuse(self, reference: str, reason: str) -> None:
        """Refuse a request that nobody has answered. The carrier's staff read the reason, and may not accept it."""
        with understood():
            status = text_of(self._client.fetch(f"{PORT_OUTS}/{reference}"), "status")
        if STATUSES.get(status) in REFUSED:
            return
        if status != PENDING:
            raise Conflict(f"the request is {status}")
        self._client.change(f"{PORT_OUTS}/{reference}/rejected-pending", {"reason": reason})


def _request(found: Json) -> PortOutRequest:
    numbers = found["phone_numbers"]
    if not isinstance(numbers, list) or not numbers:
        raise ValueError("a request for no numbers")
    leaves = moment(found.get("foc_date") or found.get("requested_foc_date"))
    return PortOutRequest(
        reference=id_of(found, "id"),
        numbers=tuple(str(number) for number in numbers),
        operator=str(found.get("carrier_name") or ""),
        status=STATUSES.get(text_of(found, "status"), PortOutStatus.ASKED),
        leaves_on=leaves.astimezone(zone_of(str(numbers[0]))).date() if leaves else None,
    )
