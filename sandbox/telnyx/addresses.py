"""`/addresses`, and `enable_emergency`, by which one of them is told to emergency services for a number."""

import re

from sandbox.current import asking, the_world
from sandbox.inventory import EMERGENCY
from sandbox.records import Address, Carrier, Number, number_id
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import IN_USE, Denied, Json, Problem, invalid, not_found
from sandbox.telnyx.owned import owned_number
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.voice_settings import voice_resource

addresses = guarded("addresses")
NEEDED = ("first_name", "last_name", "business_name", "street_address", "locality", "country_code")
OTHERS = ("administrative_area", "postal_code", "extended_address", "customer_reference", "phone_number")
SWITCHES = ("validate_address", "address_book")
PARTS = ("street_address", "extended_address", "locality", "administrative_area", "postal_code", "country_code")
CODES = {"US": re.compile(r"\d{5}(-\d{4})?"), "CA": re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d")}


@addresses.post("/addresses")
def create() -> Json:
    """Create an address: 200. Unless told not to, one that cannot be is refused."""
    body = json_object([*NEEDED, *OTHERS, *SWITCHES], NEEDED)
    fields = {name: text(body, name) for name in (*NEEDED, *OTHERS) if name in body}
    if body.get("validate_address", True) and (problems := _problems(fields)):
        raise Denied(*problems)
    address = Address(number_id(Carrier.TELNYX), asking().sid, fields, the_world().exchange.now())
    with the_world().exchange.changing() as state:
        state.addresses[address.sid] = address
    return {"data": _resource(address)}


@addresses.get("/addresses")
def fetch_list() -> Json:
    """List the addresses of the account, newest first."""
    reference = known_filters("customer_reference.eq", "customer_reference.contains")
    kept = [each for each in the_world().state.addresses.values() if each.account_sid == asking().sid]
    return page([each for each in kept[::-1] if _fits(each, reference)], _resource)


@addresses.get("/addresses/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one address."""
    return {"data": _resource(_own(sid))}


@addresses.delete("/addresses/<sid>")
def delete(sid: str) -> Json:
    """Delete an address that no number uses."""
    address = _own(sid)
    if the_world().inventory.serves_emergencies(sid):
        raise Denied(Problem(IN_USE, "A number uses this address for emergencies."))
    with the_world().exchange.changing() as state:
        del state.addresses[sid]
    return {"data": _resource(address)}


@addresses.post("/addresses/actions/validate")
def validate() -> Json:
    """Tell whether an address can be, with what it may be meant to be."""
    body = json_object(PARTS, ["street_address", "postal_code", "country_code"])
    fields = {name: text(body, name) for name in PARTS if name in body}
    problems = _problems(fields)
    suggested = {name: value.strip() for name, value in fields.items()}
    found: Json = {"record_type": "address_validation", "suggested": suggested}
    return {"data": found | {"result": "invalid" if problems else "valid", "errors": [p.as_json() for p in problems]}}


@addresses.post("/phone_numbers/<sid>/actions/enable_emergency")
def enable_emergency(sid: str) -> tuple[Json, int]:
    """Tell emergency services where a number is, or that it is nowhere: 202 while that is under way, else 200."""
    needed = ["emergency_enabled", "emergency_address_id"]
    number, body = owned_number(sid), json_object(needed, ["emergency_address_id"])
    address = _own(text(body, "emergency_address_id"))
    _set(number, address.sid if body.get("emergency_enabled") else "")
    described = voice_resource(number)
    emergency = described["emergency"]
    under_way = isinstance(emergency, dict) and str(emergency["emergency_status"]).endswith("provisioning")
    return {"data": described}, 202 if under_way else 200


def _set(number: Number, address_sid: str) -> None:
    """Here one address may replace another at once."""
    with the_world().exchange.changing():
        number.settings[EMERGENCY] = address_sid
        number.emergency_changed = number.updated = the_world().exchange.now()


def _problems(fields: dict[str, str]) -> list[Problem]:
    """What is wrong with an address: a street needs a number, a postal code the form of its country."""
    code = CODES.get(fields.get("country_code", ""))
    problems = []
    if not any(letter.isdigit() for letter in fields.get("street_address", "")):
        problems.append(invalid("street_address", "The street has no house number."))
    if code is not None and not code.fullmatch(fields.get("postal_code", "")):
        problems.append(invalid("postal_code", "The postal code is none of this country."))
    return problems


def _fits(address: Address, wanted: dict[str, str]) -> bool:
    reference = address.fields.get("customer_reference", "")
    whole, part = wanted.get("customer_reference.eq"), wanted.get("customer_reference.contains", "")
    return whole in {None, reference} and part in reference


def _own(sid: str) -> Address:
    found = the_world().state.addresses.get(sid)
    if found is None or found.account_sid != asking().sid:
        raise not_found()
    return found


def _resource(address: Address) -> Json:
    return {
        **address.fields,
        "id": address.sid,
        "record_type": "address",
        "address_book": True,
        "validate_address": True,
        "created_at": iso(address.created),
        "updated_at": iso(address.created),
    }
