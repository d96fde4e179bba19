"""The page with the report on calls, and its table to download."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Outcome
from service.lines.inventory import numbers_of
from service.lines.models import Line
from service.time import now
from tests.factories import CALLER


@pytest.fixture
def called(line, services):
    """Add a call that came in an hour ago, or earlier."""

    def called(outcome, ago=timedelta(hours=1), **more):
        with services.sessions.begin() as session:
            here = session.get_one(Line, line.id)
            talk, number = conversation_with(session, here, CALLER), numbers_of(session, line.id)[0].number
            session.add(Call(conversation=talk, number=number, outcome=outcome, at=now() - ago, **more))

    return called


def figures(page):
    return {one.dt.text: " ".join(one.dd.text.split()) for one in page.select(".figures > div")}


def test_a_report_without_calls_says_how_to_fill_it(alice):
    page = alice.get("call_report.show")
    assert page.says("No calls in these days")
    assert not page.select("svg[role=img]")


def test_the_owner_reads_how_many_calls_were_answered_and_how_soon(alice, called):
    called(Outcome.ANSWERED, answered_at=now() - timedelta(minutes=59, seconds=51), seconds=130)
    called(Outcome.VOICEMAIL)
    called(Outcome.MISSED)
    assert figures(alice.get("call_report.show")) == {
        "Calls in": "3",
        "Answered": "1 33%",
        "Voicemail": "1",
        "Missed": "1",
        "Usual time to answer": "9 sec",
        "Calls out": "0",
        "Time talked": "2 min",
    }


def test_a_plot_shows_each_day_and_says_what_it_shows(alice, called):
    called(Outcome.MISSED)
    by_day, by_hour = alice.get("call_report.show", days=7).select("svg[role=img]")
    assert (len(by_day.select("g")), len(by_hour.select("g"))) == (7, 24)
    assert by_day.select_one("g:has(.plot-missed) title").text.endswith(": 0 answered, 0 voicemail, 1 missed")


def test_the_period_is_chosen_and_an_unknown_one_is_thirty_days(alice, called):
    called(Outcome.MISSED, timedelta(days=20))
    assert alice.get("call_report.show", days=7).says("No calls in these days")
    assert figures(alice.get("call_report.show", days=90))["Missed"] == "1"
    assert alice.get("call_report.show", days=12345).select_one(".chip[aria-current]").text == "30 days"


def test_the_table_has_a_row_for_each_day_and_no_formula(alice, line, called, services):
    called(Outcome.MISSED, timedelta(0))
    with services.sessions.begin() as session:
        session.get_one(Line, line.id).name = "=1+1"
    answer = alice.client.get("/calls/report/calls.csv?days=7")
    head, *rows = csv.reader(answer.data.decode("utf-8-sig").splitlines())
    assert head[:3] == ["Day", "Line", "Answered"]
    assert (len(rows), rows[-1][1], rows[-1][4]) == (7, "'=1+1", "1")
    assert answer.headers["Content-Disposition"].endswith('.csv"')


def table(reader, by):
    answer = reader.client.get(f"/calls/report/calls.csv?days=7&by={by}")
    return [*csv.reader(answer.data.decode("utf-8-sig").splitlines())]


def test_a_table_has_the_calls_of_each_member(alice, called, services):
    with services.sessions() as session:
        user_id = session.scalars(select(User.id)).first()
    called(Outcome.ANSWERED, answered_at=now() - timedelta(minutes=59, seconds=51), seconds=130, answered_by_id=user_id)
    called(Outcome.MISSED)
    head, *rows = table(alice, "members")
    assert head[:2] == ["Name", "Answered"]
    assert [(row[1], row[5]) for row in rows] == [("1", "9")]


def test_a_table_has_each_hour_of_the_day(alice, called):
    called(Outcome.MISSED)
    head, *rows = table(alice, "hours")
    assert head[0] == "Hour"
    assert [row[0] for row in rows[:2]] == ["00:00", "01:00"]
    assert (len(rows), sum(int(row[3]) for row in rows)) == (24, 1)


def test_rows_that_are_unknown_are_the_days(alice, called):
    assert table(alice, "weeks") == table(alice, "days")


def test_members_do_not_see_it(alice, bob):
    assert alice.get("call_log.show").select("a[href='/calls/report/']")
    assert not bob.get("call_log.show").select("a[href='/calls/report/']")
    assert bob.client.get("/calls/report/").status_code == 403
    assert bob.client.get("/calls/report/calls.csv").status_code == 403
