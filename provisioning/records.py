"""Reads a carrier's records one by one, so that one that is odd keeps none of the others from being read."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from phonenumbers import NumberParseException

from provisioning.contract.errors import Broken, NotFound
from provisioning.contract.unreadable import Unreadable

Found = TypeVar("Found")

LONGEST_NAME = 64
ODD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, NumberParseException)


def read_each(
    records: Iterable[Any], read: Callable[[Any], Found], name: Callable[[Any], object]
) -> list[Found | Unreadable]:
    """Read each record. `name` is the carrier's id of one that cannot be read, or that the carrier no longer keeps.

    What says nothing about a single record is raised: `Unavailable`, and `Broken` if our credentials are not taken.
    """
    return [_read(record, read, name) for record in records]


def read_since(
    records: Iterable[Any],
    since: datetime,
    *,
    at: Callable[[Any], datetime],
    read: Callable[[Any], Found],
    name: Callable[[Any], object],
) -> list[Found | Unreadable]:
    """Read the records of moments since then (aware UTC), oldest first, behind those whose moment cannot be read."""
    dated = read_each(records, lambda record: (at(record), record), name)
    odd: list[Found | Unreadable] = [one for one in dated if isinstance(one, Unreadable)]
    late = [one for one in dated if not isinstance(one, Unreadable) and one[0] >= since]
    return odd + read_each([record for _, record in sorted(late, key=itemgetter(0))], read, name)


def _read(record: Any, read: Callable[[Any], Found], name: Callable[[Any], object]) -> Found | Unreadable:  # noqa: ANN401 -- JSON, or an object of an SDK
    try:
        return read(record)
    except Broken as error:
        if error.not_made:
            raise
        trouble: Exception = error
    except (NotFound, *ODD) as error:
        trouble = error
    return Unreadable(str(name(record) or "")[:LONGEST_NAME], type(trouble).__name__)
