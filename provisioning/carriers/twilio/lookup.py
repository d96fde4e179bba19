"""The operator of a number (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence)."""

from collections.abc import Mapping
from typing import Any, Final

from twilio.rest import Client

from provisioning.carriers.twilio.client import understood
from provisioning.contract.lookup import LineKind

PACKAGE = "line_type_intelligence"
KINDS: Final[Mapping[str, LineKind]] = {
    "mobile": LineKind.MOBILE,
    "landline": LineKind.LANDLINE,
    "fixedVoip": LineKind.INTERNET,
    "nonFixedVoip": LineKind.INTERNET,
    "unknown": LineKind.UNKNOWN,
    "": LineKind.UNKNOWN,
}


class TwilioLookup:
    """The lookup facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def operator_of(self, number: str) -> str:
        """The package's `carrier_name`. An answer with an `error_code` (60601: no access to Canada) has none."""
        return str(self._facts(number).get("carrier_name") or "")

    def kind_of(self, number: str) -> LineKind:
        """The package's `type`; toll-free, premium, pagers and such are OTHER."""
        return KINDS.get(str(self._facts(number).get("type") or ""), LineKind.OTHER)

    def _facts(self, number: str) -> Mapping[str, Any]:
        with understood():
            answer = self._client.lookups.v2.phone_numbers(number).fetch(fields=PACKAGE)
            found: Any = answer.line_type_intelligence  # the SDK declares every package as a string
            return found or {}
