"""Several lines in one inbox: seeing one line's conversations, and writing from the line one usually writes from."""

import pytest

from service.accounts.access import grant
from service.accounts.models import Member
from service.inbox.contacts import conversation_with
from service.lines.models import Line

ANN, BEN = "+14155550111", "+14155550122"


@pytest.fixture
def wholesale(services, line):
    """A second line, with a conversation of its own."""
    with services.sessions.begin() as session:
        second = Line(workspace_id=line.workspace_id, name="Wholesale")
        session.add(second)
        session.flush()
        conversation_with(session, session.merge(line), ANN).contact.name = "Ann"
        conversation_with(session, second, BEN).contact.name = "Ben"
    return second


def names(page):
    return [link.text for link in page.select(".conversation-list a bdi")]


def test_all_lines_are_listed_together_and_each_alone(alice, wholesale, line):
    page = alice.get("inbox.show")
    assert set(names(page)) == {"Ann", "Ben"}
    page = alice.open(page.select_one("nav[aria-label='Which line']").find("a", string="Wholesale")["href"])
    assert names(page) == ["Ben"]
    page = alice.open(page.find("a", string="All")["href"])
    assert names(page) == ["Ben"], "another view is of the same line"
    alice.open(page.select_one(".conversation-list")["data-refresh"])
    assert names(alice.page) == ["Ben"]
    assert names(alice.get("inbox.show", line=wholesale.id, q="Ann")) == []
    assert names(alice.get("inbox.show", q="Ann")) == ["Ann"]


def test_with_one_line_there_is_nothing_to_choose(alice, line):
    assert not alice.get("inbox.show").select("nav[aria-label='Which line']")


@pytest.mark.parametrize("line_id", [99, "nonsense", "9" * 40])
def test_a_line_that_is_not_seen_filters_nothing(alice, wholesale, line_id):
    assert set(names(alice.get("inbox.show", line=line_id))) == {"Ann", "Ben"}


def test_a_helper_chooses_among_the_lines_they_were_given(bob, wholesale, line, services):
    with services.sessions.begin() as session:
        grant(session, session.get_one(Member, 2), [line.id])
    page = bob.get("inbox.show", line=wholesale.id)
    assert names(page) == ["Ann"]


def test_new_texts_leave_from_the_line_one_chose(alice, wholesale, line):
    assert alice.get("contacts.ask").kept("line") == str(line.id)
    alice.get("team.show")
    assert alice.submit(line=str(wholesale.id)).says("Saved. New texts and calls go out from this line.")
    assert alice.get("contacts.ask").kept("line") == str(wholesale.id)
    alice.submit(number="415 555 0133")
    assert alice.get("inbox.show", line=wholesale.id).says("(415) 555‑0133".replace("-", "‑"))


def test_a_line_that_was_taken_away_is_not_written_from(bob, wholesale, line, services):
    with services.sessions.begin() as session:
        session.get_one(Member, 2).usual_line_id = wholesale.id
        grant(session, session.get_one(Member, 2), [line.id])
    assert not bob.get("contacts.ask").select("[name=line]")
    bob.submit(number="415 555 0133")
    assert names(bob.get("inbox.show"))


def test_nobody_writes_from_the_line_of_others(alice, wholesale, services, charlie):
    with services.sessions.begin() as session:
        workspace_id = session.get_one(Member, 2).workspace_id
        theirs = Line(workspace_id=workspace_id, name="Theirs")
        session.add(theirs)
    alice.get("team.show")
    alice.submit(line=str(theirs.id), status=404)
