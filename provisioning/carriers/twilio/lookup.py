"""The operator of a number (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence)."""

from typing import Any

from twilio.rest import Client

from provisioning.carriers.twilio.client import understood

PACKAGE = "line_type_intelligence"


class TwilioLookup:
    """The lookup facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def operator_of(self, number: str) -> str:
        """The package's `carrier_name`. An answer with an `error_code` (60601: no access to Canada) has none."""
        with understood():
            answer = self._client.lookups.v2.phone_numbers(number).fetch(fields=PACKAGE)
            found: Any = answer.line_type_intelligence  # the SDK declares every package as a string
            return str(found["carrier_name"] or "") if found else ""
