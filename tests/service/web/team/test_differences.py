"""The log says what was changed from what to what, and no secret."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.change_log import Change
from service.porting.question_sets import AMERICAN, CANADIAN, SWEDISH
from service.web.team.differences import NAMES
from tests.factories import GOOD_ACCOUNT_NUMBER

WRONG_ACCOUNT = "+14155553156"


@pytest.fixture
def latest(alice):
    """What the latest change was, line by line."""

    def read():
        row = alice.get("changes.listing").select_one(".people li")
        lines = row.select(".d-block:not(.quiet)")
        return [" ".join(line.text.replace("\N{NO-BREAK SPACE}", " ").split()) for line in lines]

    return read


def test_a_line_and_its_phones(alice, latest):
    alice.get("line.show", line_id=1)
    alice.submit(name="Bakery")
    assert latest() == ["Name: Alice's Bakery → Bakery"]
    for number, name in (("415 555 2671", "Alice"), ("415 555 2672", "Bob")):
        alice.get("phones.ask", line_id=1)
        alice.submit(number=number, name=name)
    assert latest() == ["Phones that ring: New: (415) 555-2672 Bob."]
    alice.get("line.show", line_id=1)
    alice.submit(button="Move Bob up")
    assert latest() == ["Phones that ring: In another order."]
    for name in ("Alice", "Bob"):
        alice.get("line.show", line_id=1)
        alice.submit(button=f"Remove {name}")
    assert latest() == ["Phones that ring: No longer: (415) 555-2672 Bob."]


def test_how_calls_are_answered(alice, latest):
    alice.get("plan.hours", line_id=1)
    alice.submit(**{"always": "", "day-5": "10:00-14:00"})
    [calls] = latest()
    assert calls.startswith("Calls: New: Open: ")
    assert "No longer: At any time: " in calls
    alice.get("callers.show", line_id=1)
    alice.submit(
        hidden="turn_away",
        blocked="(415) 555-0199",
        recorded="true",
        announces_by_law="true",
        spots_machines="true",
        rings_busy="true",
    )
    assert latest() == [
        (
            "Callers who hide their number: Put them through like everyone else → "
            "Ask them to call again with their number shown"
        ),
        "Blocked numbers: New: (415) 555-0199.",
        "Record talks: No → Yes",
        "Tell the other person only where the law asks for it: No → Yes",
        "Hang up on voicemail of phones: No → Yes",
        "Ring people who are on a call, too: No → Yes",
    ]


def test_a_saved_reply_and_the_automatic_answer(alice, latest):
    alice.get("replies.listing")
    alice.submit(title="Hours", text="Until six.")
    assert latest() == ["Title: – → Hours", "Text: – → Until six."]
    alice.get("replies.show", reply_id=1)
    alice.submit(text="Until seven.")
    assert latest() == ["Text: Until six. → Until seven."]
    alice.get("replies.show", reply_id=1)
    alice.submit(button="Delete", drop="yes")
    assert latest() == ["Title: Hours → –", "Text: Until seven. → –"]
    alice.get("inbox_settings.show", line_id=1)
    alice.submit(in_turn="true", after_hours_text="We are asleep.")
    assert latest() == [
        "Give new conversations in turn to those on duty: No → Yes",
        "What is answered then: – → We are asleep.",
    ]


def test_another_day_and_a_correction_without_its_secret(alice, filed, signed, latest, services):
    public_id = filed(WRONG_ACCOUNT, "+14155552000", account_number="1")
    signed(WRONG_ACCOUNT)
    alice.get("ports.fix", public_id=public_id)
    alice.submit(account_number=GOOD_ACCOUNT_NUMBER)
    assert latest() == ["Account number: Changed. We don’t show it."]
    assert alice.page.says("Corrected the transfer request for (415) 555-3156 and 1 more")
    with services.sessions() as session:
        kept = str([change.details for change in session.scalars(select(Change))])
    assert GOOD_ACCOUNT_NUMBER not in kept


def test_a_day(alice, filed, signed, latest, clock):
    public_id = filed()
    signed()
    clock.jump(timedelta(hours=1))
    page = alice.get("reschedule.ask", public_id=public_id)
    chosen = page.select("select[name=wished] option")[-1]["value"]
    alice.submit(wished=chosen)
    assert latest() == ["Preferred date: As soon as possible → Wednesday, April 1"]


def test_whatever_can_be_corrected_has_a_name_in_the_log():
    assert {*AMERICAN, *CANADIAN, *SWEDISH} - {"bill"} <= NAMES.keys()
