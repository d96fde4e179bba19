"""The operator of a number (https://developers.telnyx.com/api-reference/number-lookup)."""

from typing import Final

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json
from provisioning.contract.lookup import LineKind

KINDS: Final = {
    "mobile": LineKind.MOBILE,
    "fixed line": LineKind.LANDLINE,
    "voip": LineKind.INTERNET,
    "fixed line or mobile": LineKind.UNKNOWN,
    "unknown": LineKind.UNKNOWN,
    "": LineKind.UNKNOWN,
}


class TelnyxLookup:
    """The lookup facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def operator_of(self, number: str) -> str:
        """The name in the registry of ported numbers, else that of the operator to whom the number was given."""
        facts = self._facts(number)
        with understood():
            return str(
                _part(facts, "portability").get("spid_carrier_name") or _part(facts, "carrier").get("name") or ""
            )

    def kind_of(self, number: str) -> LineKind:
        """The `type`; toll-free, premium, pagers and such are OTHER."""
        with understood():
            return KINDS.get(str(_part(self._facts(number), "carrier").get("type") or ""), LineKind.OTHER)

    def _facts(self, number: str) -> Json:
        return self._client.fetch(f"/number_lookup/{number}", {"type": "carrier"})


def _part(facts: Json, name: str) -> Json:
    return facts.get(name) or {}
