"""`numbers.twilio.com/v1/Porting`: portability and port requests, in JSON."""

from datetime import date, timedelta
from typing import cast

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import OutOfTurn, Refusal
from sandbox.porting.dates import to_utc
from sandbox.porting.port_requests import Filing
from sandbox.porting.records import PortIn, PortNumber
from sandbox.scenarios import PORTABILITY_REASONS, country, is_mobile, is_nanp
from sandbox.twilio import port_schema
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import json_object
from sandbox.twilio.errors import conflict, not_found
from sandbox.twilio.port_answers import PORTING, is_own, one_number, request_list, type_of, whole_request

porting = guard(Blueprint("porting", __name__, url_prefix="/numbers.twilio.com/v1/Porting"))


@porting.get("/Portability/PhoneNumber/<phone_number>")
def portability(phone_number: str) -> dict[str, object]:
    """Whether a number can be ported, and what is needed for it."""
    where = country(phone_number)
    if not phone_number.startswith("+") or (where is None and not is_nanp(phone_number)):
        raise Refusal(22102, "The phone number is not a valid E.164 number.")
    target = request.args.get("TargetAccountSid", asking().sid)
    code = the_world().porting.portability(phone_number, target)
    held = the_world().inventory.held(phone_number)
    return {
        "phone_number": phone_number,
        "account_sid": held.account_sid if held else None,
        "portable": code is None,
        "pin_and_account_number_required": is_mobile(phone_number),
        "not_portable_reason": PORTABILITY_REASONS.get(code or 0),
        "not_portable_reason_code": code,
        "number_type": type_of(phone_number),
        "country": where,
        "url": f"{PORTING}/Portability/PhoneNumber/{phone_number}",
    }


@porting.post("/PortIn")
def create() -> tuple[dict[str, object], int]:
    """File a request: 202."""
    world = the_world()
    earliest = world.exchange.now().date() + timedelta(days=world.exchange.delays.lead_days)
    clean = port_schema.check(json_object(), earliest)
    filing = _filing(clean)
    _must_fit(filing)
    return whole_request(world.porting.file(filing)), 202


@porting.get("/PortIn/PortInRequests")
def fetch_list() -> dict[str, object]:
    """List all requests, without their numbers."""
    return request_list()


@porting.get("/PortIn/<kw>")
def fetch(kw: str) -> dict[str, object]:
    """Fetch one request with all its numbers."""
    return whole_request(_own(kw))


@porting.delete("/PortIn/<kw>")
def cancel(kw: str) -> tuple[str, int]:
    """Cancel a whole request: 204, which means accepted, not done."""
    port_in = _own(kw)
    _cancel(port_in, port_in.numbers)
    return "", 204


@porting.get("/PortIn/<kw>/PhoneNumber/<pu>")
def fetch_number(kw: str, pu: str) -> dict[str, object]:
    """Fetch one number of a request."""
    port_in = _own(kw)
    return one_number(port_in, _number(port_in, pu))


@porting.delete("/PortIn/<kw>/PhoneNumber/<pu>")
def cancel_number(kw: str, pu: str) -> tuple[str, int]:
    """Cancel one number of a request: 204."""
    port_in = _own(kw)
    _cancel(port_in, [_number(port_in, pu)])
    return "", 204


def _filing(clean: dict[str, object]) -> Filing:
    """The filing, with the PINs apart and date and times converted to UTC together."""
    losing = cast("dict[str, str]", clean["losing_carrier_information"])
    numbers = cast("list[dict[str, str]]", clean["phone_numbers"])
    asked = {name: value for name, value in clean.items() if name not in {"phone_numbers", "account_sid"}}
    pins = {number["phone_number"]: number["pin"] or "" for number in numbers}
    account_sid, account_number = str(clean["account_sid"]), losing.get("account_number", "")
    return Filing(account_sid, account_number, pins, asked | _wished(clean))


def _wished(clean: dict[str, object]) -> dict[str, object]:
    wished = clean.get("target_port_in_date")
    if not isinstance(wished, date):
        return {}
    fields: dict[str, object] = {"target_port_in_date": wished.isoformat()}
    # the end first: the date belongs to the start of the range
    for name in ("target_port_in_time_range_end", "target_port_in_time_range_start"):
        if clean.get(name):
            try:
                day, fields[name] = to_utc(wished, str(clean[name]))
            except ValueError:
                raise Refusal(22171, f"Missing or invalid fields: {name}.") from None
            fields["target_port_in_date"] = day.isoformat()
    return fields


def _must_fit(filing: Filing) -> None:
    world = the_world()
    losing = cast("dict[str, str]", filing.asked["losing_carrier_information"])
    documents = cast("list[str]", filing.asked["documents"])
    if world.state.accounts.get(filing.account_sid) is None:
        raise Refusal(20001, "account_sid is not an account of yours.")
    if not set(documents) <= set(world.state.documents):
        raise Refusal(22171, "Missing or invalid fields: documents.")
    if losing.get("address_sid", "") not in {"", *world.state.addresses}:
        raise Refusal(22173, "The Address SID is invalid.")
    if filing.asked.get("bundle_sid"):
        raise Refusal(22170, "The bundle is invalid or not approved.")
    if len({country(number) for number in filing.pins}) > 1:
        raise Refusal(22172, "Phone numbers must be in E.164 format and from one country.")
    if any(world.porting.open_port(number) for number in filing.pins):
        raise Refusal(22137, "A port in request is already in progress for one of the numbers.")


def _own(kw: str) -> PortIn:
    found = the_world().state.port_ins.get(kw)
    if found is None or not is_own(found):
        raise not_found()
    return found


def _number(port_in: PortIn, pu: str) -> PortNumber:
    for number in port_in.numbers:
        if number.sid == pu:
            return number
    raise not_found()


def _cancel(port_in: PortIn, numbers: list[PortNumber]) -> None:
    try:
        the_world().porting.cancel(port_in, numbers)
    except OutOfTurn as reason:
        raise conflict(reason) from None
