"""Which conversations a member sees listed, and which are unread."""

from datetime import timedelta

import pytest

from service.accounts.access import lines_for
from service.inbox import handling, receiving
from service.inbox.contacts import conversation_with
from service.inbox.listing import View, listing, pulse
from service.inbox.notes import write_note
from service.inbox.reading import mark_read, mark_unread
from service.inbox.writing import write
from service.time import now
from tests.service.inbox.lines import CALLER, a_member, a_standing_line, a_text


@pytest.fixture
def anna(session, line):
    return a_member(session, line, "Anna")


@pytest.fixture
def bob(session, line):
    return a_member(session, line, "Bob")


def numbers(listed):
    return [row.conversation.contact.number[-2:] for row in listed.rows]


@pytest.fixture
def show(session):
    """The list as a member sees it."""

    def show(member, view=View.OPEN, **more):
        session.flush()
        session.expire_all()
        return listing(session, member, lines_for(session, member), view, **more)

    return show


@pytest.fixture
def five(session, line, anna, clock):
    """Conversations with five customers, each begun a minute after the other."""
    for turn in range(5):
        receiving.receive(session, a_text(sender=f"+141555501{turn:02}", reference=f"SM{turn}"))
        clock.jump(timedelta(minutes=1))


def test_the_latest_conversation_comes_first(five, show, anna):
    assert numbers(show(anna)) == ["04", "03", "02", "01", "00"]


def test_a_list_goes_on_where_its_page_ended(five, show, anna):
    first = show(anna, most=2)
    second = show(anna, most=2, before=first.older)
    third = show(anna, most=2, before=second.older)
    assert [numbers(page) for page in (first, second, third)] == [["04", "03"], ["02", "01"], ["00"]]
    assert third.older == ""


@pytest.mark.parametrize("cursor", ["x", "_", "2026-03-02T15:00:00_1", "2026-03-02T15:00:00+00:00_x"])
def test_a_cursor_that_makes_no_sense_begins_anew(five, show, anna, cursor):
    assert len(show(anna, before=cursor).rows) == 5


def test_conversations_of_the_same_moment_are_all_there_over_pages(session, line, show, anna):
    for turn in range(5):
        receiving.receive(session, a_text(sender=f"+141555501{turn:02}", reference=f"SM{turn}"))
    seen, before = [], ""
    for _ in range(3):
        page = show(anna, most=2, before=before)
        seen += numbers(page)
        before = page.older
    assert sorted(seen) == ["00", "01", "02", "03", "04"]


def test_each_line_is_listed_that_a_member_sees_and_no_other(session, line, show, anna):
    other = a_standing_line(session, number="+14155550177")
    other.workspace_id = line.workspace_id
    receiving.receive(session, a_text())
    receiving.receive(session, a_text(to="+14155550177", reference="SM2"))
    owner = a_member(session, line, "Olga", role="owner")
    assert len(show(anna).rows) == 1
    assert len(show(owner).rows) == 2


def test_what_is_new_is_counted_for_each_member(session, line, show, anna, bob, clock):
    receiving.receive(session, a_text())
    conversation = conversation_with(session, line, CALLER)
    mark_read(session, conversation, anna.user_id)
    receiving.receive(session, a_text(reference="SM2"))
    assert [show(one).rows[0].unread for one in (anna, bob)] == [1, 2]
    session.refresh(conversation)
    mark_read(session, conversation, anna.user_id)
    assert show(anna).rows[0].unread == 0
    mark_unread(session, conversation, anna.user_id)
    assert show(anna).rows[0].unread == 1


def test_what_was_over_before_somebody_came_is_not_new_to_them(session, line, show, clock):
    receiving.receive(session, a_text())
    clock.jump(timedelta(days=1))
    assert show(a_member(session, line, "Newcomer")).rows[0].unread == 0


def test_our_own_answers_are_not_new(session, line, show, anna, bob):
    write(session, conversation_with(session, line, CALLER), "Hi", anna.user_id)
    assert show(bob).rows[0].unread == 0


def test_the_views_show_what_they_say(session, line, show, anna, bob, five):
    done, snoozed, mine, named, _ = (conversation_with(session, line, f"+141555501{turn:02}") for turn in range(5))
    handling.finish(done)
    handling.snooze(snoozed, now() + timedelta(hours=1))
    handling.assign(session, mine, anna.user_id)
    write_note(session, named, "What do you think, @anna?", bob.user)
    views = {view: sorted(numbers(show(anna, view))) for view in View}
    assert views == {
        View.OPEN: ["02", "03", "04"],
        View.MINE: ["02"],
        View.UNASSIGNED: ["03", "04"],
        View.MENTIONS: ["03"],
        View.SNOOZED: ["01"],
        View.DONE: ["00"],
        View.ALL: ["00", "01", "02", "03", "04"],
    }


def test_who_was_named_sees_it_until_they_have_looked(session, line, show, anna, bob):
    receiving.receive(session, a_text())
    conversation = conversation_with(session, line, CALLER)
    write_note(session, conversation, "@anna, please", bob.user)
    assert [show(one).rows[0].called for one in (anna, bob)] == [True, False]
    mark_read(session, conversation, anna.user_id)
    assert show(anna).rows[0].called is False


def test_a_page_is_told_of_any_change_on_its_lines(session, line, anna):
    def felt():
        session.flush()
        return pulse(session, [line])

    before = felt()
    receiving.receive(session, a_text())
    heard = felt()
    conversation = conversation_with(session, line, CALLER)
    handling.finish(conversation)
    finished = felt()
    write_note(session, conversation, "Well done", anna.user)
    assert len({before, heard, finished, felt()}) == 4
