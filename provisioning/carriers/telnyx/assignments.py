"""The numbers of campaigns (https://developers.telnyx.com/api-reference/phone-number-campaigns).

American numbers alone join one, and only once it has passed its reviews; toll-free ones are verified instead.
"""

from phonenumbers import PhoneNumberType, number_type, parse, region_code_for_number

from provisioning.carriers.telnyx.campaigns import Campaigns, stage_of
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, text_of
from provisioning.contract.errors import NotFound, Refused, Unavailable
from provisioning.contract.registration import Stage
from provisioning.http import redacted

ASSIGNMENTS = "/10dlc/phone_number_campaigns"
ASSIGNED, FAILED, LEAVING = "ASSIGNED", "FAILED_ASSIGNMENT", "PENDING_UNASSIGNMENT"


class Assignments:
    """Has numbers (the carrier's ids of them) join the campaigns of pools."""

    def __init__(self, client: Client, campaigns: Campaigns) -> None:
        self._client = client
        self._campaigns = campaigns

    def join(self, reference: str, pool: str) -> None:
        """Have a number join the campaign of a pool. Nothing happens before that is approved.

        Raises:
            Refused: the operators do not take the number.
            Unavailable: they have not taken it yet, or not forgotten its other campaign.
        """
        campaign = self._approved(pool)
        number = self._american(reference) if campaign else ""
        if not campaign or not number:
            return
        there = self._of(number)
        if _is_in(there, campaign):
            return
        if there is None or not _is_under_way(there, campaign):
            there = self._put(number, campaign, is_new=there is None)
        if there.get("assignmentStatus") == FAILED:
            raise Refused(redacted(str(there.get("failureReasons") or "the number was not taken")))
        if not _is_in(there, campaign):
            raise Unavailable("the number is still joining its campaign", not_made=True)

    def has_joined(self, reference: str, pool: str) -> bool:
        """Whether a number is in the campaign of a pool, or needs not to be."""
        campaign = self._approved(pool)
        number = self._american(reference) if campaign else ""
        return not number or _is_in(self._of(number), campaign)

    def leave(self, reference: str, pool: str) -> None:
        """Take a number out of the campaign of a pool. One that is not in it, or that is gone, counts as done."""
        try:
            campaign = self._campaigns.of_pool(pool)
            number = self._american(reference) if campaign else ""
        except NotFound:
            return
        there = self._of(number) if number else None
        if there and campaign and _names(there, id_of(campaign, "campaignId")) and not _is_leaving(there):
            self._client.delete(f"{ASSIGNMENTS}/{number}")

    def _approved(self, pool: str) -> str:
        """The campaign of a pool, "" before it is approved."""
        campaign = self._campaigns.of_pool(pool)
        with understood():
            return id_of(campaign, "campaignId") if campaign and stage_of(campaign) is Stage.APPROVED else ""

    def _american(self, reference: str) -> str:
        """A number (E.164) if it is one that joins campaigns, or ""."""
        with understood():
            number = text_of(self._client.fetch(f"/phone_numbers/{reference}"), "phone_number")
        parsed = parse(number)
        joins = region_code_for_number(parsed) == "US" and number_type(parsed) != PhoneNumberType.TOLL_FREE
        return number if joins else ""

    def _of(self, number: str) -> Json | None:
        try:
            return self._client.ask("GET", f"{ASSIGNMENTS}/{number}")
        except NotFound:
            return None

    def _put(self, number: str, campaign: str, *, is_new: bool) -> Json:
        body = {"phoneNumber": number, "campaignId": campaign}
        if is_new:
            return self._client.ask("POST", ASSIGNMENTS, json=body)
        return self._client.ask("PUT", f"{ASSIGNMENTS}/{number}", json=body)


def _names(assignment: Json, campaign: str) -> bool:
    return campaign in {assignment.get("telnyxCampaignId"), assignment.get("campaignId")}


def _is_in(assignment: Json | None, campaign: str) -> bool:
    return bool(assignment) and _names(assignment or {}, campaign) and _status(assignment) == ASSIGNED


def _is_under_way(assignment: Json, campaign: str) -> bool:
    """Whether a number is on its way in, or out: then there is nothing to do but wait."""
    return _is_leaving(assignment) or (_names(assignment, campaign) and _status(assignment) != FAILED)


def _is_leaving(assignment: Json) -> bool:
    return _status(assignment) == LEAVING


def _status(assignment: Json | None) -> object:
    return (assignment or {}).get("assignmentStatus")
