"""`Compliance/Usa2p` of a messaging service: its campaign with the American operators."""

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Service
from sandbox.registering.campaigns import USECASES
from sandbox.registering.records import Brand, BrandStatus, Campaign, CampaignStatus
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, parameter, required
from sandbox.twilio.brands import described
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1
from sandbox.twilio.services import SERVICES, own_service

CAMPAIGN_SID = "QE2c6890da8086d771620e9b13fadeba0b"
"""The same for every campaign: the messaging service is the key."""

NEEDED = ("description", "message_flow", "message_samples", "has_embedded_links", "has_embedded_phone")
LISTS = ("message_samples", "opt_in_keywords", "opt_out_keywords", "help_keywords")
FLAGS = ("has_embedded_links", "has_embedded_phone", "subscriber_opt_in", "age_gated", "direct_lending")
WORDS = ("description", "message_flow", "opt_in_message", "opt_out_message", "help_message")
URLS = ("privacy_policy_url", "terms_and_conditions_url")
"""Shown to those only who ask for version 1.2."""

PATH = "/<sid>/Compliance/Usa2p"
campaigns = guard(Blueprint("campaigns", __name__, url_prefix="/messaging.twilio.com/v1/Services"))


@campaigns.post(PATH)
def create(sid: str) -> tuple[Json, int]:
    """Submit a campaign: 201."""
    service = own_service(sid)
    [brand_sid, use] = required(form(), "BrandRegistrationSid", "UsAppToPersonUsecase", code=21727)
    fields = _fields() | {"us_app_to_person_usecase": use}
    with the_world().exchange.changing():
        made = the_world().registry.campaigns.create(service, _brand(brand_sid), fields)
    return _resource(service, made), 201


@campaigns.get(PATH)
def fetch_list(sid: str) -> Json:
    """List the campaign of a service, if it has one."""
    service = own_service(sid)
    return page_v1("compliance", [service.campaign] if service.campaign else [], lambda made: _resource(service, made))


@campaigns.get(f"{PATH}/Usecases")
def use_cases(sid: str) -> Json:
    """List the use cases that a brand may have; none for one that is in trouble."""
    own_service(sid)
    brand = _brand(request.args.get("BrandRegistrationSid", ""))
    codes = USECASES[brand.kind] if brand.status == BrandStatus.APPROVED else []
    rows = [
        {"code": code, "name": code.replace("_", " ").title(), "description": "", "post_approval_required": False}
        for code in codes
    ]
    return {"us_app_to_person_usecases": rows}


@campaigns.get(f"{PATH}/<campaign_sid>")
def fetch(sid: str, campaign_sid: str) -> Json:
    """Fetch the campaign of a service."""
    return _resource(*_own(sid, campaign_sid))


@campaigns.post(f"{PATH}/<campaign_sid>")
def update(sid: str, campaign_sid: str) -> Json:
    """Change a campaign that failed."""
    service, campaign = _own(sid, campaign_sid)
    required(form(), "AgeGated", "DirectLending", code=21727)
    with the_world().exchange.changing():
        the_world().registry.campaigns.update(service, campaign, _fields())
    return _resource(service, campaign)


@campaigns.delete(f"{PATH}/<campaign_sid>")
def delete(sid: str, campaign_sid: str) -> tuple[str, int]:
    """Delete a campaign: 204."""
    service, _ = _own(sid, campaign_sid)
    with the_world().exchange.changing():
        the_world().registry.campaigns.remove(service)
    return "", 204


def _fields() -> dict[str, str | list[str]]:
    sent = form()
    required(sent, *map(parameter, NEEDED), code=21727)
    lists: dict[str, str | list[str]] = {name: sent.getlist(parameter(name)) for name in LISTS}
    flags = {name: sent[parameter(name)].lower() for name in FLAGS if parameter(name) in sent}
    words = {name: sent[parameter(name)] for name in (*WORDS, *URLS) if parameter(name) in sent}
    return lists | flags | words


def _brand(sid: str) -> Brand:
    brand = the_world().state.brands.get(sid)
    if brand is None or brand.account_sid != asking().sid:
        raise Refusal(20404, f"The requested resource {sid} was not found", 404)
    return brand


def _own(sid: str, campaign_sid: str) -> tuple[Service, Campaign]:
    service = own_service(sid)
    if service.campaign is None or campaign_sid != CAMPAIGN_SID:
        raise not_found()
    return service, service.campaign


def _resource(service: Service, campaign: Campaign) -> Json:
    fields, verified = campaign.fields, campaign.status == CampaignStatus.VERIFIED
    words: Json = {name: fields.get(name) for name in WORDS}
    lists: Json = {name: fields.get(name, []) for name in LISTS}
    flags: Json = {name: fields.get(name) == "true" for name in FLAGS}
    newer = request.headers.get("X-Twilio-Api-Version") == "v1.2"
    urls: Json = {name: fields.get(name) for name in URLS} if newer else {}
    return {**words, **lists, **flags, **urls} | {
        "sid": CAMPAIGN_SID,
        "account_sid": service.account_sid,
        "brand_registration_sid": campaign.brand or None,
        "messaging_service_sid": service.sid,
        "us_app_to_person_usecase": fields.get("us_app_to_person_usecase", "LOW_VOLUME"),
        "campaign_status": campaign.status,
        "campaign_id": f"C{service.sid[2:8].upper()}" if verified else None,
        "is_externally_registered": False,
        "rate_limits": {"att": {"mps": 75, "msg_class": "T"}, "tmobile": {"brand_tier": "LOW"}} if verified else None,
        "errors": [described(code) for code in campaign.errors],
        "mock": False,
        "date_created": iso(campaign.created),
        "date_updated": iso(campaign.updated),
        "url": f"{SERVICES}/{service.sid}/Compliance/Usa2p/{CAMPAIGN_SID}",
    }
