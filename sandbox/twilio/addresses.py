"""`Addresses` of an account."""

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Address, Number, new_sid
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, known, parameter, required
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.numbers import resource
from sandbox.twilio.paging import Json, page_2010

NEEDED = ("customer_name", "street", "city", "region", "postal_code", "iso_country")
FIELDS = (*NEEDED, "friendly_name", "street_secondary", "emergency_enabled")
FILTERS = ("friendly_name", "customer_name", "iso_country")
NOT_IN_THIS_LIST = {
    "address_sid",
    "beta",
    "bundle_sid",
    "emergency_address_status",
    "identity_sid",
    "origin",
    "status",
    "subresource_uris",
    "type",
    "voice_receive_mode",
}
addresses = guard(Blueprint("addresses", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@addresses.post("/Addresses.json")
def create() -> tuple[Json, int]:
    """Create an address: 201."""
    required(form(), *map(parameter, NEEDED), code=21628)
    address = Address(new_sid("AD"), asking().sid, _fields(), the_world().exchange.now())
    with the_world().exchange.changing() as state:
        state.addresses[address.sid] = address
    return _resource(address), 201


@addresses.get("/Addresses.json")
def fetch_list() -> Json:
    """List the addresses of the account, by `FriendlyName`, `CustomerName` and `IsoCountry`."""
    wanted = {name: request.args.get(parameter(name)) for name in FILTERS}
    rows = [
        address
        for address in the_world().state.addresses.values()
        if address.account_sid == asking().sid
        and all(value in {None, address.fields.get(name)} for name, value in wanted.items())
    ]
    return page_2010("addresses", rows, _resource)


@addresses.get("/Addresses/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one address."""
    return _resource(_own(sid))


@addresses.post("/Addresses/<sid>.json")
def update(sid: str) -> Json:
    """Change an address: 409 while it is the emergency address of a number."""
    address = _own(sid)
    with the_world().exchange.changing():
        if the_world().inventory.serves_emergencies(sid):
            raise Refusal(20409, "The address is registered for emergencies.", 409)
        address.fields |= _fields()
    return _resource(address)


@addresses.delete("/Addresses/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Delete an address: 204, or 409 while a number uses it."""
    address = _own(sid)
    with the_world().exchange.changing() as state:
        if any(address.sid in number.settings.values() for number in state.numbers.values()):
            raise Refusal(20409, "The address is used by a phone number.", 409)
        del state.addresses[address.sid]
    return "", 204


@addresses.get("/Addresses/<sid>/DependentPhoneNumbers.json")
def dependent_numbers(sid: str) -> Json:
    """List the numbers that use an address, also for emergencies."""
    address = _own(sid)
    rows = [number for number in the_world().state.numbers.values() if address.sid in number.settings.values()]
    return page_2010("dependent_phone_numbers", rows, _dependent)


def _dependent(number: Number) -> Json:
    """A number as its own resource shows it, without the fields that this list lacks."""
    return {name: value for name, value in resource(number).items() if name not in NOT_IN_THIS_LIST}


def _fields() -> dict[str, str]:
    return known(form(), FIELDS, ("AutoCorrectAddress",))


def _own(sid: str) -> Address:
    address = the_world().state.addresses.get(sid)
    if address is None or address.account_sid != asking().sid:
        raise not_found()
    return address


def _resource(address: Address) -> Json:
    fields: Json = {name: address.fields.get(name) for name in FIELDS}
    return fields | {
        "sid": address.sid,
        "account_sid": address.account_sid,
        "emergency_enabled": address.fields.get("emergency_enabled") == "true",
        "validated": True,
        "verified": True,
        "date_created": rfc2822(address.created),
        "date_updated": rfc2822(address.created),
        "uri": f"/2010-04-01/Accounts/{address.account_sid}/Addresses/{address.sid}.json",
    }
