"""Our account: its balance stands for it (https://developers.telnyx.com/api-reference/billing), and registrations."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from provisioning.carriers.telnyx.campaigns import Campaigns, stage_of
from provisioning.carriers.telnyx.client import Client, clock_of, understood
from provisioning.carriers.telnyx.json_parts import text_of
from provisioning.carriers.telnyx.toll_free import TollFree
from provisioning.contract.account import AccountState, TextRegistration
from provisioning.contract.registration import Stage

REGISTRATIONS: Final[Mapping[Stage, TextRegistration]] = {
    Stage.APPROVED: TextRegistration.APPROVED,
    Stage.REFUSED: TextRegistration.REFUSED,
    Stage.SUSPENDED: TextRegistration.REFUSED,
    Stage.GONE: TextRegistration.MISSING,
}
BEST: Final = (TextRegistration.APPROVED, TextRegistration.PENDING, TextRegistration.REFUSED)


class TelnyxAccount:
    """The account facet."""

    def __init__(self, client: Client, campaigns: Campaigns, toll_free: TollFree) -> None:
        self._client = client
        self._campaigns = campaigns
        self._toll_free = toll_free

    def state(self) -> AccountState:
        """Fetch the balance: without credit nothing is sent, and numbers are lost in the end."""
        balance, headers = self._client.fetch_with_headers("/balance")
        with understood():
            trouble = "" if Decimal(balance["available_credit"]) > 0 else "out of credit"
            return AccountState(trouble, clock_of(headers))

    def text_registration(self, pool: str = "") -> TextRegistration:
        """The status of the campaign of a pool, or of the one that the settings name."""
        with understood():
            campaign = self._campaigns.of_pool(pool)
            return _registration(stage_of(campaign)) if campaign else TextRegistration.MISSING

    def toll_free_verification(self, reference: str) -> TextRegistration:
        """The most advanced status of any verification of the number."""
        with understood():
            number = text_of(self._client.fetch(f"/phone_numbers/{reference}"), "phone_number")
            found = {_registration(stage) for stage in self._toll_free.of_number(number)}
            return next((state for state in BEST if state in found), TextRegistration.MISSING)


def _registration(stage: Stage) -> TextRegistration:
    return REGISTRATIONS.get(stage, TextRegistration.PENDING)
