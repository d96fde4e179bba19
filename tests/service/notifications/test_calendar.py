from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from service.language import Language
from service.notifications.calendar import DATED, calendar_of
from service.notifications.models import Channel, NoticeKind, Notification
from service.notifications.speech import Speaker

ENGLISH = Speaker(Language.ENGLISH, ZoneInfo("America/New_York"))


FACTS = {
    "numbers": ["+14155552671"],
    "date": "2026-05-05",
    "old_date": "2026-04-28",
    "date_version": 2,
    "zone": "America/New_York",
    "link": "https://portline.example/ports/2f1d6c0e9b7a4d53",
}
"""The facts of a row, as every version so far has written them."""


def notification(kind=NoticeKind.DATE_SET, **facts):
    return Notification(
        project_id=7,
        kind=kind,
        channel=Channel.EMAIL,
        facts={**FACTS, **facts},
        made_at=datetime(2026, 4, 13, 15, tzinfo=UTC),
    )


def read(notification, speaker=ENGLISH):
    calendar = Calendar.from_ical(calendar_of(notification, speaker))
    return calendar, calendar.walk("VEVENT")


def test_a_day_becomes_an_all_day_entry():
    calendar, (event,) = read(notification())

    assert calendar["METHOD"] == "PUBLISH"
    assert event.decoded("DTSTART") == date(2026, 5, 5)
    assert not isinstance(event.decoded("DTSTART"), datetime)
    assert event["SUMMARY"] == "(415) 555-2671 moves to Portline"


def test_a_moment_keeps_its_hour_in_utc():
    _, (event,) = read(notification(date="2026-05-05T10:00:00-04:00"))

    assert event.decoded("DTSTART") == datetime(2026, 5, 5, 14, tzinfo=UTC)


def test_a_moved_date_is_the_same_entry_with_a_higher_sequence():
    _, (first,) = read(notification(date_version=1))
    _, (second,) = read(notification(NoticeKind.DATE_MOVED, date_version=2))

    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)


def test_a_withdrawn_date_cancels_the_entry():
    _, (first,) = read(notification())
    calendar, (event,) = read(notification(NoticeKind.DATE_WITHDRAWN, date_version=3))

    assert calendar["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", first["UID"])


def test_each_number_has_an_entry_of_its_own():
    _, events = read(notification(numbers=["+14155552671", "+14155552672"]))

    assert len({event["UID"] for event in events}) == 2


def test_the_entry_speaks_the_persons_language():
    _, (event,) = read(notification(), Speaker(Language.SWEDISH, ZoneInfo("Europe/Stockholm")))

    assert event["SUMMARY"] == "(415) 555-2671 flyttar till Portline"


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind not in DATED])
def test_no_other_notice_brings_a_calendar(kind):
    assert calendar_of(notification(kind), ENGLISH) == ""
