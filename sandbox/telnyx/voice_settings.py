"""`/phone_numbers/…/voice`: caller names, forwarding and emergencies of a number."""

from sandbox.current import the_world
from sandbox.inventory import EMERGENCY
from sandbox.records import Number
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object
from sandbox.telnyx.errors import Json
from sandbox.telnyx.kept import change, keep
from sandbox.telnyx.owned import owned_number

voice_settings = guarded("voice_settings")
KIND = "voice_settings"
USUAL: Json = {
    "tech_prefix_enabled": False,
    "translated_number": "",
    "call_forwarding": {"call_forwarding_enabled": False, "forwards_to": ""},
    "cnam_listing": {"cnam_listing_enabled": False, "cnam_listing_details": ""},
    "usage_payment_method": "pay-per-minute",
    "inbound_call_screening": "disabled",
    "caller_id_name_enabled": False,
}
EMERGENCY_STATUS = {
    "unregistered": "disabled",
    "pending-registration": "provisioning",
    "registered": "active",
    "registration-failure": "provisioning-failed",
    "pending-unregistration": "deprovisioning",
}
"""The world's status of an emergency address → theirs."""


@voice_settings.get("/phone_numbers/<sid>/voice")
def fetch(sid: str) -> Json:
    """Fetch how a number treats calls."""
    return {"data": voice_resource(owned_number(sid))}


@voice_settings.patch("/phone_numbers/<sid>/voice")
def update(sid: str) -> Json:
    """Change how a number treats calls."""
    number, body = owned_number(sid), json_object([*USUAL, "media_features", "call_recording"])
    known = the_world().state.kept.get(_key(number))
    if known is None:
        keep(KIND, body, _key(number))
    else:
        change(known, body)
    return {"data": voice_resource(number)}


def voice_resource(number: Number) -> Json:
    """How a number treats calls, as Telnyx describes it."""
    changed = the_world().state.kept.get(_key(number))
    return {
        **USUAL,
        **(changed.fields if changed else {}),
        "id": number.sid,
        "record_type": KIND,
        "phone_number": number.phone_number,
        "connection_id": number.settings["voice_application_sid"],
        "customer_reference": number.settings.get("customer_reference", ""),
        "emergency": emergency(number),
    }


def emergency(number: Number) -> Json:
    """Where emergency services think that a number is."""
    sid = number.settings[EMERGENCY]
    return {
        "emergency_enabled": bool(sid),
        "emergency_address_id": sid,
        "emergency_status": EMERGENCY_STATUS[the_world().inventory.emergency_address_status(number)],
    }


def _key(number: Number) -> str:
    return f"{KIND} {number.sid}"
