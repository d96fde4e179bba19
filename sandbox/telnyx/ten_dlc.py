"""How texts of American businesses are registered: brands, campaigns, the numbers of campaigns, toll-free numbers.

https://developers.telnyx.com/docs/messaging/10dlc
"""

import re

from sandbox.errors import Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.records import Number, Step
from sandbox.scenarios import country, is_toll_free
from sandbox.telnyx.errors import Json
from sandbox.telnyx.events import tell
from sandbox.telnyx.records import Kept

BRAND, CAMPAIGN, ASSIGNMENT, TOLL_FREE = "10dlc_brand", "10dlc_campaign", "10dlc_phone_number", "tollfree_verification"
STAGES = ("TCR_PENDING", "TCR_ACCEPTED", "TELNYX_ACCEPTED", "MNO_PENDING", "MNO_ACCEPTED", "MNO_PROVISIONED")
"""The way of a campaign, one stage a minute. Its numbers may text after the last."""

READY = STAGES[-1]
REVIEWS = {"TCR": "REGISTRATION", "TELNYX": "TELNYX_REVIEW", "MNO": "MNO_REVIEW"}
"""What an event about a campaign is about, by the first word of its status."""

DECIDED: dict[str, frozenset[str]] = {
    BRAND: frozenset({"OK", "REGISTRATION_PENDING", "REGISTRATION_FAILED"}),
    CAMPAIGN: frozenset({*STAGES, "TCR_SUSPENDED", "TCR_EXPIRED", "TCR_FAILED", "TELNYX_FAILED", "MNO_REJECTED"}),
    TOLL_FREE: frozenset({"Verified", "Rejected", "Waiting For Customer", "In Progress"}),
}
"""The statuses that somebody can decide on, by kind."""

STATUS_FIELD = {BRAND: "status", CAMPAIGN: "campaignStatus", TOLL_FREE: "verificationStatus"}
BRAND_FAILS = {"0795": "The tax number belongs to another business.", "0703": "The tax number is not known."}
MAGIC = re.compile(r"#(\d{5})")
NOT_REGISTERED, TOLL_FREE_NOT_VERIFIED = 40010, 40329


