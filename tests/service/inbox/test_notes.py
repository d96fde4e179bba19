"""Notes to the team, and the members they mention."""

import pytest
from sqlalchemy import select

from service.errors import Invalid
from service.inbox.contacts import conversation_with
from service.inbox.notes import handles, write_note
from service.inbox.shared import Mention, Note
from tests.service.inbox.lines import CALLER, a_member


@pytest.fixture
def conversation(session, line):
    return conversation_with(session, line, CALLER)


@pytest.fixture
def anna(session, line):
    return a_member(session, line, "Anna Berg")


@pytest.fixture
def bob(session, line):
    return a_member(session, line, "Bob")


@pytest.mark.parametrize("text", ["@bob look", "Look, @Bob.", "(@BOB)", "@bob @bob"])
def test_a_member_is_called_with_an_at(session, conversation, anna, bob, text):
    _, called = write_note(session, conversation, text, anna.user)
    assert called == [bob.user_id]
    assert session.scalars(select(Mention.user_id)).all() == [bob.user_id]


@pytest.mark.parametrize("text", ["Bob", "anna@bob.example", "@bobby", "@anna", "@@bob"])
def test_nobody_else_is_called(session, conversation, anna, bob, text):
    _, called = write_note(session, conversation, text, anna.user)
    assert called == []


def test_two_of_the_same_name_are_called_by_their_whole_names(session, line, anna):
    other = a_member(session, line, "Anna Lind")
    nameless = a_member(session, line, "x")
    nameless.user.name, nameless.user.email = "", "desk@bakery.example"
    assert handles([anna, other, nameless]) == {
        "anna.berg": anna.user_id,
        "anna.lind": other.user_id,
        "desk": nameless.user_id,
    }


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_a_note_that_says_nothing_or_too_much_is_refused(session, conversation, anna, text):
    with pytest.raises(Invalid):
        write_note(session, conversation, text, anna.user)
    assert session.scalars(select(Note)).all() == []
