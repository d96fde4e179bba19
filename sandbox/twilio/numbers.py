"""`IncomingPhoneNumbers`: the numbers of an account."""

from flask import Blueprint, request

from sandbox import catalogue
from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.inventory import METHODS, SETTINGS
from sandbox.records import Number
from sandbox.scenarios import carries_texts, is_toll_free
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, known
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_2010

PREFIX = "/api.twilio.com/2010-04-01/Accounts/<account_sid>"
# EmergencyStatus has been ignored since 2021: https://www.twilio.com/docs/api/errors/22222
NOT_SETTINGS = {"PhoneNumber", "AreaCode", "FriendlyName", "AccountSid", "ApiVersion", "EmergencyStatus"}
LONGEST_NAME = 64
numbers = guard(Blueprint("numbers", __name__, url_prefix=PREFIX))


@numbers.post("/IncomingPhoneNumbers.json")
@numbers.post("/IncomingPhoneNumbers/Local.json")
@numbers.post("/IncomingPhoneNumbers/Mobile.json")
@numbers.post("/IncomingPhoneNumbers/TollFree.json")
def buy() -> tuple[Json, int]:
    """Buy a number, or any in an area code, with its settings: 201."""
    fields, world = form(), the_world()
    phone_number, area_code = fields.get("PhoneNumber", ""), fields.get("AreaCode", "")
    if bool(phone_number) == bool(area_code):
        raise Refusal(21450, "Either PhoneNumber or AreaCode is required.")
    settings, name = _settings(), _name()
    with world.exchange.changing():
        number = world.inventory.buy(asking().sid, phone_number, area_code)
        number.friendly_name = name or number.friendly_name
        world.inventory.configure(number, settings)
    return resource(number), 201


@numbers.get("/IncomingPhoneNumbers.json")
def fetch_list() -> Json:
    """List the account's numbers; `PhoneNumber` may be a part of one."""
    pattern, name = request.args.get("PhoneNumber"), request.args.get("FriendlyName")
    rows = [
        number
        for number in the_world().state.numbers.values()
        if number.account_sid == asking().sid
        and (not pattern or catalogue.contains(number.phone_number, pattern))
        and (not name or number.friendly_name == name)
        and request.args.get("Origin", "twilio") == "twilio"
    ]
    return page_2010("incoming_phone_numbers", rows, resource)


@numbers.get("/IncomingPhoneNumbers/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one number."""
    return resource(_own(sid))


@numbers.post("/IncomingPhoneNumbers/<sid>.json")
def update(sid: str) -> Json:
    """Change settings or name; `AccountSid` moves the number to another account of the family."""
    number, settings, name = _own(sid), _settings(), _name()
    world = the_world()
    with world.exchange.changing() as state:
        if "AccountSid" in form():
            target = form()["AccountSid"]
            if target not in state.accounts:
                raise Refusal(21473, "The number cannot be transferred to this account.")
            number.account_sid = target
        number.friendly_name = name or number.friendly_name
        world.inventory.configure(number, settings)
    return resource(number)


@numbers.delete("/IncomingPhoneNumbers/<sid>.json")
def release(sid: str) -> tuple[str, int]:
    """Release a number for good: 204."""
    the_world().inventory.release(_own(sid))
    return "", 204


def resource(number: Number) -> Json:
    """A number as Twilio describes it."""
    uri = f"/2010-04-01/Accounts/{number.account_sid}/IncomingPhoneNumbers/{number.sid}"
    settings: Json = {name: number.settings.get(name) or None for name in SETTINGS}
    texts = carries_texts(number.phone_number)
    return settings | {
        "sid": number.sid,
        "account_sid": number.account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "capabilities": {"voice": True, "sms": texts, "mms": texts, "fax": False},
        "voice_caller_id_lookup": number.settings.get("voice_caller_id_lookup") == "true",
        "voice_receive_mode": number.settings.get("voice_receive_mode") or "voice",
        "address_requirements": "none",
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": "toll-free" if is_toll_free(number.phone_number) else "local",
        "emergency_status": "Active",
        "emergency_address_status": the_world().inventory.emergency_address_status(number),
        "date_created": rfc2822(number.created),
        "date_updated": rfc2822(number.updated),
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "subresource_uris": {"assigned_add_ons": f"{uri}/AssignedAddOns.json"},
    }


def _own(sid: str) -> Number:
    number = the_world().state.numbers.get(sid)
    if number is None or number.account_sid != asking().sid:
        raise not_found()
    return number


def _settings() -> dict[str, str]:
    """The settings of a form; an empty value clears one. Raises `Refusal` for a wrong one."""
    settings = known(form(), SETTINGS, NOT_SETTINGS)
    for name, value in settings.items():
        _must_be_setting(name, value)
    return settings


def _must_be_setting(name: str, value: str) -> None:
    is_url = name.endswith("_url") or name == "status_callback"
    if name in METHODS and value not in {"GET", "POST"}:
        raise Refusal(20001, f"{name} is not GET or POST.")
    if is_url and value and not value.startswith(("http://", "https://")):
        raise Refusal(20001, f"{name} is not a valid URL.")
    if name in {"address_sid", "emergency_address_sid"} and value and value not in the_world().state.addresses:
        raise Refusal(21615, f"{name} is not an address of this account.")


def _name() -> str:
    name = form().get("FriendlyName", "")
    if len(name) > LONGEST_NAME:
        raise Refusal(20001, "FriendlyName is longer than 64 characters.")
    return name
