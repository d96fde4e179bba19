"""Places in a list that is ordered by time, the latest first: from where the next page goes on."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from service.db import LARGEST_ID


def cursor_at(at: datetime, key: int) -> str:
    """The cursor behind the row with this time and id."""
    return f"{at.isoformat()}_{key}"


def older_than(
    cursor: str, at: InstrumentedAttribute[datetime], key: InstrumentedAttribute[int]
) -> list[ColumnElement[bool]]:
    """The condition on these columns that a row comes after a cursor; none for an empty or invalid one."""
    moment, _, identity = cursor.partition("_")
    try:
        last_at, last_id = datetime.fromisoformat(moment), int(identity)
        after = last_at.astimezone(UTC), last_id
    except (ValueError, OverflowError):
        return []
    if last_at.tzinfo is None or last_id > LARGEST_ID:
        return []
    return [tuple_(at, key) < after]
