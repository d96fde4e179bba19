"""Removing a line without numbers: it leaves the lists, what was said on it stays, and it can come back."""

import pytest

from service.accounts.access import lines_for
from service.accounts.models import Member
from service.inbox.contacts import conversation_with
from service.lines.models import Line, PhoneNumber
from tests.factories import a_draft


@pytest.fixture
def flyers(services, line):
    """The id of a second line, which has no number and one conversation."""
    with services.sessions.begin() as session:
        second = Line(workspace_id=line.workspace_id, name="Flyers")
        session.add(second)
        session.flush()
        conversation_with(session, second, "+14155550111")
        return second.id


@pytest.fixture
def remove(flyers):
    """Press the button that removes the line, on its page as it was shown before; the page that follows."""

    def remove(reader, line_id=flyers):
        token = reader.get("line.show", line_id=line_id).select_one("main [name=csrf_token]")["value"]
        pressed = reader.client.post(
            reader.address("removal.remove", line_id=line_id), data={"csrf_token": token}, follow_redirects=True
        )
        return reader._read(pressed, pressed.status_code)

    return remove


def test_a_removed_line_leaves_the_lists_and_its_conversations_stay(alice, flyers):
    alice.get("line.show", line_id=flyers)
    page = alice.submit(button="Remove this line")
    assert page.says("The line is removed. Its conversations stay in the inbox.")
    assert [line.text for line in page.select(".line-link .clip")] == ["Alice's Bakery"]
    assert "Flyers" not in [name.text for name in page.select(".panel h2")]
    conversations = alice.open(page.select_one("#removed a")["href"])
    assert len(conversations.select(".conversation-list li")) == 1
    assert len(alice.get("inbox.show", view="all").select(".conversation-list li")) == 1
    assert alice.open(conversations.select_one(".conversation-list a")["href"])
    assert alice.get("changes.listing").says("Removed the line Flyers")


def test_a_removed_line_is_brought_back(alice, remove, services):
    remove(alice)
    alice.get("numbers.listing")
    assert alice.submit(button="Bring back Flyers").says("The line is back.")
    with services.sessions() as session:
        assert [line.name for line in lines_for(session, session.query(Member).first())] == ["Alice's Bakery", "Flyers"]


def test_a_line_with_a_number_is_not_removed(alice, remove, line):
    assert not alice.get("line.show", line_id=line.id).select("form[action$=remove]")
    assert remove(alice, line.id).says("This line has a number.")


def test_a_line_to_which_a_number_comes_is_not_removed(alice, remove, flyers, services):
    with services.sessions.begin() as session:
        a_draft(session, session.get_one(Line, flyers), "+14155550177")
    assert remove(alice).says("A transfer to this line has been started.")


def test_the_only_line_is_not_removed(alice, remove, line, flyers, services):
    with services.sessions.begin() as session:
        session.query(PhoneNumber).delete()
    remove(alice)
    assert remove(alice, line.id).says("This is your only line.")


def test_a_member_removes_no_line(bob, flyers, services):
    token = bob.get("team.show").select_one("main [name=csrf_token]")["value"]
    pressed = bob.client.post(bob.address("removal.remove", line_id=flyers), data={"csrf_token": token})
    assert pressed.status_code == 403
    with services.sessions() as session:
        assert session.get_one(Line, flyers).removed_at is None
