"""`/10dlc/campaign…`, `/10dlc/phone_number_campaigns`: what a business texts, and from which numbers."""

import secrets
from uuid import uuid4

from flask import request

from sandbox.current import asking, the_world
from sandbox.scenarios import country, is_toll_free
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, Problem, invalid, missing, not_found
from sandbox.telnyx.kept import all_kept, change, forget, keep, own_kept
from sandbox.telnyx.paging import known_filters, records_page
from sandbox.telnyx.records import Kept
from sandbox.telnyx.ten_dlc import ASSIGNMENT, BRAND, CAMPAIGN, READY, STAGES

campaigns = guarded("campaigns")
NEEDED = ("brandId", "usecase", "description")
SAMPLES = tuple(f"sample{number}" for number in range(1, 6))
TEXTS = (
    *SAMPLES,
    "messageFlow",
    "helpMessage",
    "helpKeywords",
    "optinMessage",
    "optinKeywords",
    "optoutMessage",
    "optoutKeywords",
    "privacyPolicyLink",
    "termsAndConditionsLink",
    "embeddedLinkSample",
    "referenceId",
    "resellerId",
    "webhookURL",
    "webhookFailoverURL",
)
SWITCHES = (
    "ageGated",
    "autoRenewal",
    "directLending",
    "embeddedLink",
    "embeddedPhone",
    "numberPool",
    "subscriberHelp",
    "subscriberOptin",
    "subscriberOptout",
    "termsAndConditions",
)
CHANGEABLE = (
    *SAMPLES,
    "messageFlow",
    "helpMessage",
    "autoRenewal",
    "resellerId",
    "webhookURL",
    "webhookFailoverURL",
    "privacyPolicyLink",
    "termsAndConditionsLink",
)
TWICE = "10012"
APPEALABLE = {"TELNYX_FAILED", "MNO_REJECTED"}


@campaigns.post("/10dlc/campaignBuilder")
def create() -> Json:
    """Register a campaign of a brand that is registered: 200, `TCR_PENDING`."""
    body = json_object([*NEEDED, *TEXTS, *SWITCHES, "subUsecases", "mnoIds", "tag"], NEEDED)
    brand = own_kept(BRAND, text(body, "brandId"))
    if brand.fields["status"] != "OK":
        raise Denied(invalid("brandId", "The brand is not registered."))
    _must_be_new(text(body, "referenceId"))
    sid = str(uuid4())
    about = {"campaignId": sid, "tcrCampaignId": f"C{secrets.token_hex(3).upper()}", "cspId": "STELNYX"}
    named = {"brandDisplayName": brand.fields["displayName"], "tcrBrandId": brand.fields["tcrBrandId"]}
    usual = {"subUsecases": [], "termsAndConditions": False, "mock": bool(brand.fields.get("mock"))}
    states = {"status": "ACTIVE", "submissionStatus": "CREATED", "campaignStatus": STAGES[0]}
    campaign = keep(CAMPAIGN, usual | body | about | named | states, sid)
    _wait(campaign)
    return _resource(campaign)


@campaigns.get("/10dlc/campaignBuilder/brand/<brand>/usecase/<usecase>")
def fees(brand: str, usecase: str) -> Json:
    """Tell what a kind of campaign costs, in dollars."""
    own_kept(BRAND, brand)
    monthly = 1.5 if usecase == "LOW_VOLUME" else 10
    return {"usecase": usecase, "monthlyFee": monthly, "quarterlyFee": monthly * 3, "annualFee": monthly * 12}


@campaigns.get("/10dlc/campaign")
def fetch_list() -> Json:
    """List the campaigns of a brand, newest first."""
    wanted = request.args.get("brandId", "")
    if not wanted:
        raise Denied(missing("brandId"))
    rows = [each for each in all_kept(CAMPAIGN) if each.fields["brandId"] == wanted]
    return records_page(rows[::-1], _resource)


