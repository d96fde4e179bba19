from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from service.language import Language
from service.notifications.diary import DATED, calendar_of
from service.notifications.models import Channel, Message, Notification
from service.notifications.previews import SAMPLE
from service.notifications.speech import Speaker

ENGLISH = Speaker(Language.ENGLISH, ZoneInfo("America/New_York"))


def told(message=Message.DATE_SET, **facts):
    return Notification(
        project_id=7,
        message=message,
        channel=Channel.EMAIL,
        facts={**SAMPLE, **facts},
        made_at=datetime(2026, 4, 13, 15, tzinfo=UTC),
    )


def read(notification, speaker=ENGLISH):
    calendar = Calendar.from_ical(calendar_of(notification, speaker))
    return calendar, calendar.walk("VEVENT")


def test_a_day_becomes_an_all_day_entry():
    calendar, (event,) = read(told())

    assert calendar["METHOD"] == "PUBLISH"
    assert event.decoded("DTSTART") == date(2026, 5, 5)
    assert not isinstance(event.decoded("DTSTART"), datetime)
    assert event["SUMMARY"] == "+1 415-555-2671 moves to Portline"


def test_a_moment_keeps_its_hour_in_utc():
    _, (event,) = read(told(date="2026-05-05T10:00:00-04:00"))

    assert event.decoded("DTSTART") == datetime(2026, 5, 5, 14, tzinfo=UTC)


def test_a_moved_date_is_the_same_entry_with_a_higher_sequence():
    _, (first,) = read(told(date_version=1))
    _, (second,) = read(told(Message.DATE_MOVED, date_version=2))

    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)


def test_a_withdrawn_date_cancels_the_entry():
    _, (first,) = read(told())
    calendar, (event,) = read(told(Message.DATE_WITHDRAWN, date_version=3))

    assert calendar["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", first["UID"])


def test_each_number_has_an_entry_of_its_own():
    _, events = read(told(numbers=["+14155552671", "+14155552672"]))

    assert len({event["UID"] for event in events}) == 2


def test_the_entry_speaks_the_persons_language():
    _, (event,) = read(told(), Speaker(Language.SWEDISH, ZoneInfo("Europe/Stockholm")))

    assert event["SUMMARY"] == "+1 415-555-2671 flyttar till Portline"


@pytest.mark.parametrize("message", [message for message in Message if message not in DATED])
def test_no_other_message_brings_a_calendar(message):
    assert calendar_of(told(message), ENGLISH) == ""
