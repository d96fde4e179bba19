"""The date of a move as a calendar file (RFC 5545) that calendars update by themselves when the date changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from icalendar import Calendar, Event

from service.notifications.models import Message, Notification
from service.notifications.speech import Speaker

_WITHDRAWN: Final = frozenset({Message.DATE_WITHDRAWN, Message.CANCELED})
DATED: Final = frozenset({Message.DATE_SET, Message.DATE_MOVED}) | _WITHDRAWN


@dataclass(frozen=True, slots=True)
class Entry:
    """One number's move in a calendar. `date` is ISO 8601: a day, or a moment with its offset.

    The same number of the same project is one entry for good; `version` rises with every change of a date.
    """

    project_id: int
    number: str
    date: str
    version: int
    link: str


def calendar_of(told: Notification, speaker: Speaker) -> str:
    """The calendar file of a message about a date; "" for any other message. A withdrawn date cancels its entries."""
    date = told.facts.get("old_date" if told.message in _WITHDRAWN else "date")
    if told.message not in DATED or not date:
        return ""
    version, link = int(told.facts["date_version"]), told.facts["link"]
    entries = [Entry(told.project_id, number, date, version, link) for number in told.facts["numbers"]]
    return calendar(entries, speaker, told.made_at, withdrawn=told.message in _WITHDRAWN)


def calendar(entries: Iterable[Entry], speaker: Speaker, at: datetime, *, withdrawn: bool = False) -> str:
    """A calendar file with one event for each entry, as of `at` (aware). A day is an all-day event."""
    made = Calendar()
    made.add("prodid", "-//Portline//Moves//EN")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if withdrawn else "PUBLISH")
    for entry in entries:
        event = _event(entry, speaker)
        event.add("dtstamp", at)
        event.add("status", "CANCELLED" if withdrawn else "CONFIRMED")
        made.add_component(event)
    return str(made.to_ical(), "utf-8")


def _event(entry: Entry, speaker: Speaker) -> Event:
    event = Event()
    event.add("uid", f"{entry.project_id}-{entry.number.lstrip('+')}@move.portline")
    event.add("sequence", entry.version)
    event.add("dtstart", _start(entry.date))
    event.add("summary", speaker.phrase("calendar").format(number=speaker.number(entry.number)))
    event.add("url", entry.link)
    event.add("transp", "TRANSPARENT")
    return event


def _start(stated: str) -> date:
    """A day stays a day, so that no clock time is invented for it; a moment is written in UTC."""
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return datetime.fromisoformat(stated).astimezone(UTC)
