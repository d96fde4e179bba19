"""Parts of the JSON of answers and events. Each raises `KeyError` or `ValueError` for what is not there."""

import re
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

IDENTIFIER = re.compile(r"[0-9A-Za-z+_-]{1,64}")


def as_object(value: object) -> Json:
    """The value, which has to be an object."""
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - an unreadable body, not a wrong argument
    return value


def objects_of(found: Json, name: str) -> list[Json]:
    """The objects in a list, empty where the list is missing."""
    value = found.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")  # noqa: TRY004
    return [as_object(one) for one in value]


def first(values: list[Json]) -> Json:
    """The first of a list, which must not be empty."""
    if not values:
        raise ValueError("an empty list")
    return values[0]


def text_of(found: Json, name: str) -> str:
    """A text. NUL is left out and half a character replaced, as PostgreSQL keeps neither."""
    value = found[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004
    return value.replace("\0", "").encode(errors="replace").decode()


def id_of(found: Json, name: str) -> str:
    """An id of the carrier's."""
    value = text_of(found, name)
    if not IDENTIFIER.fullmatch(value):
        raise ValueError(f"{name} is no id")
    return value


def moment(written: object) -> datetime | None:
    """A time in any of the carrier's spellings, in UTC where it names no zone; None for one that is none."""
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
