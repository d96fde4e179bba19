"""`/10dlc/brand`: who a business is. Bodies are in camel case, answers have no `data`."""

import secrets
from uuid import uuid4

from flask import request

from sandbox.current import the_world
from sandbox.records import PhoneText
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.kept import all_kept, change, forget, keep, own_kept
from sandbox.telnyx.paging import records_page
from sandbox.telnyx.records import Kept
from sandbox.telnyx.ten_dlc import BRAND, CAMPAIGN

brands = guarded("brands")
NEEDED = ("entityType", "displayName", "country", "email", "vertical")
OTHERS = (
    "companyName",
    "firstName",
    "lastName",
    "ein",
    "phone",
    "street",
    "city",
    "state",
    "postalCode",
    "stockSymbol",
    "stockExchange",
    "website",
    "mobilePhone",
    "mock",
    "isReseller",
    "businessContactEmail",
    "webhookURL",
    "webhookFailoverURL",
    "ipAddress",
)
SHOWN_IN_LISTS = ("brandId", "tcrBrandId", "entityType", "identityStatus", "companyName", "displayName", "email")
ENTITIES = {"PRIVATE_PROFIT", "PUBLIC_PROFIT", "NON_PROFIT", "GOVERNMENT", "SOLE_PROPRIETOR"}
PIN, SENDER = "@OTP_PIN@", "+18885550198"


@brands.post("/10dlc/brand")
def create() -> Json:
    """Register a brand: 200, `REGISTRATION_PENDING` for a minute."""
    body = json_object([*NEEDED, *OTHERS], NEEDED)
    if body["entityType"] not in ENTITIES:
        raise Denied(invalid("entityType", "This kind of entity is not known."))
    ids = {"brandId": str(uuid4()), "tcrBrandId": f"B{secrets.token_hex(3).upper()}"}
    states = {"status": "REGISTRATION_PENDING", "identityStatus": "SELF_DECLARED", "brandRelationship": "BASIC_ACCOUNT"}
    brand = keep(BRAND, body | ids | states, ids["brandId"])
    _wait(brand)
    return resource(brand)


@brands.get("/10dlc/brand")
def fetch_list() -> Json:
    """List the brands of the account, newest first; those of one name with `displayName`."""
    wanted = request.args.get("displayName")
    return records_page([each for each in all_kept(BRAND)[::-1] if wanted in {None, each.fields["displayName"]}], _row)


@brands.get("/10dlc/brand/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one brand."""
    return resource(own_kept(BRAND, sid)) | {"assignedCampaignsCount": len(_campaigns(sid))}


@brands.put("/10dlc/brand/<sid>")
def update(sid: str) -> Json:
    """Change a brand; `/revet` has it checked anew."""
    known = [*NEEDED, *OTHERS, "altBusinessId", "altBusinessIdType", "identityStatus"]
    return resource(change(own_kept(BRAND, sid), json_object(known, NEEDED)))


@brands.put("/10dlc/brand/<sid>/revet")
def revet(sid: str) -> Json:
    """Check a brand anew, after it was changed."""
    brand = change(own_kept(BRAND, sid), {"status": "REGISTRATION_PENDING", "failureReasons": ""})
    _wait(brand)
    return resource(brand)


@brands.delete("/10dlc/brand/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a brand that has no campaigns: 204."""
    brand = own_kept(BRAND, sid)
    if _campaigns(sid):
        raise Denied(invalid("brandId", "The brand has campaigns."))
    forget(brand)
    return "", 204


@brands.get("/10dlc/brand/feedback/<sid>")
def feedback(sid: str) -> Json:
    """Tell what is wrong with a brand, by its fields."""
    why = own_kept(BRAND, sid).fields.get("failureReasons")
    found = {"id": "TAX_ID", "displayName": "Tax Id", "description": why, "fields": ["ein"]}
    return {"brandId": sid, "category": [found] if why else []}


@brands.post("/10dlc/brand/<sid>/smsOtp")
def send_pin(sid: str) -> Json:
    """Text a PIN to the owner of a sole proprietor's brand."""
    brand, needed = own_kept(BRAND, sid), ["pinSms", "successSms"]
    body = json_object(needed, needed)
    if PIN not in text(body, "pinSms"):
        raise Denied(invalid("pinSms", f"pinSms needs {PIN}."))
    pin = f"{secrets.randbelow(10**6):06}"
    change(brand, {"_pin": pin, "_success": text(body, "successSms")})
    _text(brand, text(body, "pinSms").replace(PIN, pin))
    return {"brandId": sid, "referenceId": f"OTP{sid[:6]}"}


@brands.put("/10dlc/brand/<sid>/smsOtp")
def take_pin(sid: str) -> tuple[str, int]:
    """Take the PIN: 204, and the brand is verified."""
    brand, body = own_kept(BRAND, sid), json_object(["otpPin"], ["otpPin"])
    if body["otpPin"] != brand.fields.get("_pin"):
        raise Denied(invalid("otpPin", "The PIN is wrong."))
    change(brand, {"identityStatus": "VERIFIED"})
    _text(brand, str(brand.fields["_success"]))
    return "", 204


def resource(brand: Kept) -> Json:
    """A brand as Telnyx describes it, without what was not given."""
    moments = {"createdAt": brand.created.isoformat(), "updatedAt": brand.updated.isoformat()}
    shown = {name: value for name, value in brand.fields.items() if value is not None and not name.startswith("_")}
    return {"failureReasons": ""} | shown | moments


def _row(brand: Kept) -> Json:
    known = resource(brand)
    shown = (*SHOWN_IN_LISTS, "website", "failureReasons", "status", "createdAt", "updatedAt")
    count = len(_campaigns(brand.sid))
    return {name: known[name] for name in shown if name in known} | {"assignedCampaingsCount": count}


def _campaigns(brand: str) -> list[Kept]:
    return [each for each in all_kept(CAMPAIGN) if each.fields["brandId"] == brand]


def _text(brand: Kept, words: str) -> None:
    world = the_world()
    phone = world.phone(str(brand.fields.get("mobilePhone") or brand.fields.get("phone")))
    phone.texts.append(PhoneText(words, SENDER, world.exchange.now()))


def _wait(brand: Kept) -> None:
    with the_world().exchange.changing():
        the_world().ten_dlc.wait(brand)
