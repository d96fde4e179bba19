"""`messaging.twilio.com/v1/a2p/BrandRegistrations`: businesses registered with the American operators."""

from flask import Blueprint

from sandbox.current import asking, the_world
from sandbox.errors import OutOfTurn
from sandbox.registering.records import Brand, BrandStatus
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import conflict, not_found
from sandbox.twilio.paging import Json, page_v1

BRANDS = "https://messaging.twilio.com/v1/a2p/BrandRegistrations"
brands = guard(Blueprint("brands", __name__, url_prefix="/messaging.twilio.com/v1/a2p/BrandRegistrations"))


@brands.post("")
def create() -> tuple[Json, int]:
    """Register a brand: 201, `PENDING` until the registry decides."""
    profile, product = required(form(), "CustomerProfileBundleSid", "A2PProfileBundleSid")
    with the_world().exchange.changing():
        brand = the_world().registry.brands.create(
            asking().sid,
            profile,
            product,
            form().get("BrandType", "STANDARD"),
            skips=form().get("SkipAutomaticSecVet", "").lower() == "true",
            mock=form().get("Mock", "").lower() == "true",
        )
    return _resource(brand), 201


@brands.get("")
def fetch_list() -> Json:
    """List all brands of the account."""
    rows = [brand for brand in the_world().state.brands.values() if brand.account_sid == asking().sid]
    return page_v1("data", rows, _resource)


@brands.get("/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one brand."""
    return _resource(_own(sid))


@brands.post("/<sid>")
def update(sid: str) -> tuple[Json, int]:
    """Submit a failed brand again: 202."""
    brand = _own(sid)
    with the_world().exchange.changing():
        the_world().registry.brands.update(brand)
    return _resource(brand), 202


@brands.post("/<sid>/SmsOtp")
def ask_owner(sid: str) -> tuple[Json, int]:
    """Text the owner of a sole proprietor's brand again: 201."""
    brand = _own(sid)
    try:
        with the_world().exchange.changing():
            the_world().registry.brands.ask_owner(brand)
    except OutOfTurn as reason:
        raise conflict(reason) from reason
    return {"account_sid": brand.account_sid, "brand_registration_sid": brand.sid}, 201


def _own(sid: str) -> Brand:
    brand = the_world().state.brands.get(sid)
    if brand is None or brand.account_sid != asking().sid:
        raise not_found()
    return brand


def _resource(brand: Brand) -> Json:
    url, approved = f"{BRANDS}/{brand.sid}", brand.status == BrandStatus.APPROVED
    return {
        "sid": brand.sid,
        "account_sid": brand.account_sid,
        "customer_profile_bundle_sid": brand.profile,
        "a2p_profile_bundle_sid": brand.a2p_profile,
        "brand_type": brand.kind,
        "status": brand.status,
        "identity_status": brand.identity,
        "tcr_id": f"B{brand.sid[2:8].upper()}" if approved else None,
        "failure_reason": f"Error {brand.errors[0]}" if brand.errors else None,
        "errors": [described(code) for code in brand.errors],
        "brand_score": None,
        "brand_feedback": [],
        "russell_3000": False,
        "government_entity": False,
        "tax_exempt_status": None,
        "skip_automatic_sec_vet": brand.skips_vetting,
        "mock": brand.mock,
        "date_created": iso(brand.created),
        "date_updated": iso(brand.updated),
        "url": url,
        "links": {"brand_vettings": f"{url}/Vettings", "brand_registration_otps": f"{url}/SmsOtp"},
    }


def described(code: int, *fields: str) -> Json:
    """An error of a brand or a campaign."""
    return {
        "error_code": code,
        "description": f"The registration was refused ({code}).",
        "fields": list(fields),
        "url": f"https://www.twilio.com/docs/api/errors/{code}",
    }
