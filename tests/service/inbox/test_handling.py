"""Conversations that are open, done or snoozed, and assigned by hand or in turn."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.errors import Invalid
from service.inbox import handling, receiving
from service.inbox.contacts import conversation_with
from service.inbox.models import Handling
from service.time import now
from tests.service.inbox.lines import CALLER, a_member, a_standing_line, a_text


@pytest.fixture
def conversation(session, line):
    receiving.receive(session, a_text())
    return conversation_with(session, line, CALLER)


@pytest.fixture
def in_turn(session, line):
    handling.settings_of(session, line.id).in_turn = True


def write_in(session, line, person, reference):
    receiving.receive(session, a_text(sender=f"+1415555010{person}", reference=reference))
    return conversation_with(session, line, f"+1415555010{person}")


def test_what_is_done_opens_again_when_they_write(session, conversation):
    handling.finish(conversation)
    receiving.receive(session, a_text(reference="SM2"))
    assert conversation.handling is Handling.OPEN


def test_what_is_snoozed_comes_back_when_its_time_has_come(session, conversation, clock):
    handling.snooze(conversation, now() + timedelta(hours=2))
    clock.jump(timedelta(hours=1))
    handling.wake(session)
    assert conversation.handling is Handling.SNOOZED
    clock.jump(timedelta(hours=1))
    handling.wake(session)
    assert (conversation.handling, conversation.snoozed_until) == (Handling.OPEN, None)
    assert conversation.last_at == now()


def test_what_is_snoozed_comes_back_when_they_write_and_stays(session, conversation, clock):
    handling.snooze(conversation, now() + timedelta(hours=2))
    receiving.receive(session, a_text(reference="SM2"))
    assert conversation.handling is Handling.OPEN
    handling.finish(conversation)
    clock.jump(timedelta(hours=3))
    handling.wake(session)
    assert conversation.handling is Handling.DONE


def test_nothing_is_snoozed_into_the_past(conversation):
    with pytest.raises(Invalid):
        handling.snooze(conversation, now())


def test_a_conversation_is_given_to_a_member_of_its_line_and_to_nobody_else(session, line, conversation):
    anna = a_member(session, line, "Anna")
    handling.assign(session, conversation, anna.user_id)
    assert conversation.assignee_id == anna.user_id
    stranger = a_member(session, a_standing_line(session, number="+14155550177"), "Charlie")
    with pytest.raises(Invalid):
        handling.assign(session, conversation, stranger.user_id)
    handling.assign(session, conversation, None)
    assert conversation.assignee_id is None


def test_new_conversations_are_given_in_turn_to_those_on_duty(session, line, in_turn, clock):
    anna, bob = (a_member(session, line, name) for name in ("Anna", "Bob"))
    a_member(session, line, "Carla", on_duty=False)
    given = []
    for turn in range(4):
        given.append(write_in(session, line, turn, f"SM{turn}").assignee_id)
        clock.jump(timedelta(minutes=1))
    assert given == [anna.user_id, bob.user_id, anna.user_id, bob.user_id]


def test_a_conversation_stays_with_whom_it_was_given_to(session, line, in_turn):
    anna, _ = (a_member(session, line, name) for name in ("Anna", "Bob"))
    write_in(session, line, 1, "SM1")
    handling.finish(conversation_with(session, line, "+14155550101"))
    assert write_in(session, line, 1, "SM2").assignee_id == anna.user_id


def test_nobody_is_given_anything_while_nobody_is_on_duty(session, line, in_turn):
    a_member(session, line, "Anna", on_duty=False)
    assert write_in(session, line, 1, "SM1").assignee_id is None


def test_nothing_is_given_out_where_the_line_does_not_want_it(session, line):
    a_member(session, line, "Anna")
    assert write_in(session, line, 1, "SM1").assignee_id is None


def test_the_first_two_texts_of_a_line_may_come_at_once(services, clock):
    with services.sessions.begin() as session:
        line_id = a_standing_line(session).id

    def second():
        with services.sessions.begin() as session:
            return handling.settings_of(session, line_id).after_hours

    with ThreadPoolExecutor(1) as other:
        with services.sessions.begin() as session:
            handling.settings_of(session, line_id)
            session.flush()
            waiting = other.submit(second)
            time.sleep(0.2)  # it has read the row, and waits for the first transaction
        assert waiting.result(timeout=10) is True
