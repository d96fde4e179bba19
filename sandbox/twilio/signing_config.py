"""`numbers.twilio.com/v1/SigningRequest/Configuration`: the look of the signature e-mail.

Twilio documents only the fields of the answer; requests take the same names.
"""

from flask import Blueprint

from sandbox.current import the_world
from sandbox.errors import Refusal
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import json_object
from sandbox.twilio.paging import Json, page_v1

LONGEST = {"email_subject": 255, "email_message": 5000}
FIELDS = ("logo_sid", "friendly_name", "product", "country", "email_subject", "email_message", "url_redirection")
PATH = "/numbers.twilio.com/v1/SigningRequest/Configuration"
signing_config = guard(Blueprint("signing_config", __name__, url_prefix=PATH))


@signing_config.post("")
def replace() -> tuple[Json, int]:
    """Replace the configuration: 201."""
    body = json_object()
    too_long = [name for name, most in LONGEST.items() if len(str(body.get(name) or "")) > most]
    wrong = sorted({*(set(body) - set(FIELDS)), *too_long})
    if wrong:
        raise Refusal(20001, f"Unknown or too long fields: {', '.join(wrong)}.")
    with the_world().exchange.changing() as state:
        state.signing = {name: str(value) for name, value in body.items() if value}
    return _resource(), 201


@signing_config.get("")
def fetch() -> Json:
    """List the configuration: one entry or none."""
    return page_v1("configurations", [_resource()] if the_world().state.signing else [], lambda row: row)


def _resource() -> Json:
    fields: Json = {name: the_world().state.signing.get(name) for name in FIELDS}
    return fields | {"url": f"https:/{PATH}"}
