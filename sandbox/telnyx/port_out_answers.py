"""`/portouts`: numbers that another carrier wants. They are authorized or refused; silence authorizes."""

from sandbox.current import asking, the_world
from sandbox.porting.records import Comment, PortOut, PortOutStatus
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.events import tell_account
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.port_log import told_event
from sandbox.telnyx.port_out_events import SPID, STATUS
from sandbox.telnyx.records import PortEvent

port_outs = guarded("port_outs")
FILTERS = ("status", "status_in", "phone_number", "support_key", "carrier_name", "inserted_at.gte", "inserted_at.lte")
ANSWERS = {"authorized", "rejected-pending"}
OTHER = 1001
REASONS = {OTHER: "Other", 1002: "Invalid PIN"}


@port_outs.get("/portouts")
def fetch_list() -> Json:
    """List the port-outs of the account, newest first."""
    wanted = known_filters(*FILTERS)
    return page([each for each in _all()[::-1] if _fits(each, wanted)], _resource)


@port_outs.get("/portouts/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one port-out."""
    return {"data": _resource(_own(sid))}


@port_outs.patch("/portouts/<sid>/<status>")
def answer(sid: str, status: str) -> Json:
    """Authorize or refuse a port-out that waits for an answer. Their guide adds `rejection_code`."""
    port_out, known = _own(sid), the_world().port_outs
    body = json_object(["reason", "rejection_code", "host_messaging"], ["reason"])
    if status not in ANSWERS:
        raise Denied(invalid("status", "The answer is authorized or rejected-pending."))
    if port_out.status is not PortOutStatus.PENDING:
        raise Denied(invalid("status", f"A port-out that is {STATUS[port_out.status]} cannot be answered."))
    if status == "authorized":
        known.authorize(port_out)
    else:
        known.refuse(port_out, _code(body), text(body, "reason"))
    return {"data": _resource(port_out)}


@port_outs.get("/portouts/rejections/<sid>")
def reasons(sid: str) -> Json:
    """List the codes of refusals."""
    _own(sid)
    rows = [{"code": code, "description": words, "reason_required": code == OTHER} for code, words in REASONS.items()]
    return {"data": rows}


@port_outs.get("/portouts/<sid>/comments")
def comments(sid: str) -> Json:
    """List the comments on a port-out."""
    port_out = _own(sid)
    return {"data": [_comment(port_out, each) for each in port_out.comments]}


@port_outs.post("/portouts/<sid>/comments")
def add_comment(sid: str) -> tuple[Json, int]:
    """Comment a port-out: 201."""
    port_out, body = _own(sid), json_object(["body"], ["body"])
    return {"data": _comment(port_out, the_world().port_outs.comment(port_out, text(body, "body")))}, 201


@port_outs.get("/portouts/events")
def events() -> Json:
    """List what was told of port-outs, newest first."""
    wanted = known_filters("event_type", "portout_id", "created_at.gte", "created_at.lte")
    kept = [each for each in the_world().state.port_events.values() if each.account_sid == asking().sid]
    rows = [each for each in kept[::-1] if each.kind.startswith("portout.")]
    return page(
        [
            each
            for each in rows
            if wanted.get("event_type", each.kind) == each.kind
            and wanted.get("portout_id", each.subject) == each.subject
        ],
        _event,
    )


@port_outs.post("/portouts/events/<sid>/republish")
def republish(sid: str) -> tuple[str, int]:
    """Send an event once more: 204."""
    event = the_world().state.port_events.get(sid)
    if event is None or event.account_sid != asking().sid:
        raise not_found()
    with the_world().exchange.changing():
        tell_account(the_world().exchange, event.account_sid, event.kind, event.payload)
    return "", 204


def _own(sid: str) -> PortOut:
    for each in _all():
        if each.sid == sid:
            return each
    raise not_found()


def _all() -> list[PortOut]:
    return [each for each in the_world().state.port_outs.values() if each.account_sid == asking().sid]


def _code(body: Json) -> int:
    code = body.get("rejection_code") or OTHER
    if code not in REASONS:
        raise Denied(invalid("rejection_code", f"{code} is no code of a refusal."))
    return int(str(code))


def _fits(port_out: PortOut, wanted: dict[str, str]) -> bool:
    made, status = iso(port_out.asked) or "", STATUS[port_out.status]
    return (
        status in wanted.get("status_in", wanted.get("status", status)).split(",")
        and wanted.get("phone_number", port_out.phone_number) == port_out.phone_number
        and wanted.get("support_key", _key(port_out)) == _key(port_out)
        and wanted.get("carrier_name", port_out.operator) == port_out.operator
        and wanted.get("inserted_at.gte", made) <= made <= wanted.get("inserted_at.lte", made)
    )


def _key(port_out: PortOut) -> str:
    return f"PO_{port_out.sid[-6:]}"


def _resource(port_out: PortOut) -> Json:
    refused: Json = {"rejection_code": port_out.refusal_code} if port_out.refusal_code else {}
    return {
        **refused,
        "id": port_out.sid,
        "record_type": "portout",
        "phone_numbers": [port_out.phone_number],
        "carrier_name": port_out.operator,
        "current_carrier": "telnyx",
        "spid": SPID,
        "pon": port_out.sid[-8:],
        "lsr": [],
        "reason": port_out.reason or None,
        "foc_date": iso(port_out.leaves),
        "requested_foc_date": iso(port_out.leaves),
        "support_key": _key(port_out),
        "status": STATUS[port_out.status],
        "already_ported": port_out.status is PortOutStatus.PORTED,
        "user_id": port_out.account_sid,
        "host_messaging": False,
        "created_at": iso(port_out.asked),
        "inserted_at": iso(port_out.asked),
        "updated_at": iso(port_out.changed or port_out.asked),
    }


def _comment(port_out: PortOut, comment: Comment) -> Json:
    return {
        "id": comment.sid,
        "record_type": "portout",
        "body": comment.body,
        "portout_id": port_out.sid,
        "user_id": port_out.account_sid,
        "created_at": iso(comment.created),
    }


def _event(event: PortEvent) -> Json:
    return told_event(event, "portout_event", "portout_id")
