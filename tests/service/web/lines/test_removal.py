"""Removing a line without numbers: it leaves the lists, what was said on it stays, and it can come back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from service.accounts.access import lines_for
from service.accounts.models import Member
from service.cutover.arranging import move
from service.cutover.removing_lines import remove_line
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.lines.choosing import choose, try_again
from service.lines.models import Line, NumberSearch, PhoneNumber
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


FOUND = "+14155550188"


def buy(session, services, line):
    where = {"workspace_id": line.workspace_id, "country": "US", "carrier": "twilio", "passed_over": {}}
    search = NumberSearch(**where, found=[(FOUND, "")])
    choose(session, services, search, FOUND, line, "")


def buy_any(session, services, line):
    try_again(session, services, line)


def move_the_first(session, services, line):
    move(session, session.scalars(select(PhoneNumber)).one(), line)


GIVING = pytest.mark.parametrize("give", [buy, buy_any, move_the_first])


@GIVING
def test_a_line_that_was_removed_at_this_moment_is_given_no_number(alice, flyers, services, give):
    with services.sessions() as session:
        line = session.get_one(Line, flyers)
        with services.sessions.begin() as elsewhere:
            remove_line(elsewhere, elsewhere.get_one(Line, flyers))
        with pytest.raises(Conflict, match="This line was removed"):
            give(session, services, line)


@GIVING
def test_a_line_that_is_given_a_number_at_this_moment_is_not_removed(alice, flyers, services, give):
    with services.sessions() as session, services.sessions() as elsewhere:
        give(session, services, session.get_one(Line, flyers))
        elsewhere.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            remove_line(elsewhere, elsewhere.get_one(Line, flyers))


def test_a_page_from_before_the_removal_gives_the_line_no_number(alice, remove, flyers, services):
    remove(alice)
    token = alice.get("numbers.listing").select_one("main [name=csrf_token]")["value"]
    alice.client.post(alice.address("numbers.again", line_id=flyers), data={"csrf_token": token})
    assert alice.get("numbers.listing").says("This line was removed. Bring it back first, or choose another line.")
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == flyers)).all() == []


def test_nobody_calls_and_texts_new_contacts_from_a_removed_line(alice, bakery, remove, flyers, services):
    with services.sessions.begin() as session:
        session.add(Line(workspace_id=bakery.id, name="Wholesale"))
    remove(alice)
    page = alice.get("team.show")
    assert "Flyers" not in [choice.text for choice in page.select("[name=line] option")]
    token = page.select_one("main [name=csrf_token]")["value"]
    chosen = alice.client.post(alice.address("team.write_from"), data={"csrf_token": token, "line": flyers})
    assert chosen.status_code == 409
    with services.sessions() as session:
        assert session.query(Member).first().usual_line_id is None
