"""Saved replies and what is filled into them."""

import pytest

from service.errors import Invalid, NotFound
from service.inbox.contacts import conversation_with
from service.inbox.saved_replies import fill, filled, save, saved_replies, saved_reply
from service.inbox.shared import SavedReply
from tests.service.inbox.lines import CALLER, a_member, a_standing_line


@pytest.fixture
def keep(session, line):
    def keep(title, text):
        reply = SavedReply(workspace_id=line.workspace_id)
        save(session, reply, title, text)
        return reply

    return keep


def test_a_reply_is_filled_in_for_its_conversation(session, line, keep):
    keep("Open", "Hello {name}, {business} is open. {me}, {number}")
    conversation = conversation_with(session, line, CALLER)
    conversation.contact.name = "Karin"
    [reply] = fill(session, conversation, a_member(session, line, "Anna").user, "(415) 555-0188")
    assert reply.text == "Hello Karin, Alice's Bakery is open. Anna, (415) 555-0188"


def test_a_name_that_is_not_known_leaves_no_gap():
    assert filled("Hello {name}, we are open.", {"name": ""}) == "Hello, we are open."


def test_what_a_customer_is_called_is_not_read_as_a_variable():
    assert filled("Hello {name}", {"name": "{business}", "business": "x"}) == "Hello {business}"


@pytest.mark.parametrize("text", ["Hello {nam}", "{}", "{ name }"])
def test_a_variable_that_does_not_exist_is_refused(keep, text):
    with pytest.raises(Invalid) as refusal:
        keep("Open", text)
    assert list(refusal.value.fields) == ["text"]


def test_two_replies_do_not_have_the_same_title(keep, session, line):
    keep("Open", "Yes")
    with pytest.raises(Invalid) as refusal:
        keep("Open", "No")
    assert list(refusal.value.fields) == ["title"]
    assert [reply.text for reply in saved_replies(session, line.workspace_id)] == ["Yes"]


def test_another_workspaces_reply_is_not_found(keep, session):
    other = a_standing_line(session, number="+14155550177")
    with pytest.raises(NotFound):
        saved_reply(session, other.workspace_id, keep("Open", "Yes").id)