class TenDlc:
    """Lets registrations go on by themselves, and by the decisions of others."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def wait(self, kept: Kept) -> None:
        """Plan the next step of a registration."""
        delays = self._exchange.delays
        lengths = {
            BRAND: delays.brand_checked,
            CAMPAIGN: delays.campaign_stage,
            ASSIGNMENT: delays.number_assigned,
            TOLL_FREE: delays.toll_free_reviewed,
        }
        self._exchange.later(StepKind.TEN_DLC, kept.sid, lengths[kept.kind], _status(kept))

    def go_on(self, step: Step) -> None:
        """Take the next step, unless somebody has decided otherwise since."""
        kept = self._exchange.state.kept.get(step.subject)
        if kept is not None and _status(kept) == step.detail:
            {
                BRAND: self._check_brand,
                CAMPAIGN: self._advance,
                ASSIGNMENT: self._assign,
                TOLL_FREE: self._review,
            }[kept.kind](kept)

    def decide(self, sid: str, status: str, reason: str = "") -> Kept:
        """Decide about a brand, a campaign or a toll-free verification. Raises `Unknown`, `ValueError`."""
        kept = self._exchange.state.kept.get(sid)
        if kept is None or kept.kind not in DECIDED:
            raise Unknown(f"There is no registration {sid}.")
        if status not in DECIDED[kept.kind]:
            raise ValueError(f"{status} is no status of a {kept.kind}.")
        with self._exchange.changing():
            self._become(kept, status, reason)
        return kept

    def shortcoming(self, number: Number) -> int | None:
        """The code with which texts from a number come back because it is not registered, or None."""
        kept = [each for each in self._exchange.state.kept.values() if each.account_sid == number.account_sid]
        if is_toll_free(number.phone_number):
            verified = any(_has_verified(each, number.phone_number) for each in kept)
            return None if verified else TOLL_FREE_NOT_VERIFIED
        asked = country(number.phone_number) == "US" and any(each.kind == CAMPAIGN for each in kept)
        assigned = any(
            each.kind == ASSIGNMENT
            and each.fields["phoneNumber"] == number.phone_number
            and each.fields["assignmentStatus"] == "ASSIGNED"
            for each in kept
        )
        return NOT_REGISTERED if asked and not assigned else None

    def _check_brand(self, brand: Kept) -> None:
        why = BRAND_FAILS.get(str(brand.fields.get("ein", ""))[-4:], "")
        self._become(brand, "REGISTRATION_FAILED" if why else "OK", why)

    def _advance(self, campaign: Kept) -> None:
        stage = STAGES.index(str(campaign.fields["campaignStatus"]))
        brand = self._exchange.state.kept.get(str(campaign.fields["brandId"]))
        magic = MAGIC.search(str(brand.fields["displayName"])) if brand else None
        absent = "" if campaign.fields.get("privacyPolicyLink") else "There is no page about privacy."
        why = f"Refused with {magic[1]}." if magic else absent
        if STAGES[stage] == "TCR_ACCEPTED" and why:
            self._become(campaign, "TELNYX_FAILED", why)
            return
        self._become(campaign, STAGES[stage + 1])
        if STAGES[stage + 1] != READY:
            self.wait(campaign)

    def _assign(self, assignment: Kept) -> None:
        assignment.fields["assignmentStatus"] = "ASSIGNED"
        self._changed(assignment, "phone_number", {"type": "ASSIGNMENT", "status": "ASSIGNED"})

    def _review(self, verification: Kept) -> None:
        magic = MAGIC.search(str(verification.fields["businessName"]))
        self._become(verification, "Rejected" if magic else "Verified", f"Refused with {magic[1]}." if magic else "")

    def _become(self, kept: Kept, status: str, reason: str = "") -> None:
        kept.fields[STATUS_FIELD[kept.kind]] = status
        kept.fields["reason" if kept.kind == TOLL_FREE else "failureReasons"] = reason
        if kept.kind == BRAND:
            proven = status == "OK" and kept.fields["entityType"] != "SOLE_PROPRIETOR"
            kept.fields["identityStatus"] = "VERIFIED" if proven else "UNVERIFIED"
            self._changed(kept, "brand", {"type": "REGISTRATION", "status": status, "reasons": [reason]})
        elif kept.kind == CAMPAIGN:
            review = REVIEWS[status.partition("_")[0]]
            self._changed(kept, "campaign", {"type": review, "status": status, "reasons": [reason]})

    def _changed(self, kept: Kept, about: str, told: Json) -> None:
        kept.updated = self._exchange.now()
        ids = {name: kept.fields[name] for name in ("brandId", "campaignId", "phoneNumber") if name in kept.fields}
        url = str(kept.fields.get("webhookURL") or self._campaigns_url(kept))
        tell(self._exchange, kept.account_sid, url, f"10dlc.{about}.update", ids | told)

    def _campaigns_url(self, kept: Kept) -> object:
        """The address of the campaign of a number, which has none of its own."""
        campaign = self._exchange.state.kept.get(str(kept.fields.get("campaignId")))
        return (campaign.fields.get("webhookURL") if campaign else None) or ""


def _status(kept: Kept) -> str:
    return str(kept.fields.get(STATUS_FIELD.get(kept.kind, "assignmentStatus")))


def _has_verified(kept: Kept, phone_number: str) -> bool:
    numbers = kept.fields.get("phoneNumbers")
    listed = numbers if isinstance(numbers, list) else []
    named = any(each.get("phoneNumber") == phone_number for each in listed)
    return kept.kind == TOLL_FREE and kept.fields["verificationStatus"] == "Verified" and named
