"""Whose text or call an earlier one was: which of its two numbers is the other person's, and which way it went."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.history.entries import Entry
from service.history.moments import moment
from service.inbox.models import Direction
from service.phone_numbers import is_dialable, known_as


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its direction and its time (aware), the other person's number and ours: E.164, ours may be ""."""

    entry: Entry
    direction: Direction
    other: str
    ours: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where they belong: `country` (ISO 3166) of the line, `zone` (IANA) and `numbers` (E.164) of the workspace."""

    country: str
    zone: str
    numbers: Collection[str]


def placed(entries: Sequence[Entry], place: Place) -> Iterator[Placed]:
    """The entries with their sides, without those that cannot be told: no date, or no other person's number.

    Where a file does not say the direction, our side is the number that is the workspace's; where none of those is in
    it, the one that stands in most rows.
    """
    ours = _ours(entries, place)
    for entry in entries:
        at = moment(entry.at, place.country, place.zone)
        sides = _sides(entry, place.country, ours)
        if at and sides and is_dialable(sides[1]):
            yield Placed(entry, *sides, at)


def _sides(entry: Entry, country: str, ours: Collection[str]) -> tuple[Direction, str, str] | None:
    """The direction, the other person's number, and ours."""
    sender, recipient = (_number(side, country) for side in (entry.sender, entry.recipient))
    if entry.direction:
        direction = Direction(entry.direction)
    elif sender in ours or recipient in ours:
        direction = Direction.OUT if sender in ours else Direction.IN
    else:
        return None
    return (direction, recipient, sender) if direction is Direction.OUT else (direction, sender, recipient)


def _ours(entries: Sequence[Entry], place: Place) -> Collection[str]:
    """Our numbers in a file; none if two stand in it equally often."""
    both = [entry for entry in entries if entry.sender and entry.recipient]
    counted = Counter(_number(side, place.country) for entry in both for side in (entry.sender, entry.recipient))
    if known := counted.keys() & {*place.numbers}:
        return known
    often = counted.most_common(2)
    alone = len(often) > 1 and often[0][1] > often[1][1]
    return {often[0][0]} if alone else set()


def _number(spelled: str, country: str) -> str:
    known = known_as(spelled, country) if spelled else ""
    return known if is_dialable(known) else ""