@campaigns.get("/10dlc/campaign/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one campaign."""
    return _resource(own_kept(CAMPAIGN, sid))


@campaigns.put("/10dlc/campaign/<sid>")
def update(sid: str) -> Json:
    """Change what can be changed of a campaign."""
    return _resource(change(own_kept(CAMPAIGN, sid), json_object(CHANGEABLE)))


@campaigns.delete("/10dlc/campaign/<sid>")
def delete(sid: str) -> Json:
    """End a campaign; its numbers are no longer registered."""
    campaign = own_kept(CAMPAIGN, sid)
    for each in [each for each in all_kept(ASSIGNMENT) if each.fields["campaignId"] == sid]:
        forget(each)
    forget(campaign)
    return {"time": the_world().exchange.now().timestamp(), "record_type": "campaign", "message": "Deactivated"}


@campaigns.post("/10dlc/campaign/<sid>/appeal")
def appeal(sid: str) -> Json:
    """Have a campaign that the carrier refused reviewed once more."""
    campaign = own_kept(CAMPAIGN, sid)
    json_object(["appeal_reason"], ["appeal_reason"])
    if campaign.fields["campaignStatus"] not in APPEALABLE:
        raise Denied(invalid("campaignId", "Only a campaign that was refused can be appealed."))
    change(campaign, {"campaignStatus": "TCR_ACCEPTED", "failureReasons": ""})
    _wait(campaign)
    return {"appealed_at": iso(the_world().exchange.now())}


@campaigns.get("/10dlc/phone_number_campaigns")
def numbers() -> Json:
    """List the numbers of campaigns, newest first."""
    wanted = known_filters("telnyx_campaign_id", "telnyx_brand_id", "tcr_campaign_id", "tcr_brand_id")
    campaign = wanted.get("telnyx_campaign_id")
    rows = [each for each in all_kept(ASSIGNMENT) if campaign in {None, each.fields["campaignId"]}]
    return records_page(rows[::-1], _assignment)


@campaigns.post("/10dlc/phone_number_campaigns")
def assign() -> Json:
    """Register a number with a campaign that is ready: 200, done half a minute later."""
    body = _wish()
    number = text(body, "phoneNumber")
    if any(each.fields["phoneNumber"] == number for each in all_kept(ASSIGNMENT)):
        raise Denied(Problem(TWICE, f"{number} is in a campaign already.", "/phoneNumber"))
    return _assigned(keep(ASSIGNMENT, body))


@campaigns.get("/10dlc/phone_number_campaigns/<number>")
def fetch_number(number: str) -> Json:
    """Fetch the campaign of a number."""
    return _assignment(_of(number))


@campaigns.put("/10dlc/phone_number_campaigns/<number>")
def move(number: str) -> Json:
    """Move a number to another campaign."""
    return _assigned(change(_of(number), _wish()))


@campaigns.delete("/10dlc/phone_number_campaigns/<number>")
def unassign(number: str) -> Json:
    """Take a number out of its campaign."""
    return _assignment(change(forget(_of(number)), {"assignmentStatus": "PENDING_UNASSIGNMENT"}))


def _must_be_new(reference: str) -> None:
    """A reference is that of one campaign only."""
    if reference and any(each.fields.get("referenceId") == reference for each in all_kept(CAMPAIGN)):
        raise Denied(Problem(TWICE, f"{reference} is the reference of another campaign.", "/referenceId"))


def _wish() -> Json:
    needed = ["phoneNumber", "campaignId"]
    body = json_object(needed, needed)
    number, campaign = text(body, "phoneNumber"), own_kept(CAMPAIGN, text(body, "campaignId"))
    held = the_world().inventory.held(number)
    if held is None or held.account_sid != asking().sid or country(number) != "US" or is_toll_free(number):
        raise Denied(invalid("phoneNumber", f"{number} is no American number of yours."))
    if campaign.fields["campaignStatus"] != READY:
        raise Denied(invalid("campaignId", "The campaign is not ready for numbers."))
    ids = {name: campaign.fields[name] for name in ("brandId", "tcrBrandId", "tcrCampaignId")}
    return body | ids | {"telnyxCampaignId": campaign.sid, "assignmentStatus": "PENDING_ASSIGNMENT"}


def _assigned(assignment: Kept) -> Json:
    _wait(assignment)
    return _assignment(assignment)


def _of(number: str) -> Kept:
    for each in all_kept(ASSIGNMENT):
        if each.fields["phoneNumber"] == number:
            return each
    raise not_found()


def _wait(kept: Kept) -> None:
    with the_world().exchange.changing():
        the_world().ten_dlc.wait(kept)


def _resource(campaign: Kept) -> Json:
    shown = {name: value for name, value in campaign.fields.items() if value is not None and name != "tag"}
    return {"failureReasons": ""} | shown | {"createDate": iso(campaign.created)}


def _assignment(kept: Kept) -> Json:
    return {"failureReasons": ""} | kept.fields | {"createdAt": iso(kept.created), "updatedAt": iso(kept.updated)}
