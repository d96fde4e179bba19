"""`numbers.twilio.com/v1/Porting/Configuration/Webhook`: one configuration per account, replaced as a whole."""

from flask import Blueprint

from sandbox.current import the_world
from sandbox.errors import Refusal
from sandbox.porting.records import WebhookConfig
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import json_object
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found

PATH = "/numbers.twilio.com/v1/Porting/Configuration/Webhook"
URL = f"https:/{PATH}"
KEYS = {"port_in_target_url", "port_out_target_url", "notifications_of"}
webhook_config = guard(Blueprint("webhook_config", __name__, url_prefix=PATH))


@webhook_config.post("")
def replace() -> tuple[dict[str, object], int]:
    """Replace the configuration: 201. Fields that are left out are cleared."""
    body, world = json_object(), the_world()
    events = body.get("notifications_of") or []
    if set(body) - KEYS or not isinstance(events, list):
        raise Refusal(20001, "Unknown or invalid fields in the webhook configuration.")
    now = world.exchange.now()
    port_in, port_out = _url(body, "port_in_target_url"), _url(body, "port_out_target_url")
    config = WebhookConfig(
        port_in, port_out, [str(event) for event in events], now if port_in else None, now if port_out else None
    )
    with world.exchange.changing() as state:
        state.webhooks = config
    return _settings(config), 201


@webhook_config.get("")
def fetch() -> dict[str, object]:
    """Fetch the configuration, with the time each part was set."""
    config = the_world().state.webhooks
    return _settings(config) | {
        "port_in_target_date_created": iso(config.port_in_created),
        "port_out_target_date_created": iso(config.port_out_created),
    }


@webhook_config.delete("/<kind>")
def remove(kind: str) -> tuple[str, int]:
    """Remove the `PORT_IN` or the `PORT_OUT` part: 204."""
    with the_world().exchange.changing() as state:
        if kind == "PORT_IN":
            state.webhooks.port_in_target_url = state.webhooks.port_in_created = None
        elif kind == "PORT_OUT":
            state.webhooks.port_out_target_url = state.webhooks.port_out_created = None
        else:
            raise not_found()
    return "", 204


def _settings(config: WebhookConfig) -> dict[str, object]:
    return {
        "url": URL,
        "port_in_target_url": config.port_in_target_url,
        "port_out_target_url": config.port_out_target_url,
        "notifications_of": config.notifications_of,
    }


def _url(body: dict[str, object], name: str) -> str | None:
    url = body.get(name)
    if not url:
        return None
    if not str(url).startswith(("http://", "https://")):
        raise Refusal(20001, f"{name} is not a URL.")
    return str(url)
