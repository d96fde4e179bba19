"""`/notification_*`: to which webhooks an account is told what belongs to no number of its own."""

from uuid import uuid4

from sandbox.current import asking, the_world
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.events import CHANNEL, CONDITIONS, SETTING
from sandbox.telnyx.paging import page
from sandbox.telnyx.records import Notification

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
    made = Notification(str(uuid4()), asking().sid, kind, fields, the_world().exchange.now())
    with the_world().exchange.changing() as state:
        state.notifications[made.sid] = made
    return {"data": _resource(made)}


@notifications.get("/<any(notification_profiles, notification_channels, notification_settings):kinds>")
def fetch_list(kinds: str) -> Json:
    """List all of a kind."""
    kept = the_world().state.notifications.values()
    rows = [each for each in kept if (each.kind, each.account_sid) == (kinds.removesuffix("s"), asking().sid)]
    return page(rows, _resource)


@notifications.delete("/<any(notification_profiles, notification_channels, notification_settings):kinds>/<sid>")
def delete(kinds: str, sid: str) -> Json:
    """Delete one."""
    found = the_world().state.notifications.get(sid)
    if found is None or (found.kind, found.account_sid) != (kinds.removesuffix("s"), asking().sid):
        raise not_found()
    with the_world().exchange.changing() as state:
        del state.notifications[sid]
    return {"data": _resource(found)}


def _must_exist(fields: Json) -> None:
    kept = the_world().state.notifications
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


def _resource(kept: Notification) -> Json:
    moments = {"created_at": iso(kept.created), "updated_at": iso(kept.created)}
    status = {"status": "enabled"} if kept.kind == SETTING else {}
    return {"id": kept.sid, "record_type": kept.kind} | kept.fields | moments | status
