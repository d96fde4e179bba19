"""Port requests as Twilio describes them, and their list, paged by tokens."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from flask import request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.faults import ApiSpelling
from sandbox.porting.records import NumberStatus, PortIn, PortNumber, RequestStatus
from sandbox.scenarios import PORTABILITY_REASONS, REJECTION_REASONS, country, is_mobile, is_toll_free, scenario
from sandbox.twilio.bodies import whole_number
from sandbox.twilio.dates import iso, parse_iso

LARGEST_PAGE = 100
PORTING = "https://numbers.twilio.com/v1/Porting"
ECHOED = (
    "losing_carrier_information",
    "notification_emails",
    "target_port_in_date",
    "target_port_in_time_range_start",
    "target_port_in_time_range_end",
    "bundle_sid",
    "portability_advance_carrier",
    "auto_cancel_approval_numbers",
    "documents",
)


def whole_request(port_in: PortIn) -> dict[str, object]:
    """The answer to create and fetch."""
    return {name: port_in.asked.get(name) for name in ECHOED} | {
        "port_in_request_sid": port_in.sid,
        "url": f"{PORTING}/PortIn/{port_in.sid}",
        "account_sid": port_in.account_sid,
        "port_in_request_status": spell(port_in.status),
        "order_cancellation_reason": port_in.reason,
        "phone_numbers": [_item(number) for number in port_in.numbers],
        "date_created": iso(port_in.created),
        "support_ticket_id": port_in.ticket,
        "signature_request_url": signature_url(port_in),
    }


def one_number(port_in: PortIn, number: PortNumber) -> dict[str, object]:
    """The answer about a single number. Some names and types differ from those inside a request."""
    return {
        "port_in_request_sid": port_in.sid,
        "phone_number_sid": number.sid,
        "url": f"{PORTING}/PortIn/{port_in.sid}/PhoneNumber/{number.sid}",
        "account_sid": port_in.account_sid,
        "phone_number_type": type_of(number.phone_number),
        "date_created": iso(port_in.created),
        "country": country(number.phone_number),
        "missing_required_fields": is_mobile(number.phone_number) and not number.pin,
        "last_updated": iso(number.changed),
        "phone_number": number.phone_number,
        "portable": number.not_portable_code is None,
        "not_portability_reason": PORTABILITY_REASONS.get(number.not_portable_code or 0),
        "not_portability_reason_code": number.not_portable_code,
        "port_in_phone_number_status": spell(number.status),
        "port_out_pin": None,
        "rejection_reason": REJECTION_REASONS.get(number.rejection_code or 0),
        "rejection_reason_code": number.rejection_code,
        "port_date": iso(number.port_date),
    }


def request_list() -> dict[str, object]:
    """The answer to the list: newest first, without the numbers, paged by tokens."""
    found = [port_in for port_in in reversed(the_world().state.port_ins.values()) if _is_wanted(port_in)]
    size = whole_number(request.args.get("Size"), 20, 0, 101)
    if not 1 <= size <= LARGEST_PAGE:
        raise Refusal(20001, "Size is not between 1 and 100.")
    start = _read_token(request.args.get("Token"))
    meta = {
        "next_token": _token(start + size) if start + size < len(found) else None,
        "previous_token": _token(max(0, start - size)) if start else None,
    }
    return {"port_in_requests": [_row(port_in) for port_in in found[start : start + size]], "meta": meta}


def signature_url(port_in: PortIn) -> str | None:
    """The address of the signing page while the request waits for its signature, or None."""
    linked = all(scenario(number.phone_number).linked for number in port_in.numbers)
    waits = port_in.status is RequestStatus.WAITING_FOR_SIGNATURE and port_in.signed is None
    return f"{the_world().exchange.public_url}/sign/{port_in.signature_key}" if linked and waits else None


def is_own(port_in: PortIn) -> bool:
    """Whether the request belongs to the authenticated account or one of its subaccounts."""
    owner = the_world().state.accounts[port_in.account_sid]
    return asking().sid in {owner.sid, owner.parent}


def spell(status: str) -> str:
    """Spell a status in the way that is switched on."""
    as_title = the_world().faults.api_spelling is ApiSpelling.TITLE
    return status.replace("_", " ").title() if as_title else str(status)


def type_of(phone_number: str) -> str:
    """`LOCAL`, `MOBILE`, `TOLL-FREE` (with a hyphen) or `UNKNOWN`."""
    if not phone_number.startswith("+1"):
        return "UNKNOWN"
    if is_toll_free(phone_number):
        return "TOLL-FREE"
    return "MOBILE" if is_mobile(phone_number) else "LOCAL"


def _item(number: PortNumber) -> dict[str, object]:
    return {
        "phone_number": number.phone_number,
        "number_type": type_of(number.phone_number),
        "portable": number.not_portable_code is None,
        "not_portability_reason": PORTABILITY_REASONS.get(number.not_portable_code or 0),
        "not_portability_reason_code": number.not_portable_code,
        "port_in_phone_number_sid": number.sid,
        "port_in_phone_number_status": spell(number.status),
        "rejection_reason": REJECTION_REASONS.get(number.rejection_code or 0),
        # a string here, but a number in the answer about one number
        "rejection_reason_code": str(number.rejection_code) if number.rejection_code else None,
        "port_date": iso(number.port_date),
        "status_last_time_updated_timestamp": iso(number.changed),
        "external_porting_vendor_phone_number_id": None,
    }


def _row(port_in: PortIn) -> dict[str, object]:
    ported = sum(number.status is NumberStatus.COMPLETED for number in port_in.numbers)
    advice = "Fix the rejected numbers" if port_in.status is RequestStatus.ACTION_REQUIRED else None
    return {
        "port_in_request_sid": port_in.sid,
        "port_in_request_status": spell(port_in.status),
        "status_last_updated_timestamp": iso(port_in.changed),
        "phone_numbers_requested": len(port_in.numbers),
        "phone_numbers_ported": ported,
        "suggested_action": advice,
    }


def _is_wanted(port_in: PortIn) -> bool:
    wanted = request.args
    sids = wanted.get("PortInRequestSid", port_in.sid).split(",")
    status = re.sub(r"[\s-]", "_", wanted.get("PortInRequestStatus", port_in.status).lower())
    return is_own(port_in) and port_in.sid in sids and status == port_in.status and _is_within(port_in.created)


def _is_within(created: datetime) -> bool:
    before, after = request.args.get("CreatedBefore"), request.args.get("CreatedAfter")
    try:
        return (not before or created <= parse_iso(before)) and (not after or created >= parse_iso(after))
    except ValueError:
        raise Refusal(20001, "CreatedBefore and CreatedAfter are ISO 8601 dates.") from None


def _token(start: int) -> str:
    return urlsafe_b64encode(f"after {start}".encode()).decode()


def _read_token(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(urlsafe_b64decode(token).decode().removeprefix("after "))
    except ValueError:
        raise Refusal(20001, "The Token is not one of ours.") from None
