"""`/verified_numbers`: numbers elsewhere that calls may show once their owner has heard a code and told it to us."""

from sandbox.calls.records import CallerId
from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.paging import page

verified_numbers = guarded("verified_numbers")
BY_TEXT = "sms"


@verified_numbers.post("/verified_numbers")
def ask() -> Json:
    """Tell the code to a number's owner, by a call or a text: 200, without `data`."""
    needed = ["phone_number", "verification_method"]
    body = json_object([*needed, "extension"], needed)
    number, method = text(body, "phone_number"), text(body, "verification_method")
    if method not in {BY_TEXT, "call"}:
        raise Denied(invalid("verification_method", "verification_method is sms or call."))
    asked = the_world().caller_ids.ask(asking().sid, number, number, "")
    the_world().caller_ids.tell_code(number, asked.code, by_text=method == BY_TEXT)
    return {"phone_number": number, "verification_method": method}


@verified_numbers.get("/verified_numbers")
def fetch_list() -> Json:
    """List the numbers that were verified."""
    return page(_verified(), _resource)


@verified_numbers.get("/verified_numbers/<number>")
def fetch(number: str) -> Json:
    """Fetch one number that was verified."""
    return {"data": _resource(_own(number))}


@verified_numbers.delete("/verified_numbers/<number>")
def delete(number: str) -> Json:
    """Show a number no longer: 200 with what it was."""
    found = _own(number)
    with the_world().exchange.changing() as state:
        del state.caller_ids[found.sid]
    return {"data": _resource(found)}


@verified_numbers.post("/verified_numbers/<number>/actions/verify")
def verify(number: str) -> Json:
    """Take the code that the owner has told."""
    code = text(json_object(["verification_code"], ["verification_code"]), "verification_code")
    if not the_world().caller_ids.verify(number, code, asking().sid):
        raise Denied(invalid("verification_code", "The code is wrong, or no code was asked for."))
    return {"data": _resource(_own(number))}


def _verified() -> list[CallerId]:
    known = the_world().state.caller_ids.values()
    return [each for each in known if each.verified and each.account_sid == asking().sid]


def _own(number: str) -> CallerId:
    for each in _verified():
        if each.phone_number == number:
            return each
    raise not_found()


def _resource(caller_id: CallerId) -> Json:
    return {
        "phone_number": caller_id.phone_number,
        "record_type": "verified_number",
        "verified_at": iso(caller_id.created),
    }
