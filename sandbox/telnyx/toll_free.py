"""`/messaging_tollfree/verification/requests`: before one is verified, texts of a toll-free number come back."""

from uuid import uuid4

from flask import request

from sandbox.current import asking, the_world
from sandbox.scenarios import is_toll_free
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.kept import all_kept, change, forget, keep, own_kept
from sandbox.telnyx.paging import records_page
from sandbox.telnyx.records import Kept
from sandbox.telnyx.ten_dlc import TOLL_FREE

toll_free = guarded("toll_free")
NEEDED = (
    "businessName",
    "corporateWebsite",
    "businessAddr1",
    "businessCity",
    "businessState",
    "businessZip",
    "businessContactFirstName",
    "businessContactLastName",
    "businessContactEmail",
    "businessContactPhone",
    "messageVolume",
    "phoneNumbers",
    "useCase",
    "useCaseSummary",
    "productionMessageContent",
    "optInWorkflow",
    "optInWorkflowImageURLs",
    "additionalInformation",
)
OTHERS = (
    "businessAddr2",
    "isvReseller",
    "webhookUrl",
    "businessRegistrationNumber",
    "businessRegistrationType",
    "businessRegistrationCountry",
    "doingBusinessAs",
    "entityType",
    "optInConfirmationResponse",
    "helpMessageResponse",
    "privacyPolicyURL",
    "termsAndConditionURL",
    "ageGatedContent",
    "optInKeywords",
    "campaignVerifyAuthorizationToken",
)
SINCE_FEBRUARY = ("businessRegistrationNumber", "businessRegistrationType", "businessRegistrationCountry")
"""Compulsory since 17 February 2026, though the description calls them optional."""

LISTED = "/messaging_tollfree/verification/requests"


@toll_free.post(LISTED)
def create() -> Json:
    """Ask for a verification: 200, `In Progress` for three days."""
    body = _body()
    sid = str(uuid4())
    asked = keep(TOLL_FREE, body | {"verificationStatus": "In Progress", "reason": ""}, sid)
    _wait(asked)
    return _resource(asked) | {"verificationRequestId": sid}


@toll_free.get(LISTED)
def fetch_list() -> Json:
    """List all verifications, newest first; those of one number with `phone_number`."""
    wanted = request.args.get("phone_number", "")
    rows = [each for each in all_kept(TOLL_FREE)[::-1] if not wanted or _is_about(each, wanted)]
    return records_page(rows, _resource, "page_size", "total_records")


@toll_free.get(f"{LISTED}/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one verification."""
    return _resource(own_kept(TOLL_FREE, sid))


@toll_free.patch(f"{LISTED}/<sid>")
def update(sid: str) -> Json:
    """Correct a verification that was rejected or waits for us: it is reviewed anew."""
    asked = own_kept(TOLL_FREE, sid)
    if asked.fields["verificationStatus"] not in {"Rejected", "Waiting For Customer"}:
        raise Denied(invalid("verificationStatus", "The verification cannot be changed now."))
    change(asked, _body() | {"verificationStatus": "In Progress", "reason": ""})
    _wait(asked)
    return _resource(asked) | {"verificationRequestId": sid}


@toll_free.delete(f"{LISTED}/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a verification that was rejected: 204."""
    asked = own_kept(TOLL_FREE, sid)
    if asked.fields["verificationStatus"] != "Rejected":
        raise Denied(invalid("verificationStatus", "Only a rejected verification can be deleted."))
    forget(asked)
    return "", 204


def _body() -> Json:
    body = json_object([*NEEDED, *OTHERS], [*NEEDED, *SINCE_FEBRUARY])
    listed = body["phoneNumbers"]
    numbers = [str(each.get("phoneNumber")) for each in listed] if isinstance(listed, list) else []
    for number in numbers:
        held = the_world().inventory.held(number)
        if held is None or held.account_sid != asking().sid or not is_toll_free(number):
            raise Denied(invalid("phoneNumbers", f"{number} is no toll-free number of yours."))
    return body


def _is_about(asked: Kept, number: str) -> bool:
    listed = asked.fields["phoneNumbers"]
    return isinstance(listed, list) and any(each.get("phoneNumber") == number for each in listed)


def _wait(asked: Kept) -> None:
    with the_world().exchange.changing():
        the_world().ten_dlc.wait(asked)


def _resource(asked: Kept) -> Json:
    shown = {name: value for name, value in asked.fields.items() if value is not None}
    return shown | {"id": asked.sid, "createdAt": iso(asked.created), "updatedAt": iso(asked.updated)}
