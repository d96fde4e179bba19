"""Events: JSON callbacks with the name of what has happened, and the thing itself."""

from uuid import uuid4

from sandbox.exchange import Exchange
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Json

CHANNEL, SETTING = "notification_channel", "notification_setting"


def tell(
    exchange: Exchange, account_sid: str, url: str, event_type: str, payload: Json, fallback_url: str = ""
) -> None:
    """Send an event to `url`, if there is one."""
    if url:
        event: Json = {
            "record_type": "event",
            "event_type": event_type,
            "id": str(uuid4()),
            "occurred_at": iso(exchange.now()),
            "payload": payload,
        }
        exchange.post_json(account_sid, url, event, fallback_url)


def tell_account(exchange: Exchange, account_sid: str, event_type: str, payload: Json) -> None:
    """Send an event to each webhook that the account's notification settings name for it."""
    kept = exchange.state.kept
    for setting in [each for each in kept.values() if each.kind == SETTING and each.account_sid == account_sid]:
        channel = kept.get(str(setting.fields["notification_channel_id"]))
        kind = CONDITIONS[str(setting.fields["notification_event_condition_id"])]
        if channel is not None and event_type.startswith(kind):
            tell(exchange, account_sid, str(channel.fields["channel_destination"]), event_type, payload)


CONDITIONS = {
    "70c7c5cb-dce2-4124-accb-870d39dbe852": "number_order.complete",
    "15d6ee3f-07d2-4e4a-a83d-8b8a8c1d8a1b": "porting_order.",
    "8a2f5c1e-4b0d-4f0e-9d0c-2f4a6f1f7c11": "portout.",
}
"""The conditions that a notification setting can name, and how the names of its events begin."""
