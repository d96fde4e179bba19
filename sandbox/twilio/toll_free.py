"""`messaging.twilio.com/v1/Tollfree/Verifications`: what toll-free numbers need before their texts are delivered."""

from flask import Blueprint, request

from sandbox.records import Number
from sandbox.twilio.auth import asking, guard, the_world
from sandbox.twilio.dates import iso
from sandbox.twilio.paging import Json, page_v1

VERIFICATIONS = "https://messaging.twilio.com/v1/Tollfree/Verifications"
toll_free = guard(Blueprint("toll_free", __name__, url_prefix="/messaging.twilio.com/v1/Tollfree/Verifications"))


@toll_free.get("")
def fetch_list() -> Json:
    """List the verifications of the account, or of one number."""
    of = request.args.get("TollfreePhoneNumberSid")
    numbers = the_world().state.numbers.values()
    verified = [one for one in numbers if one.verification and one.account_sid == asking().sid]
    return page_v1("verifications", [one for one in verified if of in {None, one.sid}], _resource)


def _resource(number: Number) -> Json:
    sid = f"HH{number.sid.removeprefix('PN')}"
    return {
        "sid": sid,
        "account_sid": number.account_sid,
        "tollfree_phone_number_sid": number.sid,
        "status": number.verification,
        "rejection_reason": None,
        "date_created": iso(number.created),
        "date_updated": iso(number.updated),
        "url": f"{VERIFICATIONS}/{sid}",
    }
