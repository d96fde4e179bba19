"""Our account: its balance stands for it (https://developers.telnyx.com/api-reference/billing)."""

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.contract.account import AccountState, TextRegistration


class TelnyxAccount:
    """The account facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def state(self) -> AccountState:
        """Fetch the balance: without credit nothing is sent, and numbers are lost in the end."""
        balance, headers = self._client.fetch_with_headers("/balance")
        with understood():
            trouble = "" if Decimal(balance["available_credit"]) > 0 else "out of credit"
            return AccountState(trouble, _clock(headers.get("Date")))

    def text_registration(self, pool: str = "") -> TextRegistration:
        """MISSING: registrations of American texts are not here yet."""
        return TextRegistration.MISSING

    def toll_free_verification(self, reference: str) -> TextRegistration:
        """MISSING, too."""
        return TextRegistration.MISSING


def _clock(date: str | None) -> datetime | None:
    return parsedate_to_datetime(date).astimezone(UTC) if date else None
