"""What is told of numbers that leave, to the account's webhooks; all of it is kept in a log."""

from uuid import uuid4

from sandbox.exchange import Exchange
from sandbox.porting.records import Comment, PortOut, PortOutStatus
from sandbox.records import Carrier
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json
from sandbox.telnyx.events import tell_account
from sandbox.telnyx.records import PortEvent

SPID = "987H"
STATUS = {
    PortOutStatus.PENDING: "pending",
    PortOutStatus.AUTHORIZED: "authorized",
    PortOutStatus.REFUSAL_READ: "rejected-pending",
    PortOutStatus.REFUSED: "rejected",
    PortOutStatus.CANCELED: "canceled",
    PortOutStatus.PORTED: "ported",
}
"""The world's status → theirs."""


def notify_port_out(exchange: Exchange, asked: PortOut, kind: str, comment: Comment | None) -> None:
    """Keep and send an event about a number of this carrier's account; those of the other hear nothing."""
    if exchange.carrier_of(asked.account_sid) is not Carrier.TELNYX:
        return
    payload = {"status_changed": _status, "foc_date_changed": _date}.get(kind, lambda each: _comment(each, comment))
    event = PortEvent(str(uuid4()), asked.account_sid, asked.sid, f"portout.{kind}", payload(asked), exchange.now())
    exchange.state.port_events[event.sid] = event
    tell_account(exchange, event.account_sid, event.kind, event.payload)


def _status(asked: PortOut) -> Json:
    return {
        "id": asked.sid,
        "status": STATUS[asked.status],
        "phone_numbers": [asked.phone_number],
        "carrier_name": asked.operator,
        "spid": SPID,
        "user_id": asked.account_sid,
        "subscriber_name": "",
        "rejection_reason": asked.reason or None,
        "attempted_pin": asked.pin,
    }


def _date(asked: PortOut) -> Json:
    return {"id": asked.sid, "user_id": asked.account_sid, "foc_date": iso(asked.leaves)}


def _comment(asked: PortOut, comment: Comment | None) -> Json:
    about: Json = {"portout_id": asked.sid, "user_id": asked.account_sid}
    return about | ({"id": comment.sid, "comment": comment.body} if comment else {})
