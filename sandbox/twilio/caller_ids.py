"""`OutgoingCallerIds`: outside numbers that the account may show."""

from flask import Blueprint, request

from sandbox.calls.records import CallerId
from sandbox.current import asking, the_world
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_2010

caller_ids = guard(Blueprint("caller_ids", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@caller_ids.post("/OutgoingCallerIds.json")
def ask() -> Json:
    """Start the validation of a number: 200 with the code that its owner has to key."""
    [phone_number] = required(form(), "PhoneNumber")
    name, callback = form().get("FriendlyName", ""), form().get("StatusCallback", "")
    asked = the_world().caller_ids.ask(asking().sid, phone_number, name, callback)
    return {
        "account_sid": asked.account_sid,
        "call_sid": f"CA{asked.sid[2:]}",
        "friendly_name": asked.friendly_name,
        "phone_number": asked.phone_number,
        "validation_code": asked.code,
    }


@caller_ids.get("/OutgoingCallerIds.json")
def fetch_list() -> Json:
    """List the verified caller IDs."""
    wanted = request.args.get("PhoneNumber")
    rows = [each for each in _verified() if wanted in {None, each.phone_number}]
    return page_2010("outgoing_caller_ids", rows, _resource)


@caller_ids.get("/OutgoingCallerIds/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one caller ID."""
    return _resource(_own(sid))


@caller_ids.post("/OutgoingCallerIds/<sid>.json")
def update(sid: str) -> Json:
    """Rename a caller ID."""
    verified = _own(sid)
    with the_world().exchange.changing():
        verified.friendly_name = form().get("FriendlyName", verified.friendly_name)
    return _resource(verified)


@caller_ids.delete("/OutgoingCallerIds/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Delete a caller ID: 204."""
    with the_world().exchange.changing() as state:
        del state.caller_ids[_own(sid).sid]
    return "", 204


def _verified() -> list[CallerId]:
    known = the_world().state.caller_ids.values()
    return [each for each in known if each.verified and each.account_sid == asking().sid]


def _own(sid: str) -> CallerId:
    for each in _verified():
        if each.sid == sid:
            return each
    raise not_found()


def _resource(caller_id: CallerId) -> Json:
    return {
        "sid": caller_id.sid,
        "account_sid": caller_id.account_sid,
        "phone_number": caller_id.phone_number,
        "friendly_name": caller_id.friendly_name,
        "date_created": rfc2822(caller_id.created),
        "date_updated": rfc2822(caller_id.created),
        "uri": f"/2010-04-01/Accounts/{caller_id.account_sid}/OutgoingCallerIds/{caller_id.sid}.json",
    }
