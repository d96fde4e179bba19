"""`/messaging_profiles`: where the texts of numbers go. A STOP holds for all numbers of a profile."""

from uuid import uuid4

from sandbox.current import asking, the_world
from sandbox.records import Service
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import address, json_object, text, texts
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import IN_USE, Denied, Json, Problem, not_found
from sandbox.telnyx.numbers import messaging_resource
from sandbox.telnyx.owned import owned_profile
from sandbox.telnyx.paging import known_filters, page

messaging_profiles = guarded("messaging_profiles")
URLS = ("webhook_url", "webhook_failover_url")
EXTRAS: Json = {
    "enabled": True,
    "webhook_api_version": "2",
    "number_pool_settings": None,
    "url_shortener_settings": None,
    "alpha_sender": None,
    "daily_spend_limit": None,
    "daily_spend_limit_enabled": False,
    "mms_fall_back_to_sms": False,
    "mms_transcoding": False,
    "mobile_only": False,
    "smart_encoding": False,
}
FIELDS = ("name", "whitelisted_destinations", *URLS, *EXTRAS)


@messaging_profiles.post("/messaging_profiles")
def create() -> Json:
    """Create a profile: 200."""
    body, now = json_object(FIELDS, ["name", "whitelisted_destinations"]), the_world().exchange.now()
    profile = Service(str(uuid4()), asking().sid, text(body, "name"), now, now)
    with the_world().exchange.changing() as state:
        _configure(profile, body)
        state.services[profile.sid] = profile
    return {"data": _resource(profile)}


@messaging_profiles.get("/messaging_profiles")
def fetch_list() -> Json:
    """List all profiles; `filter[name]` may be a part of one, `filter[name][eq]` is the whole."""
    wanted = known_filters("name", "name.eq", "name.contains")
    part, whole = wanted.get("name.contains", wanted.get("name", "")), wanted.get("name.eq")
    kept = [each for each in the_world().state.services.values() if each.account_sid == asking().sid]
    return page(
        [each for each in kept if part in each.friendly_name and whole in {None, each.friendly_name}], _resource
    )


@messaging_profiles.get("/messaging_profiles/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one profile."""
    return {"data": _resource(_own(sid))}


@messaging_profiles.get("/messaging_profiles/<sid>/phone_numbers")
def phone_numbers(sid: str) -> Json:
    """List the numbers of a profile."""
    numbers = the_world().state.numbers
    return page([numbers[each] for each in _own(sid).pool], messaging_resource)


@messaging_profiles.patch("/messaging_profiles/<sid>")
def update(sid: str) -> Json:
    """Change a profile, for all its numbers at once."""
    profile, body = _own(sid), json_object(FIELDS)
    with the_world().exchange.changing():
        _configure(profile, body)
        profile.updated = the_world().exchange.now()
    return {"data": _resource(profile)}


@messaging_profiles.delete("/messaging_profiles/<sid>")
def delete(sid: str) -> Json:
    """Delete a profile, unless it has numbers."""
    profile = _own(sid)
    with the_world().exchange.changing() as state:
        if profile.pool:
            raise Denied(Problem(IN_USE, "The profile still has numbers."))
        del state.services[sid]
    return {"data": _resource(profile)}


def _configure(profile: Service, body: Json) -> None:
    urls = {name: address(body, name) for name in URLS if name in body}
    texts(body, "whitelisted_destinations")
    profile.friendly_name = text(body, "name", profile.friendly_name)
    profile.settings |= urls
    profile.extras |= {name: value for name, value in body.items() if name in {*EXTRAS, "whitelisted_destinations"}}


def _resource(profile: Service) -> Json:
    """A profile as Telnyx describes it. What was never set is left out."""
    extras = {name: value for name, value in (EXTRAS | profile.extras).items() if value is not None}
    return (
        extras
        | {name: profile.settings.get(name) or None for name in URLS}
        | {
            "record_type": "messaging_profile",
            "id": profile.sid,
            "name": profile.friendly_name,
            "organization_id": profile.account_sid,
            "created_at": iso(profile.created),
            "updated_at": iso(profile.updated),
        }
    )


def _own(sid: str) -> Service:
    profile = owned_profile(sid)
    if profile is None:
        raise not_found()
    return profile
