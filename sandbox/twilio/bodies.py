"""Request bodies: forms on most hosts, JSON for porting; anything else is refused as Twilio refuses it."""

import re

from flask import request
from werkzeug.datastructures import MultiDict

from sandbox.errors import Refusal


def form() -> MultiDict[str, str]:
    """The form of a request. Another content type: Refusal 20001."""
    if request.content_type and request.mimetype != "application/x-www-form-urlencoded":
        raise Refusal(20001, "The request must be of type application/x-www-form-urlencoded.")
    return request.form


def json_object() -> dict[str, object]:
    """The JSON object of a request. Another content type, or not an object: Refusal 20001."""
    if request.mimetype != "application/json":
        raise Refusal(20001, "The request must be of type application/json.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(20001, "The request body is not a JSON object.")
    return body


def required(fields: MultiDict[str, str], *names: str, code: int = 20001) -> list[str]:
    """The values of fields that must be there. One is missing: Refusal."""
    for name in names:
        if not fields.get(name):
            raise Refusal(code, f"Missing required parameter {name} in the post body")
    return [fields[name] for name in names]


def snake(name: str) -> str:
    """`VoiceUrl` as `voice_url`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def whole_number(text: str | None, default: int, low: int, high: int) -> int:
    """A number of a query, held within bounds; what is no number is a Refusal 20001."""
    if text is None:
        return default
    if not text.isdigit():
        raise Refusal(20001, "A number was expected in the query.")
    return max(low, min(high, int(text)))
