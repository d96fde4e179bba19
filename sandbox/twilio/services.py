"""`messaging.twilio.com/v1`: messaging services and their pools of numbers."""

from flask import Blueprint

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import Number, Service, new_sid
from sandbox.registering.records import CampaignStatus
from sandbox.scenarios import country
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, known, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1

SERVICES = "https://messaging.twilio.com/v1/Services"
URLS = ("inbound_request_url", "fallback_url", "status_callback")
FLAGS = {
    "sticky_sender": True,
    "mms_converter": True,
    "smart_encoding": True,
    "area_code_geomatch": True,
    "fallback_to_long_code": True,
    "synchronous_validation": False,
    "use_inbound_webhook_on_number": False,
}
WORDS = {"inbound_method": "POST", "fallback_method": "POST", "usecase": "undeclared", "validity_period": "36000"}
LARGEST_POOL = 400
services = guard(Blueprint("services", __name__, url_prefix="/messaging.twilio.com/v1/Services"))


@services.post("")
def create() -> tuple[Json, int]:
    """Create a service: 201."""
    required(form(), "FriendlyName")
    world, now = the_world(), the_world().exchange.now()
    service = Service(new_sid("MG"), asking().sid, form()["FriendlyName"], now, now, _settings())
    with world.exchange.changing() as state:
        state.services[service.sid] = service
    return _resource(service), 201


@services.get("")
def fetch_list() -> Json:
    """List all services of the account."""
    rows = [service for service in the_world().state.services.values() if service.account_sid == asking().sid]
    return page_v1("services", rows, _resource)


@services.get("/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one service."""
    return _resource(own_service(sid))


@services.post("/<sid>")
def update(sid: str) -> Json:
    """Change a service."""
    service, settings = own_service(sid), _settings()
    with the_world().exchange.changing():
        service.settings |= settings
        service.friendly_name = form().get("FriendlyName", service.friendly_name)
        service.updated = the_world().exchange.now()
    return _resource(service)


@services.delete("/<sid>")
def delete(sid: str) -> tuple[str, int]:
    """Delete a service: 204. Its numbers stay in the account."""
    service = own_service(sid)
    with the_world().exchange.changing() as state:
        del state.services[service.sid]
    return "", 204


@services.post("/<sid>/PhoneNumbers")
def add_number(sid: str) -> tuple[Json, int]:
    """Add a number to the pool: 201. Raises `Refusal` 21710 or 21712 if it is in a pool, 21714 if this one is full."""
    service, world = own_service(sid), the_world()
    [number_sid] = required(form(), "PhoneNumberSid")
    number = world.state.numbers.get(number_sid)
    if number is None or number.account_sid != asking().sid:
        raise Refusal(20404, f"The requested resource /PhoneNumbers/{number_sid} was not found", 404)
    if number.sid in service.pool:
        raise Refusal(21710, "Phone Number or Short Code is already in the Messaging Service.", 409)
    if any(number.sid in other.pool for other in world.state.services.values()):
        raise Refusal(21712, "Phone Number or Short Code is associated with another Messaging Service.", 409)
    if len(service.pool) >= LARGEST_POOL:
        raise Refusal(21714, "Messaging Service has reached its limit of numbers.")
    with world.exchange.changing():
        world.registry.campaigns.join(service, number.sid)
    return _member(service, number), 201


@services.get("/<sid>/PhoneNumbers")
def numbers(sid: str) -> Json:
    """List the numbers of the pool."""
    service = own_service(sid)
    rows = [the_world().state.numbers[number_sid] for number_sid in service.pool]
    return page_v1("phone_numbers", rows, lambda number: _member(service, number))


@services.get("/<sid>/PhoneNumbers/<number_sid>")
def number(sid: str, number_sid: str) -> Json:
    """Fetch one number of the pool."""
    service = own_service(sid)
    if number_sid not in service.pool:
        raise not_found()
    return _member(service, the_world().state.numbers[number_sid])


@services.delete("/<sid>/PhoneNumbers/<number_sid>")
def remove_number(sid: str, number_sid: str) -> tuple[str, int]:
    """Remove a number from the pool: 204. It stays in the account."""
    service = own_service(sid)
    if number_sid not in service.pool:
        raise not_found()
    with the_world().exchange.changing():
        the_world().registry.campaigns.leave(service, number_sid)
    return "", 204


def _resource(service: Service) -> Json:
    url, settings = f"{SERVICES}/{service.sid}", service.settings
    flags: Json = {name: settings.get(name, str(usual).lower()) == "true" for name, usual in FLAGS.items()}
    urls: Json = {name: settings.get(name) or None for name in URLS}
    words: Json = {name: settings.get(name) or usual for name, usual in WORDS.items()}
    links = ("phone_numbers", "PhoneNumbers"), ("us_app_to_person", "Compliance/Usa2p")
    return {**flags, **urls, **words} | {
        "sid": service.sid,
        "account_sid": service.account_sid,
        "friendly_name": service.friendly_name,
        "validity_period": int(settings.get("validity_period") or WORDS["validity_period"]),
        "scan_message_content": "inherit",
        "us_app_to_person_registered": (
            service.campaign is not None and service.campaign.status == CampaignStatus.VERIFIED
        ),
        "date_created": iso(service.created),
        "date_updated": iso(service.updated),
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in links},
    }


def _member(service: Service, number: Number) -> Json:
    added = iso(service.pool[number.sid])
    return {
        "sid": number.sid,
        "account_sid": service.account_sid,
        "service_sid": service.sid,
        "phone_number": number.phone_number,
        "country_code": country(number.phone_number),
        "capabilities": ["Voice", "SMS", "MMS"],
        "date_created": added,
        "date_updated": added,
        "url": f"{SERVICES}/{service.sid}/PhoneNumbers/{number.sid}",
    }


def own_service(sid: str) -> Service:
    """A messaging service of the account. Raises `Refusal` 404."""
    service = the_world().state.services.get(sid)
    if service is None or service.account_sid != asking().sid:
        raise not_found()
    return service


def _settings() -> dict[str, str]:
    settings = known(form(), (*URLS, *FLAGS, *WORDS), ("FriendlyName",))
    if not settings.get("validity_period", "1").isdigit():
        raise Refusal(20001, "ValidityPeriod is not a number of seconds.")
    return settings
