"""The date of a transfer as a calendar file (RFC 5545). Calendars replace its events when the date changes.

The library is imported by the first file that is made: it takes a tenth of the time in which a process starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from service.brands import OURS
from service.notifications.models import NoticeKind, Notification
from service.notifications.speech import Speaker
from service.time import day_or_moment

if TYPE_CHECKING:
    from icalendar import Event

_WITHDRAWN: Final = frozenset({NoticeKind.DATE_WITHDRAWN, NoticeKind.CANCELED})
DATED: Final = frozenset({NoticeKind.DATE_SET, NoticeKind.DATE_MOVED}) | _WITHDRAWN


@dataclass(frozen=True, slots=True)
class Entry:
    """One number's transfer in a calendar, on a day or at an aware moment.

    A number of a project has one entry; `version` rises with every change of its date.
    """

    project_id: int
    number: str
    date: date | datetime
    version: int
    link: str
    brand: str


def calendar_of(notification: Notification, speaker: Speaker) -> str:
    """The calendar file of a notice about a date, "" for other notices. A withdrawn date cancels its entries."""
    facts, withdrawn = notification.facts, notification.kind in _WITHDRAWN
    stated = facts.get("old_date" if withdrawn else "date")
    if notification.kind not in DATED or not stated or notification.project_id is None:
        return ""
    when, version = day_or_moment(stated), int(facts["date_version"])
    link, brand = facts["link"], facts.get("brand", OURS)  # rows of versions before have none
    entries = [Entry(notification.project_id, number, when, version, link, brand) for number in facts["numbers"]]
    return calendar(entries, speaker, notification.made_at, withdrawn=withdrawn)


def calendar(entries: Iterable[Entry], speaker: Speaker, at: datetime, *, withdrawn: bool = False) -> str:
    """A calendar file with one event for each entry, as of `at` (aware). A day is an all-day event."""
    from icalendar import Calendar

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


def _event(entry: Entry, speaker: Speaker) -> "Event":
    from icalendar import Event

    event, number = Event(), speaker.number(entry.number)
    event.add("uid", f"{entry.project_id}-{entry.number.lstrip('+')}@move.portline")
    event.add("sequence", entry.version)
    event.add("dtstart", _start(entry.date))
    event.add("summary", speaker.phrase("calendar").format(number=number, brand=entry.brand))
    event.add("url", entry.link)
    event.add("transp", "TRANSPARENT")
    return event


def _start(when: date | datetime) -> date:
    """A day stays a day, so that no clock time is invented for it; a moment is written in UTC."""
    return when.astimezone(UTC) if isinstance(when, datetime) else when
