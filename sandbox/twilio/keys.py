"""`Keys`: API keys, whose secret is told once. https://www.twilio.com/docs/iam/api-keys/key-resource-v2010."""

import secrets

from flask import Blueprint

from sandbox.current import asking, the_world
from sandbox.records import ApiKey, new_sid
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.paging import Json, page_2010

keys = guard(Blueprint("keys", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@keys.post("/Keys.json")
def create() -> tuple[Json, int]:
    """Make a key: 201, with its secret."""
    name, made = form().get("FriendlyName", ""), the_world().exchange.now()
    key = ApiKey(new_sid("SK"), asking().sid, name, secrets.token_urlsafe(32), made)
    with the_world().exchange.changing() as state:
        state.keys[key.sid] = key
    return _resource(key) | {"secret": key.secret}, 201


@keys.get("/Keys.json")
def fetch_list() -> Json:
    """List all keys, without their secrets."""
    rows = [each for each in the_world().state.keys.values() if each.account_sid == asking().sid]
    return page_2010("keys", rows, _resource)


def _resource(key: ApiKey) -> Json:
    made = rfc2822(key.created)
    return {"sid": key.sid, "friendly_name": key.friendly_name, "date_created": made, "date_updated": made}
