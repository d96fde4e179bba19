"""Lists a page at a time: a page ends with the cursor of the next one."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from typing import Any, Final

from marshmallow import Schema, fields, validate

from service.db import LARGEST_ID
from service.errors import Invalid

MOST: Final = 100
_USUAL: Final = 30


class PageQuery(Schema):
    """Which page of a list."""

    limit = fields.Integer(
        load_default=_USUAL,
        validate=validate.Range(1, MOST),
        metadata={"description": "How many at most."},
    )
    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "`next_cursor` of the page before; leave it out for the first page."},
    )


def page_of(schema: type[Schema], name: str) -> type[Schema]:
    """The schema of a page of things."""
    listed: dict[str, Any] = {
        "data": fields.List(fields.Nested(schema), required=True),
        "next_cursor": fields.String(
            required=True, allow_none=True, metadata={"description": "null on the last page."}
        ),
    }
    return Schema.from_dict(listed, name=name)


def written(place: str | int) -> str | None:
    """The cursor of a place in a list; None for none."""
    return urlsafe_b64encode(str(place).encode()).decode().rstrip("=") if place else None


def read(cursor: str) -> str:
    """The place in a list that a cursor stands for; "" for the beginning. Raises `Invalid` for what is no cursor."""
    try:
        return b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (Error, ValueError):
        raise _invalid() from None


def read_id(cursor: str) -> int:
    """The id in a cursor; 0 for the beginning. Raises `Invalid` for what is no cursor of such a list."""
    place = read(cursor) or "0"
    if not (place.isascii() and place.isdecimal()) or int(place) > LARGEST_ID:
        raise _invalid()
    return int(place)


def by_id(rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """A page of rows, of which one more than `limit` was read; it ends with the id of its last row."""
    return {"data": rows[:limit], "next_cursor": written(rows[limit - 1].id) if len(rows) > limit else None}


def _invalid() -> Invalid:
    return Invalid({"?cursor": ["Send the next_cursor of a page of this list."]})
