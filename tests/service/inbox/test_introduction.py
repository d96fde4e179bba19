"""The first text to somebody who has not written: who writes, and how to stop."""

import pytest

from service.accounts.models import Workspace
from service.inbox.contacts import conversation_with
from service.inbox.introduction import with_introduction
from service.inbox.receiving import receive
from service.inbox.writing import cancel_unsent, latest_answer, must_be_up_to_date, write
from service.language import Language
from service.notifications.gsm import segments
from tests.service.inbox.lines import CALLER, a_member, a_standing_line, a_text

INTRODUCED = "Alice's Bakery: Your cake is ready.\nReply STOP to opt out."


@pytest.fixture
def conversation(session, line):
    return conversation_with(session, line, CALLER)


def test_the_first_text_to_a_person_says_who_writes_and_how_to_stop_and_the_next_does_not(session, conversation):
    assert write(session, conversation, "Your cake is ready.", None).text == INTRODUCED
    assert write(session, conversation, "See you soon.", None).text == "See you soon."


def test_an_answer_is_left_as_it_was_written(session, line):
    asked = receive(session, a_text("Is it ready?"))
    assert write(session, asked.conversation, "Your cake is ready.", None).text == "Your cake is ready."


def test_a_person_who_knows_the_business_from_another_line_is_not_told_again(session, line, conversation):
    write(session, conversation, "Your cake is ready.", None)
    other = a_standing_line(session, number="+14155550189", workspace=session.get_one(Workspace, line.workspace_id))
    assert write(session, conversation_with(session, other, CALLER), "And the bread.", None).text == "And the bread."


def test_a_first_text_that_was_taken_back_is_introduced_once(session, conversation):
    taken_back = write(session, conversation, "Your cake is ready.", None)
    text = taken_back.text
    cancel_unsent(session, taken_back)
    session.flush()
    assert write(session, conversation, text, None).text == INTRODUCED


def test_a_first_text_that_was_sent_twice_by_its_form_is_known(session, line, conversation):
    anna = a_member(session, line, "Anna").user_id
    seen = latest_answer(session, conversation)
    write(session, conversation, "Your cake is ready.", anna)
    assert must_be_up_to_date(session, conversation, seen, "Your cake is ready.", anna) is True


@pytest.mark.parametrize("language", Language)
def test_an_introduction_costs_no_more_than_one_text_in_any_language(language):
    assert segments(with_introduction("OK", "Alice's Bakery", language)) == 1


def test_a_picture_alone_is_introduced_too():
    assert with_introduction("", "Alice's Bakery", Language.ENGLISH) == "Alice's Bakery\nReply STOP to opt out."
