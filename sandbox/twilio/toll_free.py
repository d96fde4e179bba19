"""`messaging.twilio.com/v1/Tollfree/Verifications`: what toll-free numbers need before their texts are delivered."""

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.registering.records import Verification, VerificationStatus
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, parameter, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1

VERIFICATIONS = "https://messaging.twilio.com/v1/Tollfree/Verifications"
LISTS = ("use_case_categories", "opt_in_image_urls", "opt_in_keywords")
NEEDED = (
    "business_name",
    "business_website",
    "notification_email",
    "use_case_categories",
    "use_case_summary",
    "production_message_sample",
    "opt_in_image_urls",
    "opt_in_type",
    "message_volume",
)
FURTHER = (
    "business_street_address",
    "business_street_address2",
    "business_city",
    "business_state_province_region",
    "business_postal_code",
    "business_country",
    "business_contact_first_name",
    "business_contact_last_name",
    "business_contact_email",
    "business_contact_phone",
    "additional_information",
    "business_registration_number",
    "business_registration_authority",
    "business_registration_country",
    "business_type",
    "business_registration_phone_number",
    "doing_business_as",
    "opt_in_confirmation_message",
    "help_message_sample",
    "privacy_policy_url",
    "terms_and_conditions_url",
    "opt_in_keywords",
    "customer_profile_sid",
    "external_reference_id",
)
toll_free = guard(Blueprint("toll_free", __name__, url_prefix="/messaging.twilio.com/v1/Tollfree/Verifications"))


@toll_free.post("")
def create() -> tuple[Json, int]:
    """Submit a verification: 201."""
    [number_sid] = required(form(), "TollfreePhoneNumberSid")
    required(form(), *map(parameter, NEEDED))
    number = the_world().state.numbers.get(number_sid)
    if number is None or number.account_sid != asking().sid:
        raise Refusal(20404, f"The requested resource {number_sid} was not found", 404)
    with the_world().exchange.changing():
        made = the_world().registry.toll_free.create(number, _fields())
    return _resource(made), 201


@toll_free.get("")
def fetch_list() -> Json:
    """List the verifications of the account, or of one number, status or external reference."""
    wanted = {
        "number": request.args.get("TollfreePhoneNumberSid"),
        "status": request.args.get("Status"),
        "reference": request.args.get("ExternalReferenceId"),
    }
    rows = [
        one
        for one in the_world().state.verifications.values()
        if one.account_sid == asking().sid
        and wanted["number"] in {None, one.number_sid}
        and wanted["status"] in {None, one.status}
        and wanted["reference"] in {None, one.fields.get("external_reference_id")}
    ]
    return page_v1("verifications", rows, _resource)


@toll_free.get("/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one verification."""
    return _resource(_own(sid))


@toll_free.post("/<sid>")
def update(sid: str) -> tuple[Json, int]:
    """Correct a rejected verification: 202."""
    verification = _own(sid)
    with the_world().exchange.changing():
        the_world().registry.toll_free.update(verification, _fields())
    return _resource(verification), 202


@toll_free.delete("/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a verification: 204."""
    verification = _own(sid)
    with the_world().exchange.changing() as state:
        del state.verifications[verification.sid]
    return "", 204


def _fields() -> dict[str, str | list[str]]:
    sent = form()
    lists: dict[str, str | list[str]] = {
        name: sent.getlist(parameter(name)) for name in LISTS if parameter(name) in sent
    }
    words = {
        name: sent[parameter(name)] for name in (*NEEDED, *FURTHER) if name not in LISTS and parameter(name) in sent
    }
    return lists | words


def _own(sid: str) -> Verification:
    verification = the_world().state.verifications.get(sid)
    if verification is None or verification.account_sid != asking().sid:
        raise not_found()
    return verification


def _resource(one: Verification) -> Json:
    number = the_world().state.numbers.get(one.number_sid)
    editable = one.editable_until is not None and the_world().exchange.now() < one.editable_until
    fields: Json = {name: one.fields.get(name) for name in (*NEEDED, *FURTHER)}
    return fields | {
        "sid": one.sid,
        "account_sid": one.account_sid,
        "trust_product_sid": None,
        "regulated_item_sid": None,
        "tollfree_phone_number_sid": one.number_sid,
        "tollfree_phone_number": number.phone_number if number else None,
        "status": one.status,
        "rejection_reason": f"Error {one.errors[0]}" if one.errors else None,
        "rejection_reasons": [{"code": code, "reason": f"Error {code}"} for code in one.errors],
        "error_code": one.errors[0] if one.errors else None,
        "edit_allowed": editable if one.status == VerificationStatus.TWILIO_REJECTED else None,
        "edit_expiration": iso(one.editable_until),
        "age_gated_content": one.fields.get("age_gated_content") == "true",
        "resource_links": None,
        "vetting_id": None,
        "vetting_id_expiration": None,
        "date_created": iso(one.created),
        "date_updated": iso(one.updated),
        "url": f"{VERIFICATIONS}/{one.sid}",
    }
