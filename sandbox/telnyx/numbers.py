"""`/phone_numbers`: the numbers of the account. Their URLs stand on applications and profiles."""

from sandbox.current import asking, the_world
from sandbox.records import Number
from sandbox.scenarios import country, is_toll_free
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, text, texts
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.owned import owned_application, owned_number, owned_profile
from sandbox.telnyx.paging import known_filters, page
from sandbox.telnyx.voice_settings import emergency

numbers = guarded("numbers")
# their field → the name of the setting
SETTINGS = {
    "external_pin": "external_pin",
    "customer_reference": "customer_reference",
    "address_id": "address_sid",
    "connection_id": "voice_application_sid",
    "billing_group_id": "billing_group_id",
}
FIELDS = (*SETTINGS, "id", "tags", "hd_voice_enabled")
FILTERS = (
    "phone_number",
    "tag",
    "customer_reference",
    "connection_id",
    "status",
    "source",
    "country_iso_alpha2",
    "number_type.eq",
)


@numbers.get("/phone_numbers")
def fetch_list() -> Json:
    """List the account's numbers, newest first."""
    wanted = known_filters(*FILTERS)
    rows = [number for number in the_world().state.numbers.values() if _fits(number, wanted)]
    return page(rows[::-1], resource)


@numbers.get("/phone_numbers/messaging")
def messaging_list() -> Json:
    """List which profile each number's texts go to."""
    rows = [number for number in the_world().state.numbers.values() if number.account_sid == asking().sid]
    return page(rows, messaging_resource)


@numbers.get("/phone_numbers/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one number, by its id or in E.164."""
    return {"data": resource(owned_number(sid))}


@numbers.patch("/phone_numbers/<sid>")
def update(sid: str) -> Json:
    """Change the settings of a number; an empty string clears one."""
    number, body = owned_number(sid), json_object(FIELDS)
    connection = text(body, "connection_id")
    if connection and owned_application(connection) is None:
        raise Denied(invalid("connection_id", f"There is no connection {connection}."))
    changed = {ours: text(body, theirs) for theirs, ours in SETTINGS.items() if theirs in body}
    with the_world().exchange.changing():
        number.tags = texts(body, "tags") if "tags" in body else number.tags
        the_world().inventory.configure(number, changed)
    return {"data": resource(number)}


@numbers.delete("/phone_numbers/<sid>")
def release(sid: str) -> Json:
    """Release a number for good: 200 with what it was."""
    number = owned_number(sid)
    described = {name: value for name, value in resource(number).items() if name in AT_RELEASE and value is not None}
    the_world().inventory.release(number)
    return {"data": described | {"status": "deleted"}}


@numbers.get("/phone_numbers/<sid>/messaging")
def messaging(sid: str) -> Json:
    """Fetch which profile a number's texts go to."""
    return {"data": messaging_resource(owned_number(sid))}


@numbers.patch("/phone_numbers/<sid>/messaging")
def update_messaging(sid: str) -> Json:
    """Put a number on a profile; an empty string takes it off."""
    number, body = owned_number(sid), json_object(["messaging_profile_id", "messaging_product", "tags"])
    profile = text(body, "messaging_profile_id")
    if profile and owned_profile(profile) is None:
        raise Denied(invalid("messaging_profile_id", f"There is no profile {profile}."))
    if "messaging_profile_id" in body:
        with the_world().exchange.changing():
            the_world().inventory.put_into_service(number, profile)
    return {"data": messaging_resource(number)}


AT_RELEASE = (
    "id",
    "record_type",
    "phone_number",
    "tags",
    "external_pin",
    "connection_id",
    "customer_reference",
    "messaging_profile_id",
    "phone_number_type",
    "created_at",
    "updated_at",
)


def resource(number: Number) -> Json:
    """A number as Telnyx describes it."""
    application = owned_application(number.settings["voice_application_sid"])
    profile = the_world().inventory.service_of(number)
    settings: Json = {theirs: number.settings.get(ours) or None for theirs, ours in SETTINGS.items()}
    del settings["address_id"]
    return settings | {
        "id": number.sid,
        "record_type": "phone_number",
        "phone_number": number.phone_number,
        "country_iso_alpha2": country(number.phone_number) or "US",
        "phone_number_type": "toll_free" if is_toll_free(number.phone_number) else "local",
        "status": status(number),
        "tags": number.tags,
        "connection_name": application.friendly_name if application else None,
        "messaging_profile_id": profile.sid if profile else None,
        "messaging_profile_name": profile.friendly_name if profile else None,
        **emergency(number),
        "call_forwarding_enabled": False,
        "cnam_listing_enabled": False,
        "caller_id_name_enabled": False,
        "call_recording_enabled": False,
        "t38_fax_gateway_enabled": False,
        "hd_voice_enabled": False,
        "inbound_call_screening": "disabled",
        "source_type": source(number),
        "deletion_lock_enabled": False,
        "purchased_at": iso(number.created),
        "created_at": iso(number.created),
        "updated_at": iso(number.updated),
    }


def messaging_resource(number: Number) -> Json:
    """What a number's texts go to, as Telnyx describes it."""
    profile = the_world().inventory.service_of(number)
    way = {"domestic_two_way": True, "international_inbound": True, "international_outbound": False}
    return {
        "record_type": "messaging_settings",
        "id": number.sid,
        "phone_number": number.phone_number,
        "messaging_profile_id": profile.sid if profile else None,
        "country_code": country(number.phone_number) or "US",
        "type": "toll-free" if is_toll_free(number.phone_number) else "long-code",
        "messaging_product": "P2P",
        "traffic_type": "P2P",
        "eligible_messaging_products": ["P2P"],
        "features": {"sms": way, "mms": way},
        "tags": number.tags,
        "created_at": iso(number.created),
        "updated_at": iso(number.updated),
    }


def status(number: Number) -> str:
    """`active` from the moment on at which calls reach it, unless staff have set another one."""
    waits = "port-pending" if number.voice_from is None else "provision-pending"
    works = number.voice_from is not None and number.voice_from <= the_world().exchange.now()
    return number.status or ("active" if works else waits)


def source(number: Number) -> str:
    """How the number came into the account."""
    ported = the_world().port_orders.has_brought(number.phone_number)
    return "port_request" if ported else "number_order"


def _fits(number: Number, wanted: dict[str, str]) -> bool:
    kind = "toll_free" if is_toll_free(number.phone_number) else "local"
    same = {
        "customer_reference": number.settings.get("customer_reference", ""),
        "connection_id": number.settings["voice_application_sid"],
        "status": status(number),
        "source": {"port_request": "ported", "number_order": "purchased"}[source(number)],
        "country_iso_alpha2": country(number.phone_number) or "US",
        "number_type.eq": kind,
    }
    return (
        number.account_sid == asking().sid
        and wanted.get("phone_number", "").lstrip("+") in number.phone_number
        and ("tag" not in wanted or wanted["tag"] in number.tags)
        and all(wanted.get(name, value) == value for name, value in same.items())
    )
