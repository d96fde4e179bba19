"""`/texml/…/Calls`: calls are ordered, listed, ended and taken elsewhere. Lists lag behind by ten seconds.

What is asked comes in PascalCase, as JSON or as a form; what is answered is in snake case and has no `data`.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from flask import request

from sandbox.calls.records import Call, Place
from sandbox.calls.switch import IN_PROGRESS, timestamp
from sandbox.current import asking, the_world
from sandbox.inventory import friendly
from sandbox.records import Application
from sandbox.scenarios import country
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import words
from sandbox.telnyx.errors import INVALID, Denied, Json, Problem, invalid, not_found
from sandbox.telnyx.owned import owned_application
from sandbox.telnyx.paging import texml_page

calls = guarded("calls")
ORDERS = {
    "Url": "url",
    "UrlMethod": "method",
    "FallbackUrl": "fallback_url",
    "Texml": "twiml",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "StatusCallbackEvent": "status_callback_event",
    "Timeout": "timeout",
    "MachineDetection": "machine_detection",
    "AsyncAmd": "async_amd",
    "AsyncAmdStatusCallback": "async_amd_status_callback",
    "AsyncAmdStatusCallbackMethod": "async_amd_status_callback_method",
    "Record": "record",
    "RecordingStatusCallback": "recording_status_callback",
    "RecordingStatusCallbackMethod": "recording_status_callback_method",
}
"""Their name of what a call was ordered with → the world's."""

ORDERED_BY_APPLICATION = {"Url": "url", "Method": "method", "Texml": "twiml"}
CHANGES = {"Url": "url", "Method": "method", "FallbackUrl": "fallback_url", "Texml": "twiml"}
UNHEEDED = (
    "CallerId",
    "CancelPlaybackOnDetectMessageEnd",
    "CancelPlaybackOnMachineDetection",
    "DetectionMode",
    "MachineDetectionTimeout",
    "RecordingChannels",
    "RecordingStatusCallbackEvent",
    "RecordingTimeout",
    "RecordingTrack",
    "SendRecordingUrl",
    "TimeLimit",
    "Trim",
)
ALL_STEPS = "initiated ringing answered completed"
OPEN = {"queued", "initiated", "ringing", IN_PROGRESS}
SHORTEST_RING, LONGEST_RING = 5, 120
LAG = timedelta(seconds=10)
FOREIGN_CALLER, NOT_ALLOWED = "D35", "10010"


@calls.post("/texml/calls/<connection>")
def place_by_application(connection: str) -> Json:
    """Order a call: 200 with its id. The application's own address hears of all its steps."""
    fields = words(["From", "To", *ORDERED_BY_APPLICATION], ["From", "To"])
    ordered = {ours: fields[theirs] for theirs, ours in ORDERED_BY_APPLICATION.items() if theirs in fields}
    call = _order(connection, fields, ordered)
    return {"call_sid": call.sid, "from": call.from_, "to": call.to, "status": call.status}


@calls.post("/texml/Accounts/<account>/Calls")
def place(account: str) -> Json:
    """Order a call: 200 without its id, which the first callback tells."""
    _must_be(account)
    fields = words(["ApplicationSid", "From", "To", *ORDERS, *UNHEEDED], ["ApplicationSid", "From", "To"])
    ordered = {ours: fields[theirs] for theirs, ours in ORDERS.items() if theirs in fields}
    if ordered.get("machine_detection") == "Disable":
        del ordered["machine_detection"]
    call = _order(fields["ApplicationSid"], fields, ordered)
    return {"from": call.from_, "to": call.to, "status": call.status}


@calls.get("/texml/Accounts/<account>/Calls")
def fetch_list(account: str) -> Json:
    """List the calls that began at least ten seconds ago, newest first, by `To`, `From`, `Status` and `StartTime`."""
    _must_be(account)
    now = the_world().exchange.now()
    rows = [call for call in list(the_world().state.calls.values()) if call.account_sid == account]
    return texml_page("calls", [call for call in rows[::-1] if now - call.created >= LAG and _fits(call)], _resource)


@calls.get("/texml/Accounts/<account>/Calls/<sid>")
def fetch(account: str, sid: str) -> Json:
    """Fetch one call."""
    return _resource(own_call(account, sid))


