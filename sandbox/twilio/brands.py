"""`messaging.twilio.com/v1/a2p/BrandRegistrations`: businesses registered with the American operators."""

from flask import Blueprint

from sandbox.records import new_sid
from sandbox.texting.records import Brand
from sandbox.twilio.auth import asking, guard, the_world
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1

BRANDS = "https://messaging.twilio.com/v1/a2p/BrandRegistrations"
brands = guard(Blueprint("brands", __name__, url_prefix="/messaging.twilio.com/v1/a2p/BrandRegistrations"))


@brands.post("")
def create() -> tuple[Json, int]:
    """Register a brand: 201, `PENDING` until the registry decides."""
    profile, a2p_profile = required(form(), "CustomerProfileBundleSid", "A2PProfileBundleSid")
    kind, now = form().get("BrandType", "STANDARD"), the_world().exchange.now()
    brand = Brand(new_sid("BN"), asking().sid, profile, a2p_profile, kind, now, now)
    with the_world().exchange.changing() as state:
        state.brands[brand.sid] = brand
    return _resource(brand), 201


@brands.get("")
def fetch_list() -> Json:
    """List all brands of the account."""
    rows = [brand for brand in the_world().state.brands.values() if brand.account_sid == asking().sid]
    return page_v1("data", rows, _resource)


@brands.get("/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one brand."""
    brand = the_world().state.brands.get(sid)
    if brand is None or brand.account_sid != asking().sid:
        raise not_found()
    return _resource(brand)


def _resource(brand: Brand) -> Json:
    url, approved = f"{BRANDS}/{brand.sid}", brand.status == "APPROVED"
    return {
        "sid": brand.sid,
        "account_sid": brand.account_sid,
        "customer_profile_bundle_sid": brand.profile,
        "a2p_profile_bundle_sid": brand.a2p_profile,
        "brand_type": brand.kind,
        "status": brand.status,
        "identity_status": "VERIFIED" if approved else "UNVERIFIED",
        "tcr_id": f"B{brand.sid[2:8].upper()}" if approved else None,
        "failure_reason": "The registry does not know this business" if brand.status == "FAILED" else None,
        "errors": [],
        "brand_score": None,
        "brand_feedback": [],
        "russell_3000": False,
        "government_entity": False,
        "tax_exempt_status": None,
        "skip_automatic_sec_vet": False,
        "mock": True,
        "date_created": iso(brand.created),
        "date_updated": iso(brand.updated),
        "url": url,
        "links": {"brand_vettings": f"{url}/Vettings", "brand_registration_otps": f"{url}/SmsOtp"},
    }
