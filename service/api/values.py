"""Values in what programs send and get: numbers in E.164, moments in ISO 8601 with their offset."""

from typing import Any

from marshmallow import Schema, fields, validate

from service.db import LARGEST_ID
from service.errors import Invalid
from service.phone_numbers import HOME, NotANumber, read_alone


def number(about: str = "") -> fields.String:
    """A phone number that is sent."""
    return fields.String(
        required=True, validate=validate.Length(2, 100), metadata={"description": about or "In E.164: `+12125550123`."}
    )


def e164(typed: str, name: str) -> str:
    """A number that was sent as E.164. Raises `Invalid` on its field for what is none."""
    try:
        if not typed.strip().startswith("+"):
            raise Invalid({name: ["Write it in E.164, with + and the country code, like +12125550123."]})
        return read_alone(typed, HOME).number
    except NotANumber as refusal:
        raise Invalid({name: [str(refusal.sentence)]}) from None


def identity(*, required: bool = False, about: str = "", strict: bool = True) -> fields.Integer:
    """The id of a row that is sent; None if it is left out. In a query, which has text only, it is not `strict`."""
    default: dict[str, Any] = {} if required else {"load_default": None}
    return fields.Integer(
        strict=strict,
        required=required,
        validate=validate.Range(1, LARGEST_ID),
        metadata={"description": about},
        **default,
    )


class Flag(fields.Boolean):
    """true or false, and nothing that could mean it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:  # noqa: ANN401 -- marshmallow's own
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Answer(Schema):
    """What is answered about a thing. Every field is there; a moment that has not come is null."""


def moment(attribute: str | None = None) -> fields.DateTime:
    """A moment that is answered, in UTC; null if it has not come."""
    return fields.DateTime(format="iso", attribute=attribute, allow_none=True)
