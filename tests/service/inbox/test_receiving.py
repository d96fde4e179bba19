"""Incoming texts, outgoing texts, and their delivery status."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus, Trouble
from service import optouts
from service.errors import Conflict, Invalid, NotFound
from service.inbox import receiving, writing
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation, Message, Picture
from service.ledger.models import LedgerEntry
from service.lines.models import Standing
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, REAL, a_standing_line, a_text, retire


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_text_starts_a_conversation_that_nobody_has_read(session, line):
    message = receiving.receive(session, a_text("Are you open?"))
    conversation = session.scalars(select(Conversation)).one()
    session.refresh(conversation)
    assert (message.text, message.number, conversation.contact.number) == ("Are you open?", OURS, CALLER)
    assert (conversation.heard, conversation.last_at) == (1, message.at)


def test_a_text_that_is_told_twice_is_there_once(session, line):
    receiving.receive(session, a_text())
    assert receiving.receive(session, a_text()) is None
    assert count(session, Message) == 1
    assert session.scalar(select(Conversation.heard)) == 1


def test_a_text_keeps_the_time_it_came_at_the_carrier(session, line):
    earlier = now() - timedelta(hours=3)
    assert receiving.receive(session, a_text(at=earlier)).at == earlier


def test_an_older_text_that_was_missed_does_not_move_the_conversation_back(session, line):
    receiving.receive(session, a_text())
    receiving.receive(session, a_text(reference="SM2", at=now() - timedelta(hours=3)))
    assert session.scalar(select(Conversation.last_at)) == now()


def test_a_text_shows_that_its_number_is_still_used(session, line, clock):
    clock.jump(timedelta(days=3))
    receiving.receive(session, a_text())
    assert line.numbers[0].last_used_at == now()


@pytest.mark.parametrize("sender", ["72345", "PORTLINE", "anonymous", "+4670", ""])
def test_a_text_of_any_sender_is_kept(session, line, sender):
    assert receiving.receive(session, a_text(sender=sender)).text == "Hello"


def test_a_text_with_a_zero_byte_is_kept_without_it(session, line):
    assert receiving.receive(session, a_text("a\0b")).text == "ab"


def test_a_text_for_a_number_that_no_line_holds_is_left_for_later(session, line):
    line.numbers[0].standing = Standing.RELEASED
    with pytest.raises(NotFound):
        receiving.receive(session, a_text())


def test_pictures_are_kept_with_their_text(session, line):
    receiving.receive(session, a_text(media_urls=("https://one.example/1", "https://one.example/2")))
    assert count(session, Picture) == 2


def test_a_written_text_is_queued_and_owed_once(session, line):
    conversation = receiving.receive(session, a_text()).conversation
    message = writing.write(session, conversation, "  We are!  ", None)
    assert (message.text, message.status, message.number) == ("We are!", MessageStatus.QUEUED, OURS)
    assert session.scalars(select(LedgerEntry.subject_id)).all() == [message.id]


def test_a_text_leaves_from_the_real_number_once_there_is_one(session, line):
    retire(session, line)
    assert writing.write(session, conversation_with(session, line, CALLER), "Hi", None).number == REAL


@pytest.mark.parametrize("text", ["", "   ", "\n", "x" * 1601])
def test_a_text_that_no_message_can_hold_is_refused(session, line, text):
    with pytest.raises(Invalid) as refusal:
        writing.write(session, conversation_with(session, line, CALLER), text, None)
    assert list(refusal.value.fields) == ["text"]
    assert count(session, Message) == count(session, LedgerEntry) == 0


def test_a_sender_without_a_number_cannot_be_answered(session, line):
    with pytest.raises(Conflict):
        writing.write(session, conversation_with(session, line, "72345"), "Hi", None)


def test_a_line_without_a_number_cannot_text(session, line):
    line.numbers[0].texts_since = None
    with pytest.raises(Conflict):
        writing.write(session, conversation_with(session, line, CALLER), "Hi", None)


@pytest.mark.parametrize("event", [a_text("STOP"), a_text(" stop. "), a_text("Stopp"), a_text("Nej", opt_out="stop")])
def test_after_stop_nobody_of_the_workspace_can_text_them_on_any_line(session, line, event):
    receiving.receive(session, event)
    other = a_standing_line(session, number="+14155550177")
    other.workspace_id = line.workspace_id
    for which in (line, other):
        with pytest.raises(Conflict, match="STOP"):
            writing.write(session, conversation_with(session, which, CALLER), "Please", None)


def test_stop_holds_on_the_real_number_too(session, line):
    receiving.receive(session, a_text("STOP"))
    retire(session, line)
    with pytest.raises(Conflict):
        writing.write(session, conversation_with(session, line, CALLER), "We have moved", None)


def test_start_takes_stop_back(session, line):
    receiving.receive(session, a_text("STOP"))
    receiving.receive(session, a_text("Start", reference="SM2"))
    assert writing.write(session, conversation_with(session, line, CALLER), "Welcome back", None)


def test_stop_in_the_middle_of_a_sentence_is_no_wish(session, line):
    receiving.receive(session, a_text("Does the bus stop near you?"))
    assert not optouts.stopped(session, CALLER, line.workspace_id)


def test_another_workspace_is_not_meant_by_stop(session, line):
    receiving.receive(session, a_text("STOP"))
    other = a_standing_line(session, number="+14155550177")
    assert writing.write(session, conversation_with(session, other, CALLER), "Hi", None)


@pytest.mark.parametrize(
    "order", list(permutations([MessageStatus.QUEUED, MessageStatus.SENT, MessageStatus.DELIVERED]))
)
def test_a_status_never_steps_back_in_whatever_order_news_comes(session, line, order):
    message = writing.write(session, conversation_with(session, line, CALLER), "Hi", None)
    message.reference = "SM7"
    for status in order:
        receiving.progress(session, MessageProgressed("SM7", status))
    assert message.status is MessageStatus.DELIVERED


@pytest.mark.parametrize("late", [MessageStatus.SENT, MessageStatus.DELIVERED])
def test_a_failure_stays_with_its_reason(session, line, late):
    message = writing.write(session, conversation_with(session, line, CALLER), "Hi", None)
    message.reference = "SM7"
    receiving.progress(session, MessageProgressed("SM7", MessageStatus.UNDELIVERED, Trouble.LANDLINE))
    receiving.progress(session, MessageProgressed("SM7", late))
    assert (message.status, message.trouble) == (MessageStatus.UNDELIVERED, "landline")


def test_stop_that_only_the_carrier_heard_is_learnt_from_news_of_the_text_too(session, line):
    message = writing.write(session, conversation_with(session, line, CALLER), "Hi", None)
    receiving.progress(session, MessageProgressed("SM7", MessageStatus.FAILED, Trouble.OPTED_OUT), message.id)
    with pytest.raises(Conflict, match="STOP"):
        writing.write(session, conversation_with(session, line, CALLER), "And now?", None)


def test_news_that_overtakes_the_carriers_answer_finds_its_message_by_our_own_id(session, line):
    message = writing.write(session, conversation_with(session, line, CALLER), "Hi", None)
    receiving.progress(session, MessageProgressed("SM7", MessageStatus.SENT), message.id)
    assert (message.reference, message.status) == ("SM7", MessageStatus.SENT)


def test_news_of_a_message_we_do_not_know_changes_nothing(session, line):
    receiving.receive(session, a_text())
    receiving.progress(session, MessageProgressed("SM1", MessageStatus.FAILED))
    receiving.progress(session, MessageProgressed("SM9", MessageStatus.SENT))
    assert session.scalars(select(Message.status)).all() == [None]


def test_use_is_noted_to_the_hour_so_that_texts_do_not_wait_for_one_row(session, line, clock):
    receiving.receive(session, a_text())
    first = now()
    clock.jump(timedelta(minutes=59))
    receiving.receive(session, a_text(reference="SM2"))
    assert line.numbers[0].last_used_at == first
    clock.jump(timedelta(minutes=2))
    receiving.receive(session, a_text(reference="SM3"))
    assert line.numbers[0].last_used_at == now()
