"""What is remembered of a line is never older than the database: whatever is changed, the next call obeys."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from provisioning.contract.callbacks import CallArrived
from service.accounts.models import Member, Workspace
from service.calls import events, queries, remembered
from service.calls.document import written
from service.calls.models import CallPlan
from service.calls.nodes import MESSAGE, Forwarding, Greeting, Voicemail, usual
from service.calls.owners import find_owners
from service.calls.queries import answering_at
from service.calls.remembered import how_line_answers
from service.language import Language
from service.lines.models import Line, NumberRole, Phone, PhoneNumber, Standing
from service.spending.allowances import pause
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line, retire, wear
from webhooks.connections import connect

BOBS = "+5491123456789"
DRIVER = "+14155550132"
OUTSIDE = "+14155550177"
ARRIVAL = CallArrived("CA1", CALLER, OURS)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(remembered, "_lines", {})


@pytest.fixture
def line_id(services, clock):
    """A line whose calls are forwarded, with the phones of Bob and of a driver."""
    with services.sessions.begin() as session:
        line = a_standing_line(session)
        session.add(Phone(line_id=line.id, number=BOBS, name="Bob", position=0))
        session.add(Phone(line_id=line.id, number=DRIVER, position=1))
        session.add(CallPlan(line_id=line.id, document=written(replace(usual(), forwarding=Forwarding(OUTSIDE)))))
        a_member(session, line, "Bob")
        find_owners(session, line.workspace_id)
        return line.id


@pytest.fixture
def reads(database):
    with connect(database) as connection:
        yield connection


@pytest.fixture
def change(services, line_id):
    def change(how):
        with services.sessions.begin() as session:
            how(session, session.get(Line, line_id))

    return change


def another_line(session):
    return a_standing_line(session, number="+14155550144").id


def plan(session, **changes):
    session.execute(update(CallPlan).values(document=written(replace(usual(), **changes))))


def phone(whose=DRIVER, **values):
    return update(Phone).where(Phone.number == whose).values(**values)


def ringing(session, count):
    for number in range(count):
        events.arrived(session, CallArrived(f"CA{number + 2}", CALLER, OURS))


CHANGES = {
    "a phone is added": lambda session, line: session.add(Phone(line_id=line.id, number="+14155550133", position=2)),
    "a phone is removed": lambda session, _: session.execute(delete(Phone).where(Phone.number == DRIVER)),
    "all phones are removed": lambda session, _: session.execute(delete(Phone)),
    "a phone has another number": lambda session, _: session.execute(phone(number="+14155550134")),
    "a phone has another name": lambda session, _: session.execute(phone(name="Eve")),
    "phones ring in another order": lambda session, _: session.execute(phone(position=-1)),
    "a phone has another owner": lambda session, _: session.execute(phone(BOBS, user_id=None, name="Bob's old one")),
    "a phone goes to another line": lambda session, _: session.execute(phone(line_id=another_line(session))),
    "an owner goes off duty": lambda session, _: session.execute(update(Member).values(on_duty=False)),
    "the plan is changed": lambda session, _: plan(session, nodes={MESSAGE: Voicemail(Greeting("Later!"))}),
    "the plan is removed": lambda session, _: session.execute(delete(CallPlan)),
    "the hours are changed": lambda session, _: plan(session, closed=MESSAGE, opening=MESSAGE),
    "calls are no longer forwarded": lambda session, _: plan(session, forwarding=Forwarding(OUTSIDE, on=False)),
    "the business has another name": lambda session, _: session.execute(update(Workspace).values(name="Bob's")),
    "the line speaks another language": lambda _, line: setattr(line, "language", Language.SWEDISH),
    "the line is in another country": lambda _, line: setattr(line, "country", "SE"),
    "a phone's number comes to us": lambda session, _: wear(session, session.get(Line, another_line(session)), DRIVER),
    "it comes in its other spelling": lambda session, line: wear(session, line, BOBS.replace("+549", "+54")),
    "the number it forwards to comes to us": lambda session, line: wear(session, line, OUTSIDE),
    "the workspace is paused": lambda session, line: pause(session, line.workspace_id),
    "the number retires": retire,
    "the number goes to another line": lambda session, line: setattr(line.numbers[0], "line_id", another_line(session)),
    "the number is released": lambda _, line: setattr(line.numbers[0], "standing", Standing.RELEASED),
    "the caller comes back": lambda session, _: ringing(session, 2),
}


@pytest.mark.parametrize("how", CHANGES.values(), ids=CHANGES.keys())
def test_the_next_call_obeys_when(how, change, reads):
    how_line_answers(reads, ARRIVAL, now())
    before = how_line_answers(reads, ARRIVAL, now())
    assert how_line_answers(reads, ARRIVAL, now()) is before, "it was not remembered"
    change(how)
    after = how_line_answers(reads, ARRIVAL, now())
    assert after != before
    assert after == answering_at(reads, ARRIVAL, now())
    assert how_line_answers(reads, ARRIVAL, now()) == after


def test_whoever_is_off_duty_and_leaves_the_team_rings_again_as_a_phone_without_owner(change, reads):
    change(CHANGES["an owner goes off duty"])
    assert not how_line_answers(reads, ARRIVAL, now()).phones[0].on_duty
    change(lambda session, _: session.execute(delete(Member)))
    assert how_line_answers(reads, ARRIVAL, now()).phones[0].on_duty


def test_a_phone_rings_again_when_its_number_is_no_longer_ours(change, reads):
    change(lambda session, line: wear(session, line, DRIVER))
    assert [one.number for one in how_line_answers(reads, ARRIVAL, now()).phones] == [BOBS]
    change(lambda session, _: session.execute(delete(PhoneNumber).where(PhoneNumber.number == DRIVER)))
    assert [one.number for one in how_line_answers(reads, ARRIVAL, now()).phones] == [BOBS, DRIVER]


def test_what_one_call_alone_was_answered_is_not_remembered(change, reads):
    change(lambda session, _: ringing(session, 2))
    assert how_line_answers(reads, ARRIVAL, now()).comes_back
    assert not how_line_answers(reads, replace(ARRIVAL, caller="+14155550999"), now()).comes_back
    assert not how_line_answers(reads, ARRIVAL, now() + timedelta(minutes=1)).comes_back


def test_the_check_reads_every_table_that_an_answer_is_made_of():
    answered, checked = (
        set(re.findall(r"(?:FROM|JOIN) (\w+)", statement._sql))
        for statement in (queries._AT_NUMBER, remembered._AS_REMEMBERED)
    )
    assert answered <= checked


def test_what_is_asked_for_every_call_is_planned_once(line_id, reads):
    for _ in range(8):
        how_line_answers(reads, ARRIVAL, now())
    planned = reads.execute("SELECT statement, custom_plans FROM pg_prepared_statements").fetchall()
    assert [custom for statement, custom in planned if statement == remembered._AS_REMEMBERED._numbered] == [0]


def test_what_a_transaction_has_not_committed_is_not_remembered(services, line_id):
    with services.sessions.begin() as session:
        how_line_answers(session.connection(), ARRIVAL, now())
    assert not remembered._lines


def test_when_as_many_lines_are_remembered_as_may_be_others_take_their_place(change, reads, monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 2)
    numbers = [f"+1415555020{digit}" for digit in range(3)]
    for number in numbers:
        change(lambda session, line, number=number: wear(session, line, number, NumberRole.ADDITIONAL))
        how_line_answers(reads, replace(ARRIVAL, called=number), now())
    assert list(remembered._lines) == numbers[2:]


def test_of_a_row_that_is_written_twice_in_one_transaction_only_the_last_counts(change, reads):
    how_line_answers(reads, ARRIVAL, now())

    def twice(session, line):
        line.country = "SE"
        session.flush()
        assert how_line_answers(reads, ARRIVAL, now()).country == "US"
        line.country = "MX"

    change(twice)
    assert how_line_answers(reads, ARRIVAL, now()).country == "MX"
