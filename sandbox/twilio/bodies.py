"""Request bodies: forms on most hosts, JSON for porting. Anything else is refused as Twilio does."""

from collections.abc import Iterable

from flask import request
from werkzeug.datastructures import MultiDict

from sandbox.errors import Refusal


def form() -> MultiDict[str, str]:
    """The form of a request. Raises `Refusal` 20001 for another content type."""
    if request.content_type and request.mimetype != "application/x-www-form-urlencoded":
        raise Refusal(20001, "The request must be of type application/x-www-form-urlencoded.")
    return request.form


def json_object() -> dict[str, object]:
    """The JSON object of a request. Raises `Refusal` 20001 for another content type or another value."""
    if request.mimetype != "application/json":
        raise Refusal(20001, "The request must be of type application/json.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(20001, "The request body is not a JSON object.")
    return body


def required(fields: MultiDict[str, str], *names: str, code: int = 20001) -> list[str]:
    """The values of required fields. Raises `Refusal` for one that is missing."""
    for name in names:
        if not fields.get(name):
            raise Refusal(code, f"Missing required parameter {name} in the post body")
    return [fields[name] for name in names]


def parameter(name: str) -> str:
    """The form parameter of a field: `VoiceUrl` for `voice_url`."""
    return "".join(word.capitalize() for word in name.split("_"))


def known(fields: MultiDict[str, str], names: Iterable[str], besides: Iterable[str] = ()) -> dict[str, str]:
    """The named fields that a form has. Raises `Refusal` for other parameters, except those in `besides`."""
    by_parameter = {parameter(name): name for name in names}
    unknown = set(fields) - set(by_parameter) - set(besides)
    if unknown:
        raise Refusal(20001, f"Unknown parameters: {', '.join(sorted(unknown))}")
    return {by_parameter[name]: value for name, value in fields.items() if name in by_parameter}


def whole_number(text: str | None, default: int, low: int, high: int) -> int:
    """A number of a query, limited to bounds. Raises `Refusal` 20001 for what is no number."""
    if text is None:
        return default
    if not text.isdigit():
        raise Refusal(20001, "A number was expected in the query.")
    return max(low, min(high, int(text)))
