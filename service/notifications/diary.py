"""The date of a move as a calendar file (RFC 5545) that calendars update by themselves when the date changes."""

from datetime import UTC, date, datetime
from typing import Final

from icalendar import Calendar, Event

from service.notifications.models import Message, Notification
from service.notifications.speech import Speaker

DATED: Final = frozenset({Message.DATE_SET, Message.DATE_MOVED, Message.DATE_WITHDRAWN})


def calendar_of(told: Notification, speaker: Speaker) -> str:
    """The calendar file of a message about a date; "" for any other message.

    One event for each number, the same UID throughout its port and SEQUENCE up with the date's version. A day is an
    all-day event; a withdrawn date cancels it.
    """
    if told.message not in DATED:
        return ""
    calendar = Calendar()
    calendar.add("prodid", "-//Portline//Moves//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if told.message is Message.DATE_WITHDRAWN else "PUBLISH")
    for number in told.facts["numbers"]:
        calendar.add_component(_event(told, number, speaker))
    return str(calendar.to_ical(), "utf-8")


def _event(told: Notification, number: str, speaker: Speaker) -> Event:
    withdrawn = told.message is Message.DATE_WITHDRAWN
    event = Event()
    event.add("uid", f"{told.project_id}-{number.lstrip('+')}@move.portline")
    event.add("sequence", int(told.facts["date_version"]))
    event.add("dtstamp", told.made_at)
    event.add("dtstart", _start(told.facts["old_date" if withdrawn else "date"]))
    event.add("summary", speaker.phrase("calendar").format(number=speaker.number(number)))
    event.add("url", told.facts["link"])
    event.add("status", "CANCELLED" if withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _start(stated: str) -> date:
    """A day stays a day, so that no clock time is invented for it; a moment is written in UTC."""
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return datetime.fromisoformat(stated).astimezone(UTC)
