"""Forwarding of all lines in one place: where to, when, on and off, and never in a circle."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.accounts.change_log import Change
from service.calls.changing import keep
from service.calls.nodes import Forwarding, When
from service.calls.queries import plan_of
from service.lines.inventory import numbers_of
from service.lines.models import Line, PhoneNumber, Standing

CELL, SITTER = "+14155550131", "+14155550132"


@pytest.fixture
def second(services, bakery):
    with services.sessions.begin() as session:
        line = Line(workspace_id=bakery.id, name="Wholesale")
        session.add(line)
    return line


@pytest.fixture
def forwarded(services, line, second):
    """The forwarding of both lines."""

    def read():
        with services.sessions() as session:
            return [plan_of(session, one.id).forwarding for one in (line, second)]

    return read


@pytest.fixture
def at_page(alice, second):
    alice.get("forwarding.show")
    return alice


def test_all_lines_are_forwarded_from_one_page(at_page, forwarded, line, second):
    page = at_page.submit(
        **{"number-1": "415 555 0131", "on-1": "true", "number-2": "415 555 0132", "when-2": "open", "on-2": "true"}
    )
    assert page.says("Saved. The next call is answered this way.")
    assert forwarded() == [Forwarding(CELL), Forwarding(SITTER, When.OPEN)]
    assert page.kept("number-1") == "(415) 555-0131"
    assert at_page.get("line.show", line_id=line.id).says("All calls are forwarded to (415) 555‑0131.")


def test_a_call_rings_where_it_is_forwarded_and_then_takes_a_message(at_page, line):
    at_page.submit(**{"number-1": "415 555 0131", "on-1": "true"})
    page = at_page.get("line.show", line_id=line.id, when="2026-03-02T10:00")
    told = [told.text for told in page.select(".tried li")]
    assert "555‑0131" in told[0]
    assert told[-1].startswith("After the tone they can leave a message.")


def test_forwarding_is_switched_off_and_on_again_for_all_lines(at_page, forwarded):
    at_page.submit(**{"number-1": "415 555 0131", "on-1": "true", "number-2": "415 555 0132", "on-2": "true"})
    assert at_page.submit(button="Turn all off", on="false").says("Calls are no longer forwarded.")
    assert [one.on for one in forwarded()] == [False, False]
    at_page.submit(button="Turn all on", on="true")
    assert [one.on for one in forwarded()] == [True, True]
    at_page.submit(**{"number-1": "", "on-1": "false", "number-2": "", "on-2": "false"})
    assert forwarded() == [None, None]


def test_who_forwarded_what_is_in_the_log(at_page, services):
    at_page.submit(**{"number-1": "415 555 0131", "on-1": "true"})
    assert at_page.get("changes.listing").says("All calls are forwarded to (415)")
    with services.sessions() as session:
        assert [change.subject for change in session.scalars(select(Change))] == ["Alice's Bakery"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number-1": "900 555 0123", "on-1": "true"}, "You can’t call or text premium-rate numbers"),
        ({"number-1": "12", "on-1": "true"}, "That’s not a complete phone number."),
        ({"number-1": "", "on-1": "true"}, "Enter the number that calls are forwarded to."),
        ({"number-1": "415 555 0131", "when-1": "closed", "on-1": "true"}, "This line has no opening hours"),
    ],
    ids=["premium", "no number", "on without a number", "closed without hours"],
)
def test_what_cannot_be_is_said_beside_the_line_and_nothing_is_kept(at_page, forwarded, typed, said):
    page = at_page.submit(**{"number-2": "415 555 0132", "on-2": "true", **typed}, status=422)
    assert set(page.wrong()) == {"number-1"}
    assert said in page.wrong()["number-1"]
    assert forwarded() == [None, None]


def test_no_line_is_forwarded_to_a_number_that_is_here(at_page, forwarded, services, line):
    with services.sessions() as session:
        own = numbers_of(session, line.id)[0].number
    for name in ("1", "2"):
        page = at_page.submit(**{"number-1": "", "number-2": "", f"number-{name}": own}, status=422)
        assert page.wrong()[f"number-{name}"] == "This number is here already: calls would go round in circles."
        at_page.get("forwarding.show")
    assert forwarded() == [None, None]


def test_a_number_that_came_to_us_later_is_not_forwarded_to(alice, services, line, second):
    with services.sessions.begin() as session:
        here = session.merge(line)
        keep(session, here, replace(plan_of(session, line.id), forwarding=Forwarding(CELL)))
        session.add(PhoneNumber(line_id=second.id, number=CELL, standing=Standing.HELD, carrier="twilio"))
    page = alice.get("line.show", line_id=line.id, when="2026-03-02T10:00")
    assert not [told.text for told in page.select(".tried li") if "555‑0131" in told.text]


def test_only_owners_and_admins_forward(bob, line):
    bob.get("forwarding.show", status=403)
