"""`/outbound_voice_profiles`: where an application may call, and for how much. Without one it cannot call out."""

from sandbox.records import Carrier, number_id
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object
from sandbox.telnyx.errors import Json
from sandbox.telnyx.kept import all_kept, change, described, forget, keep, own_kept
from sandbox.telnyx.paging import known_filters, page

outbound_profiles = guarded("outbound_profiles")
KIND = "outbound_voice_profile"
USUAL: Json = {
    "traffic_type": "conversational",
    "service_plan": "global",
    "concurrent_call_limit": None,
    "enabled": True,
    "tags": [],
    "usage_payment_method": "rate-deck",
    "whitelisted_destinations": ["US", "CA"],
    "daily_spend_limit": "100.00",
    "daily_spend_limit_enabled": False,
    "billing_group_id": None,
}
FIELDS = ("name", "max_destination_rate", "call_recording", "calling_window", *USUAL)


@outbound_profiles.post("/outbound_voice_profiles")
def create() -> Json:
    """Create a profile: 200."""
    return {"data": described(keep(KIND, USUAL | json_object(FIELDS, ["name"]), number_id(Carrier.TELNYX)))}


@outbound_profiles.get("/outbound_voice_profiles")
def fetch_list() -> Json:
    """List all profiles; `filter[name][contains]` is a part of one's name."""
    part = known_filters("name.contains").get("name.contains", "")
    return page([each for each in all_kept(KIND) if part in str(each.fields["name"])], described)


@outbound_profiles.get("/outbound_voice_profiles/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one profile."""
    return {"data": described(own_kept(KIND, sid))}


@outbound_profiles.patch("/outbound_voice_profiles/<sid>")
def update(sid: str) -> Json:
    """Change a profile."""
    return {"data": described(change(own_kept(KIND, sid), json_object(FIELDS, ["name"])))}


@outbound_profiles.delete("/outbound_voice_profiles/<sid>")
def delete(sid: str) -> Json:
    """Delete a profile."""
    return {"data": described(forget(own_kept(KIND, sid)))}
