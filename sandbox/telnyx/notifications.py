"""`/notification_*`: to which webhooks an account is told what belongs to no number of its own."""

from sandbox.current import the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object
from sandbox.telnyx.errors import Denied, Json, invalid
from sandbox.telnyx.events import CHANNEL, CONDITIONS, SETTING
from sandbox.telnyx.kept import all_kept, described, forget, keep, own_kept
from sandbox.telnyx.paging import page
from sandbox.telnyx.records import Kept

notifications = guarded("notifications")
PROFILE = "notification_profile"
KINDS: dict[str, tuple[str, ...]] = {
    PROFILE: ("name",),
    CHANNEL: ("notification_profile_id", "channel_type_id", "channel_destination"),
    SETTING: ("notification_event_condition_id", "notification_profile_id", "notification_channel_id", "parameters"),
}
"""Each kind with its fields."""


@notifications.get("/notification_event_conditions")
def conditions() -> Json:
    """List what a setting can be about."""
    return page(list(CONDITIONS.items()), _condition)


@notifications.post("/<any(notification_profiles, notification_channels, notification_settings):kinds>")
def create(kinds: str) -> Json:
    """Create a profile, a channel or a setting."""
    kind = kinds.removesuffix("s")
    fields = json_object(KINDS[kind], [name for name in KINDS[kind] if name != "parameters"])
    _must_exist(fields)
    return {"data": _resource(keep(kind, fields))}


@notifications.get("/<any(notification_profiles, notification_channels, notification_settings):kinds>")
def fetch_list(kinds: str) -> Json:
    """List all of a kind."""
    return page(all_kept(kinds.removesuffix("s")), _resource)


@notifications.delete("/<any(notification_profiles, notification_channels, notification_settings):kinds>/<sid>")
def delete(kinds: str, sid: str) -> Json:
    """Delete one."""
    return {"data": _resource(forget(own_kept(kinds.removesuffix("s"), sid)))}


def _must_exist(fields: Json) -> None:
    kept = the_world().state.kept
    for name in ("notification_profile_id", "notification_channel_id"):
        if name in fields and fields[name] not in kept:
            raise Denied(invalid(name, f"{name} is not known."))
    condition = "notification_event_condition_id"
    if condition in fields and fields[condition] not in CONDITIONS:
        raise Denied(invalid(condition, f"{condition} is not known."))


def _condition(pair: tuple[str, str]) -> Json:
    sid, event = pair
    return {
        "id": sid,
        "record_type": "notification_event_condition",
        "name": event,
        "description": event,
        "enabled": True,
        "allow_multiple_channels": True,
        "associated_record_type": "account",
        "asynchronous": False,
        "supported_channels": ["webhook"],
        "parameters": [],
    }


def _resource(kept: Kept) -> Json:
    return described(kept) | ({"status": "enabled"} if kept.kind == SETTING else {})
