"""Replies: sent now or later, taken back, and refused when a colleague replied first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.messaging import MessageStatus
from service import optouts
from service.errors import Conflict, Invalid
from service.inbox.contacts import conversation_with
from service.inbox.models import Message
from service.inbox.writing import (
    Overtaken,
    cancel_unsent,
    latest_answer,
    must_be_up_to_date,
    schedule,
    send_due,
    write,
)
from service.ledger.models import LedgerEntry, Progress
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, REAL, a_member, retire

HOUR = timedelta(hours=1)


@pytest.fixture
def conversation(session, line):
    return conversation_with(session, line, CALLER)


@pytest.fixture
def anna(session, line):
    return a_member(session, line, "Anna").user_id


@pytest.fixture
def bob(session, line):
    return a_member(session, line, "Bob").user_id


def owed(session):
    return session.scalars(select(LedgerEntry.progress)).all()


def test_a_text_leaves_when_its_time_has_come_and_not_before(session, conversation, clock, anna):
    message = schedule(session, conversation, "Good morning", anna, now() + HOUR)
    send_due(session)
    assert owed(session) == []
    clock.jump(HOUR)
    send_due(session)
    send_due(session)
    assert owed(session) == [Progress.READY]
    assert (message.status, message.leaves_at, message.at) == (MessageStatus.QUEUED, None, now())


def test_a_text_written_for_later_leaves_from_the_number_the_line_has_by_then(session, line, conversation, clock):
    message = schedule(session, conversation, "Good morning", None, now() + HOUR)
    assert message.number == OURS
    retire(session, line)
    clock.jump(HOUR)
    send_due(session)
    assert message.number == REAL


def test_a_text_whose_line_has_no_number_by_then_says_so(session, line, conversation, clock):
    message = schedule(session, conversation, "Good morning", None, now() + HOUR)
    line.numbers[0].texts_since = None
    clock.jump(HOUR)
    send_due(session)
    assert (message.status, message.trouble) == (MessageStatus.FAILED, "sender_not_ready")
    assert owed(session) == []


@pytest.mark.parametrize("ahead", [timedelta(), -HOUR, timedelta(days=366)])
def test_nothing_is_written_for_the_past_or_for_never(session, conversation, ahead):
    with pytest.raises(Invalid) as refusal:
        schedule(session, conversation, "Hi", None, now() + ahead)
    assert list(refusal.value.fields) == ["leaves_at"]


def test_nothing_is_written_for_later_to_somebody_who_sent_stop(session, line, conversation):
    optouts.stop(session, CALLER, line.workspace_id)
    with pytest.raises(Conflict):
        schedule(session, conversation, "Hi", None, now() + HOUR)


def test_a_text_is_taken_back_while_it_waits(session, conversation):
    cancel_unsent(session, schedule(session, conversation, "Hi", None, now() + HOUR))
    cancel_unsent(session, write(session, conversation, "Hi", None, wait=timedelta(seconds=5)))
    session.flush()
    assert session.scalars(select(Message)).all() == []
    assert owed(session) == [Progress.REFUSED]


def test_a_text_that_is_leaving_cannot_be_taken_back(session, conversation):
    message = write(session, conversation, "Hi", None)
    session.scalars(select(LedgerEntry)).one().progress = Progress.TRYING
    session.flush()
    with pytest.raises(Conflict):
        cancel_unsent(session, message)
    assert session.scalars(select(Message)).all() == [message]


def test_an_answer_stops_when_somebody_else_has_answered_meanwhile(session, conversation, anna, bob):
    seen = latest_answer(session, conversation)
    theirs = write(session, conversation, "We open at nine.", anna)
    with pytest.raises(Overtaken) as overtaken:
        must_be_up_to_date(session, conversation, seen, "At nine!", bob)
    assert overtaken.value.message_id == theirs.id
    assert must_be_up_to_date(session, conversation, theirs.id, "At nine!", bob) is False


def test_the_same_answer_sent_twice_is_known_and_another_one_of_ones_own_goes_on(session, conversation, anna):
    seen = latest_answer(session, conversation)
    write(session, conversation, "We open at nine.", anna)
    assert must_be_up_to_date(session, conversation, seen, " We open at nine. ", anna) is True
    assert must_be_up_to_date(session, conversation, seen, "And close at six.", anna) is False


def test_the_same_text_for_later_sent_twice_is_known_and_overtakes_nobody(session, conversation, anna, bob):
    seen = latest_answer(session, conversation)
    schedule(session, conversation, "Good morning", anna, now() + HOUR)
    assert must_be_up_to_date(session, conversation, seen, "Good morning", anna) is True
    assert must_be_up_to_date(session, conversation, seen, "At nine!", bob) is False


def test_an_automatic_answer_overtakes_nobody(session, conversation, anna):
    write(session, conversation, "We are closed.", None, automatic=True)
    assert must_be_up_to_date(session, conversation, 0, "We open at nine.", anna) is False
