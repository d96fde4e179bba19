"""People of the desk are mailed in the morning what is due, in their language and at their own time."""

from datetime import time, timedelta

import pytest

from service.accounts.desk import seat
from service.accounts.models import User
from service.desk.cases import assign
from service.desk.team import keep_seat, leave_note
from service.language import Language
from service.porting.models import PortProject
from service.schedule.desk_mornings import send_desk_mornings
from service.time import now
from tests.factories import OWN, a_draft, a_line

OTHER = "+14155552009"


@pytest.fixture
def dan(services):
    """Dan works at the desk, in Swedish, without a workspace: his mornings are those of UTC."""
    with services.sessions.begin() as session:
        user = User(email="dan@desk.example", fs_uniquifier="dan", confirmed_at=now(), language=Language.SWEDISH)
        session.add(user)
        session.flush()
        seat(session, user.email)
        return user.id


@pytest.fixture
def drafts(services, work):
    """Two transfers that are due on Wednesday, March 4."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        made = [a_draft(session, line, number).id for number in (OWN, OTHER)]
    work()
    return made


@pytest.fixture
def morning(services, clock, mailbox, work):
    """Come to eight o'clock (UTC) so many days after Monday, March 2, and read what Dan was mailed."""

    def come(days, hour=8):
        clock.jump(timedelta(days=days, hours=hour - 15))
        for _ in range(2):
            send_desk_mornings(services)
            work()
        return mailbox.to("dan@desk.example")

    return come


def test_what_is_due_is_mailed_once_in_the_persons_language(drafts, dan, morning):
    [mail] = morning(2)
    assert mail.subject == "Flyttar: 0 sena, 2 ska vidare i dag"
    assert "Ska vidare i dag: 2. 2 av dem har ingen ännu." in mail.text
    assert "(415) 555-2000" in mail.text.replace("\xa0", " ").replace("\u2011", "-")
    assert "/desk/transfers/" in mail.text


def test_nothing_is_mailed_while_nothing_is_due(drafts, dan, morning):
    assert morning(1) == []


def test_what_somebody_else_has_is_not_ones_own(drafts, dan, morning, services):
    with services.sessions.begin() as session:
        other = User(email="eve@desk.example", fs_uniquifier="eve", confirmed_at=now())
        session.add(other)
        session.flush()
        seat(session, other.email)
        session.flush()
        assign(session, [session.get_one(PortProject, one) for one in drafts], other.id, other.id)
    assert morning(3) == []


def test_what_is_late_comes_first_and_is_said_to_be_late(drafts, dan, morning):
    [mail] = morning(3)
    assert mail.subject == "Flyttar: 2 sena, 0 ska vidare i dag"


@pytest.mark.parametrize("hour", [7, 12])
def test_it_is_mailed_in_the_morning_only(drafts, dan, morning, hour):
    assert morning(3, hour=hour) == []


def test_a_note_from_the_last_shift_is_told_though_no_transfer_is_due(dan, morning, services):
    with services.sessions.begin() as session:
        leave_note(session, dan, "Ring AT&T.")
    [mail] = morning(1)
    assert mail.subject == "Anteckningar från förra passet: 1"
    assert "Ring AT&T" not in mail.text, "the note itself is read on the page"


@pytest.mark.parametrize(("mailed", "weekdays"), [(False, []), (True, [0])])
def test_who_switched_it_off_or_does_not_work_that_day_gets_none(drafts, dan, morning, services, mailed, weekdays):
    with services.sessions.begin() as session:
        keep_seat(session, dan, morning_mail=mailed, weekdays=weekdays, begins=time(9), ends=time(17))
    assert morning(2) == []
