"""Who of the desk works when, and what one shift leaves for the next."""

from datetime import time, timedelta

import pytest

from service.accounts.desk import seat as seat_at_desk
from service.accounts.models import User
from service.desk.models import DeskNote
from service.desk.team import MOST_NOTES, keep_seat, leave_note, open_notes, shifts, take_over
from service.errors import Invalid
from service.time import now


@pytest.fixture
def dan(session):
    """Dan works at the desk."""
    user = User(email="dan@desk.example", name="Dan", fs_uniquifier="dan", confirmed_at=now())
    session.add(user)
    session.flush()
    seat_at_desk(session, user.email)
    session.flush()
    return user


def keep(session, user, **values):
    usual = {"morning_mail": True, "weekdays": [0], "begins": time(9), "ends": time(17)}
    keep_seat(session, user.id, **{**usual, **values})
    session.expire_all()


def works(session):
    [shift] = shifts(session)
    return shift.is_on


def test_who_said_nothing_has_no_shift_and_gets_the_mail_every_day(session, dan):
    [shift] = shifts(session)
    assert (shift.is_on, shift.works_today, shift.seat.morning_mail) == (False, True, True)


def test_a_shift_goes_on_from_its_beginning_to_its_end_on_its_weekdays(session, dan, clock):
    keep(session, dan, begins=time(9), ends=time(17))  # it is Monday, 15:00 UTC
    assert works(session)
    clock.jump(timedelta(hours=2))
    assert not works(session)
    clock.jump(timedelta(hours=23))
    assert not works(session), "it is Tuesday"
    assert not shifts(session)[0].works_today


def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_began(session, dan, clock):
    keep(session, dan, begins=time(22), ends=time(6))
    assert not works(session)
    clock.jump(timedelta(hours=8))
    assert works(session)
    clock.jump(timedelta(hours=6))
    assert works(session), "it is five on Tuesday"
    clock.jump(timedelta(hours=18))
    assert not works(session), "it is eleven in the evening of Tuesday"


def test_a_shift_without_time_is_refused(session, dan):
    with pytest.raises(Invalid):
        keep(session, dan, begins=time(9), ends=time(9))


def test_a_note_stays_until_somebody_takes_it_over(session, dan):
    leave_note(session, dan.id, "Call AT&T about Alice.")
    session.flush()
    [note] = open_notes(session)
    assert (note.words, note.author) == ("Call AT&T about Alice.", dan)
    take_over(session, note.id)
    assert open_notes(session) == []
    done = session.get_one(DeskNote, note.id).done_at
    take_over(session, note.id)
    assert session.get_one(DeskNote, note.id).done_at == done


def test_notes_are_left_up_to_a_limit(session, dan):
    for place in range(MOST_NOTES):
        leave_note(session, dan.id, f"Note {place}")
    session.flush()
    with pytest.raises(Invalid):
        leave_note(session, dan.id, "One more")
