"""`/detail_records`: the log of texts in both directions, without their words."""

from datetime import datetime, timedelta

from sandbox.current import asking, the_world
from sandbox.records import Message
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import INVALID, Denied, Json, Problem
from sandbox.telnyx.paging import known_filters, page
from sandbox.texting.segments import segments

detail_records = guarded("detail_records")
STATUS = {
    "received": "received",
    "delivered": "delivered",
    "undelivered": "failed",
    "failed": "gw_reject",
    "unconfirmed": "dlr_unconfirmed",
}
"""The world's status → that of the log; a text that is still on its way stands as `sent`."""

FILTERS = ("record_type", "date_range", "direction", "status", "cli", "cld")
NAMED_RANGES = {"today": 0, "yesterday": 1}


@detail_records.get("/detail_records")
def fetch_list() -> Json:
    """List the texts of a range of days, newest first."""
    wanted = known_filters(*FILTERS)
    if wanted.get("record_type") != "messaging":
        raise Denied(Problem(INVALID, "Only messaging is kept.", parameter="filter[record_type]"), status=400)
    begin = _begin(wanted.get("date_range", "today"))
    texts = [each for each in the_world().state.messages.values() if each.account_sid == asking().sid]
    rows = [_resource(each) for each in texts if each.created >= begin]
    same = ("direction", "status", "cli", "cld")
    return page([row for row in rows[::-1] if all(wanted.get(name, row[name]) == row[name] for name in same)], dict)


def _begin(date_range: str) -> datetime:
    """The first moment of `today`, `yesterday` or `last_N_days`."""
    days = NAMED_RANGES.get(date_range)
    if days is None:
        count = date_range.removeprefix("last_").removesuffix("_days")
        if not count.isdecimal():
            raise Denied(Problem(INVALID, "The range is not known.", parameter="filter[date_range]"), status=400)
        days = int(count)
    return the_world().exchange.now().replace(hour=0, minute=0, second=0) - timedelta(days=days)


def _resource(message: Message) -> Json:
    return {
        "record_type": "message_detail_record",
        "uuid": message.sid,
        "cli": message.from_,
        "cld": message.to,
        "direction": "inbound" if message.direction == "inbound" else "outbound",
        "message_type": "MMS" if message.media else "SMS",
        "status": STATUS.get(message.status, "sent"),
        "errors": [str(message.error_code)] if message.error_code else [],
        "parts": segments(message.body),
        "profile_id": message.service_sid or "",
        "created_at": iso(message.created),
        "sent_at": iso(message.sent),
    }