@calls.post("/texml/Accounts/<account>/Calls/<sid>")
def update(account: str, sid: str) -> Json:
    """End a call (`Status=completed`), or take it to another document (`Url`, `Texml`)."""
    call = own_call(account, sid)
    known = ["Status", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", *CHANGES]
    fields, world = words(known), the_world()
    if call.status not in OPEN:
        raise Denied(invalid("call_sid", "The call is over."))
    if fields.get("Status") == "completed":
        world.calls.under_way.end(call)
    elif call.stay is None or call.stay.place is Place.RINGING or not (fields.get("Url") or fields.get("Texml")):
        raise Denied(invalid("Status", "There is nothing to change, or the call was not answered yet."))
    else:
        orders = dict.fromkeys(CHANGES.values(), "")
        orders |= {ours: fields[theirs] for theirs, ours in CHANGES.items() if theirs in fields}
        world.calls.under_way.take_elsewhere(call, orders)
    return _resource(call)


def own_call(account: str, sid: str) -> Call:
    """A call of the account that asks. Raises `Denied`."""
    _must_be(account)
    call = the_world().state.calls.get(sid)
    if call is None or call.account_sid != account:
        raise not_found()
    return call


def _order(connection: str, fields: dict[str, str], ordered: dict[str, str]) -> Call:
    """Order a call by an application, whose own settings hold for what the order leaves out."""
    application = owned_application(connection)
    if application is None:
        raise Denied(invalid("ApplicationSid", f"There is no application {connection}."))
    _must_be_allowed(application, fields["From"], fields["To"])
    _must_ring_for(ordered.get("timeout", "30"))
    world, usual = the_world(), application.settings
    orders = ordered | {"application_sid": connection}
    if not (orders.get("url") or orders.get("twiml")):
        orders |= {"url": usual.get("voice_url", ""), "method": usual.get("voice_method", "POST")}
    if not orders.get("status_callback"):
        orders |= {"status_callback": usual.get("status_callback", ""), "status_callback_event": ALL_STEPS}
        orders["status_callback_method"] = usual.get("status_callback_method", "POST")
    sid, now = world.calls.dialect(asking().sid).new_id("CA"), world.exchange.now()
    call = Call(sid, asking().sid, fields["From"], fields["To"], "outbound", "queued", now, orders=orders)
    world.calls.outbound.order(call)
    return call


def _must_be_allowed(application: Application, from_: str, to: str) -> None:
    world, outbound = the_world(), application.extras.get("outbound")
    profile = outbound.get("outbound_voice_profile_id") if isinstance(outbound, dict) else None
    if profile not in world.state.kept:
        raise Denied(Problem(NOT_ALLOWED, "The application has no outbound voice profile."), status=403)
    if country(to) is None and not to.startswith("sip:"):
        raise Denied(invalid("To", f"{to} cannot be called."))
    held = world.inventory.held(from_)
    verified = any(
        each.verified and (each.account_sid, each.phone_number) == (asking().sid, from_)
        for each in world.state.caller_ids.values()
    )
    if not verified and (held is None or held.account_sid != asking().sid):
        raise Denied(Problem(FOREIGN_CALLER, f"{from_} is not a number of yours, and not verified."), status=403)


def _must_ring_for(seconds: str) -> None:
    if not seconds.isdecimal() or not SHORTEST_RING <= int(seconds) <= LONGEST_RING:
        raise Denied(invalid("Timeout", f"Timeout is from {SHORTEST_RING} to {LONGEST_RING} seconds."))


def _must_be(account: str) -> None:
    if account != asking().sid:
        raise not_found()


def _fits(call: Call) -> bool:
    wanted, began = request.args, call.started or call.created
    return (
        wanted.get("To", call.to) == call.to
        and wanted.get("From", call.from_) == call.from_
        and wanted.get("Status", call.status) == call.status
        and all(began > _moment(name) for name in ("StartTime_gt", "StartTime>") if name in wanted)
        and all(began < _moment(name) for name in ("StartTime_lt", "StartTime<") if name in wanted)
    )


def _moment(name: str) -> datetime:
    """A moment of the query, in RFC 2822 or ISO 8601."""
    value = request.args[name]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(value)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=the_world().exchange.now().tzinfo)
    raise Denied(Problem(INVALID, "A moment was expected.", parameter=name), status=400)


def _resource(call: Call) -> Json:
    """A call as TeXML describes it. What is not known yet is left out."""
    moments = {"start_time": call.started, "end_time": call.ended}
    known: Json = {name: timestamp(at) for name, at in moments.items() if at is not None}
    known |= {"answered_by": call.answered_by} if call.answered_by else {}
    known |= {"duration": str(call.seconds), "price": f"{_price(call):.4f}"} if call.ended else {}
    return known | {
        "sid": call.sid,
        "account_sid": call.account_sid,
        "from": call.from_,
        "from_formatted": friendly(call.from_),
        "to": call.to,
        "to_formatted": friendly(call.to),
        "caller_name": "",
        "direction": "inbound" if call.direction == "inbound" else "outbound",
        "status": "ringing" if call.status in {"queued", "initiated"} else call.status,
        "price_unit": "USD",
        "date_created": timestamp(call.created),
        "date_updated": timestamp(call.ended or call.created),
        "uri": f"/v2/texml/Accounts/{call.account_sid}/Calls/{call.sid}.json",
    }


A_MINUTE = 0.007


def _price(call: Call) -> float:
    return -(-call.seconds // 60) * A_MINUTE
