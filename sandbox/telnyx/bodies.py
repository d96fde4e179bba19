"""Request bodies: JSON objects with known fields."""

from collections.abc import Iterable

from flask import request

from sandbox.telnyx.errors import Denied, Json, invalid, missing


def json_object(known: Iterable[str], required: Iterable[str] = ()) -> Json:
    """The JSON object of a request. Raises `Denied` for fields that are not known, or if a required one is missing."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Denied(invalid("", "The body has to be a JSON object."), status=400)
    unknown = [invalid(name, f"{name} is not known.") for name in body if name not in set(known)]
    absent = [missing(name) for name in required if not body.get(name)]
    if unknown or absent:
        raise Denied(*absent, *unknown)
    return body


def text(body: Json, name: str, default: str = "") -> str:
    """A string of a body; None counts as empty. Raises `Denied` for another type."""
    value = body.get(name, default)
    if value is not None and not isinstance(value, str):
        raise Denied(invalid(name, f"{name} has to be a string."))
    return value or ""


def texts(body: Json, name: str) -> list[str]:
    """A list of strings of a body, empty if it is missing. Raises `Denied` for another type."""
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Denied(invalid(name, f"{name} has to be a list of strings."))
    return value


def address(body: Json, name: str) -> str:
    """A URL of a body, empty if it is missing. Raises `Denied` for what is none."""
    value = text(body, name)
    if value and not value.startswith(("http://", "https://")):
        raise Denied(invalid(name, f"{name} is not a valid URL."))
    return value


def words(known: Iterable[str], required: Iterable[str] = ()) -> dict[str, str]:
    """The fields of a TeXML request, which may come as JSON or as a form, as strings; booleans as `true` or `false`.

    Raises `Denied` for fields that are not known, or if a required one is missing.
    """
    body = request.form.to_dict() if request.form else json_object(known, required)
    unknown = [invalid(name, f"{name} is not known.") for name in body if name not in set(known)]
    absent = [missing(name) for name in required if not body.get(name)]
    if unknown or absent:
        raise Denied(*absent, *unknown)
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in body.items()}
