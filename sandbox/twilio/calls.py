"""`Calls`: orders a call, and lists all calls."""

from decimal import Decimal

from flask import Blueprint, request

from sandbox.calls.records import Call, Place
from sandbox.calls.switch import CLIENT
from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.inventory import TEST_NUMBER, friendly
from sandbox.records import new_sid
from sandbox.scenarios import country
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, parameter, required
from sandbox.twilio.call_words import call_token
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.filters import is_within
from sandbox.twilio.paging import Json, page_2010

LONGEST_TWIML = 4000
# https://www.twilio.com/docs/iam/test-credentials#magic-input
TEST_RECEIVERS = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
ORDERS = (
    "url",
    "method",
    "fallback_url",
    "twiml",
    "status_callback",
    "status_callback_event",
    "status_callback_method",
    "send_digits",
    "timeout",
    "machine_detection",
    "async_amd",
    "async_amd_status_callback",
    "async_amd_status_callback_method",
    "record",
    "recording_status_callback",
    "recording_status_callback_method",
)
DETECTIONS = {"", "Enable", "DetectMessageEnd"}
OPEN = {"queued", "initiated", "ringing", "in-progress"}
calls = guard(Blueprint("calls", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@calls.post("/Calls.json")
def place() -> tuple[Json, int]:
    """Order a call: 201. It rings as a step of the agenda."""
    fields, world = form(), the_world()
    to, from_ = required(fields, "To", "From", code=21201)
    _must_be_callable(to, from_, fields.get("CallToken", ""))
    orders = {name: " ".join(fields.getlist(parameter(name))) for name in ORDERS}
    if application := world.state.applications.get(fields.get("ApplicationSid", "")):
        orders["url"] = application.settings.get("voice_url", "")
    if orders["machine_detection"] not in DETECTIONS:
        raise Refusal(20001, "MachineDetection must be Enable or DetectMessageEnd.")
    if not (orders.get("url") or orders.get("twiml")) or len(orders.get("twiml", "")) > LONGEST_TWIML:
        raise Refusal(21205, "Url or Twiml (at most 4000 characters) is required.")
    now = world.exchange.now()
    to, _, orders["parameters"] = to.partition("?") if to.startswith(CLIENT) else (to, "", "")
    call = Call(new_sid("CA"), asking().sid, from_, to, "outbound-api", "queued", now, orders=orders)
    world.calls.outbound.order(call)
    return _resource(call), 201


@calls.get("/Calls.json")
def fetch_list() -> Json:
    """List the account's calls, newest first, by `To`, `From`, `Status`, `ParentCallSid` and `StartTime` (`<`, `>`)."""
    wanted = request.args
    rows = [
        call
        for call in list(the_world().state.calls.values())
        if call.account_sid == asking().sid
        and wanted.get("To", call.to) == call.to
        and wanted.get("From", call.from_) == call.from_
        and wanted.get("Status", call.status) == call.status
        and wanted.get("ParentCallSid", call.parent) == call.parent
        and is_within(call.started, "StartTime")
    ]
    return page_2010("calls", rows[::-1], _resource)


@calls.get("/Calls/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one call."""
    return _resource(_own(sid))


@calls.post("/Calls/<sid>.json")
def update(sid: str) -> Json:
    """End a call, or take it to another document (`Url`, `Twiml`). Raises `Refusal` 21220 where that cannot be.

    `Status=completed` ends any call, `canceled` one that was not picked up.
    """
    call, fields = _own(sid), form()
    if fields.get("Status"):
        _end(call, fields["Status"])
    elif fields.get("Url") or fields.get("Twiml"):
        _take_elsewhere(call, {name: fields.get(parameter(name), "") for name in ORDERS})
    else:
        raise Refusal(21218, "Status, Url or Twiml is required.")
    return _resource(call)


def _end(call: Call, status: str) -> None:
    world = the_world()
    if status not in {"completed", "canceled"}:
        raise Refusal(20001, "Status must be completed or canceled.")
    if call.status not in OPEN or (status == "canceled" and call.status == "in-progress"):
        raise Refusal(21220, "Call is not in-progress. Cannot redirect.")
    if call.status == "queued":  # not rung yet, so no callback tells of it
        with world.exchange.changing():
            call.status, call.ended = "canceled", world.exchange.now()
    else:
        world.calls.under_way.end(call)


def _take_elsewhere(call: Call, orders: dict[str, str]) -> None:
    if call.stay is None or call.stay.place is Place.RINGING:
        raise Refusal(21220, "Call is not in-progress. Cannot redirect.")
    the_world().calls.under_way.take_elsewhere(call, orders)


def _must_be_callable(to: str, from_: str, token: str) -> None:
    world = the_world()
    if to in TEST_RECEIVERS or (country(to) is None and not to.startswith(CLIENT)):
        raise Refusal(TEST_RECEIVERS.get(to, 21217), "The number you want to call cannot be called.")
    if from_ == "+15005550001" or (country(from_) is None and from_ != TEST_NUMBER):
        raise Refusal(21212, "The 'From' number is not a valid phone number.")
    held = world.inventory.held(from_)
    own = held is not None and held.account_sid == asking().sid
    verified = any(each.verified and each.phone_number == from_ for each in world.state.caller_ids.values())
    inbound = [call for call in list(world.state.calls.values()) if call.direction == "inbound"]
    callers = {call_token(call): call.from_ for call in inbound}
    if not own and not verified and from_ not in {TEST_NUMBER, callers.get(token)}:
        raise Refusal(21210, "The source phone number is not yet verified for your account.")


def _own(sid: str) -> Call:
    call = the_world().state.calls.get(sid)
    if call is None or call.account_sid != asking().sid:
        raise not_found()
    return call


PRICE_OF_A_MINUTE = Decimal("0.0085")


def _price(call: Call) -> str | None:
    """What a leg cost by its started minutes, known once it has ended."""
    return str(-PRICE_OF_A_MINUTE * -(-call.seconds // 60)) if call.ended else None


def _resource(call: Call) -> Json:
    uri = f"/2010-04-01/Accounts/{call.account_sid}/Calls/{call.sid}"
    held = the_world().inventory.held(call.to if call.direction == "inbound" else call.from_)
    return {
        "sid": call.sid,
        "account_sid": call.account_sid,
        "parent_call_sid": call.parent,
        "to": call.to,
        "to_formatted": friendly(call.to),
        "from": call.from_,
        "from_formatted": friendly(call.from_),
        "phone_number_sid": held.sid if held else None,
        "status": "queued" if call.status == "initiated" else call.status,
        "start_time": rfc2822(call.started),
        "end_time": rfc2822(call.ended),
        "duration": str(call.seconds) if call.ended else None,
        "price": _price(call),
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by,
        "forwarded_from": call.forwarded_from,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(call.queue_time),
        "trunk_sid": None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.ended or call.created),
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }
