"""The report on calls: what it counts, for whom, and on which day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.accounts.models import Membership
from service.calls.report import NONE, Period, Tally, daily_rows, report_on
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Direction, Outcome
from service.lines.models import Line
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line, wear

NEW_YORK = ZoneInfo("America/New_York")
WEEK = Period(date(2027, 3, 14), 7, NEW_YORK)
NOON = datetime(2027, 3, 12, 17, tzinfo=UTC)


@pytest.fixture
def called(session, line):
    """Add a call of the week."""

    def called(outcome, at=NOON, *, on=line, number=OURS, answered_in=None, **more):
        talk = conversation_with(session, on, CALLER)
        answered = at + timedelta(seconds=answered_in) if answered_in is not None else None
        session.add(Call(conversation=talk, number=number, outcome=outcome, at=at, answered_at=answered, **more))
        session.flush()

    return called


@pytest.fixture
def report(session, line):
    return lambda *lines: report_on(session, lines or [line], WEEK)


def test_calls_are_counted_by_how_they_ended(called, report):
    for outcome in (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.VOICEMAIL, Outcome.MISSED):
        called(outcome)
    called(Outcome.ANSWERED, direction=Direction.OUT)
    total = report().total
    assert (total.answered, total.voicemails, total.missed, total.called) == (2, 1, 1, 1)
    assert (total.came_in, total.percent_answered) == (4, 50)


def test_blocked_callers_and_calls_that_still_ring_are_left_out(called, report):
    called(Outcome.BLOCKED)
    called(Outcome.RINGING)
    assert report().total == NONE


def test_the_time_to_answer_is_the_median_of_the_calls_of_which_it_is_known(called, report):
    for seconds in (4, 6, 90, None):
        called(Outcome.ANSWERED, answered_in=seconds, seconds=60)
    total = report().total
    assert (total.seconds_to_answer, total.seconds_talked) == (6, 240)


def test_a_call_belongs_to_the_day_and_the_hour_of_the_workspace(called, report):
    called(Outcome.MISSED, datetime(2027, 3, 13, 4, 59, tzinfo=UTC))  # 11:59 p.m. in New York
    called(Outcome.MISSED, datetime(2027, 3, 14, 7, 0, tzinfo=UTC))  # 3 a.m., as clocks went ahead at two
    found = report()
    assert [day for day, tally in found.days.items() if tally.missed] == [date(2027, 3, 12), date(2027, 3, 14)]
    assert [hour for hour, tally in found.hours.items() if tally.missed] == [3, 23]
    assert (len(found.days), len(found.hours)) == (7, 24)


@pytest.mark.parametrize("at", [WEEK.begins - timedelta(seconds=1), WEEK.ends])
def test_calls_before_and_after_the_period_are_left_out(called, report, at):
    called(Outcome.MISSED, at)
    assert report().total == NONE


def test_a_week_in_which_clocks_change_begins_and_ends_at_midnight(called, report):
    assert WEEK.begins == datetime(2027, 3, 8, 5, tzinfo=UTC)
    assert WEEK.ends == datetime(2027, 3, 15, 4, tzinfo=UTC)
    called(Outcome.MISSED, WEEK.begins)
    called(Outcome.MISSED, WEEK.ends - timedelta(seconds=1))
    assert report().total == Tally(missed=2)


def test_who_answered_and_who_called_is_counted_by_member(session, line, called, report):
    alice, bob = a_member(session, line, "Alice", Membership.OWNER), a_member(session, line, "Bob")
    called(Outcome.ANSWERED, answered_by_id=alice.user_id, answered_in=3)
    called(Outcome.ANSWERED, answered_by_id=bob.user_id, answered_in=5)
    called(Outcome.MISSED, direction=Direction.OUT, author_id=bob.user_id)
    called(Outcome.ANSWERED)
    by_member = [(user.name, tally.answered, tally.called, tally.seconds_to_answer) for user, tally in report().members]
    assert by_member == [("Bob", 1, 1, 5), ("Alice", 1, 0, 3)]


def test_lines_are_counted_apart_and_those_that_are_not_asked_for_left_out(session, line, called, report):
    shop = Line(workspace_id=line.workspace_id, name="Shop")
    session.add(shop)
    session.flush()
    wear(session, shop, "+14155550189")
    stranger = a_standing_line(session, number="+14155550190")
    called(Outcome.ANSWERED)
    called(Outcome.MISSED, on=shop, number="+14155550189")
    called(Outcome.MISSED, on=stranger, number="+14155550190")
    assert report(line).total == Tally(answered=1)
    assert report(line, shop).lines == [(line, Tally(answered=1)), (shop, Tally(missed=1))]


def test_each_day_of_each_line_has_a_row(session, line, called):
    called(Outcome.MISSED)
    rows = daily_rows(session, [line], WEEK)
    assert len(rows) == 7
    assert [(day, tally) for day, _, tally in rows if tally != NONE] == [(date(2027, 3, 12), Tally(missed=1))]
