"""Each call has one row, whatever the order of its callbacks."""

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select, text

from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    KeyPressed,
    RingEnded,
    TranscriptReady,
    VoicemailLeft,
)
from service.calls import events
from service.errors import NotFound
from service.inbox.models import Call, Conversation, Outcome
from service.inbox.reading import mark_read
from service.inbox.shared import ReadMark
from service.lines.models import Phone, Standing
from tests.service.inbox.lines import CALLER, OURS, a_member

ARRIVED = (events.arrived, CallArrived("CA1", CALLER, OURS, "+14155559999"))
TAKEN = (events.ring_ended, RingEnded("CA1", CALLER, OURS, CallOutcome.ANSWERED))
NOT_TAKEN = (events.ring_ended, RingEnded("CA1", CALLER, OURS, CallOutcome.NO_ANSWER))
PRESSED = KeyPressed("CA2", "1", CALLER, "+14155550101", "CA1")
OVER = (events.ended, CallEnded("CA1", CALLER, OURS, 42))
MESSAGE = (events.voicemail_left, VoicemailLeft("CA1", "RE1", "https://carrier.example/RE1.mp3", 7))
WORDS = (events.transcript_ready, TranscriptReady("CA1", "RE1", "Two rye loaves."))


@pytest.fixture
def tell(session, line):
    def tell(*news):
        for note, event in news:
            note(session, event)
        session.flush()
        return session.scalars(select(Call)).one()

    return tell


@pytest.mark.parametrize("order", list(permutations([ARRIVED, TAKEN, OVER])))
def test_a_call_that_was_taken_is_answered_in_any_order_of_news(tell, order):
    call = tell(*order)
    assert (call.outcome, call.seconds, call.forwarded_from) == (Outcome.ANSWERED, 42, "+14155559999")


def test_a_call_is_counted_as_soon_as_it_rings(session, tell):
    call = tell(ARRIVED)
    jobs = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'count_call'")
    assert session.scalars(jobs).all() == [{"call_id": call.id}]


@pytest.mark.parametrize("order", list(permutations([NOT_TAKEN, MESSAGE, WORDS, OVER])))
def test_a_call_that_left_a_message_is_voicemail_in_any_order_of_news(tell, order):
    call = tell(ARRIVED, *order)
    assert (call.outcome, call.transcript, call.voicemail_seconds) == (Outcome.VOICEMAIL, "Two rye loaves.", 7)


@pytest.mark.parametrize("number", ["+14155550101", "+14155550101;ext=12"])
def test_who_took_a_call_is_known_by_their_phone(session, line, tell, number):
    baker = a_member(session, line, "Bob").user_id
    session.add(Phone(line_id=line.id, number=number, user_id=baker))
    call = tell(ARRIVED)
    events.taken(session, PRESSED, line.id)
    assert (call.answered_on, call.answered_by_id) == ("+14155550101", baker)


def test_the_moment_at_which_a_call_was_taken_is_kept_as_it_was_first_told(session, line, tell):
    call = tell(ARRIVED)
    events.taken(session, PRESSED, line.id)
    answered = call.answered_at
    events.taken(session, PRESSED, line.id)
    assert call.at <= answered == call.answered_at


def test_a_call_that_was_taken_on_a_phone_of_no_member_keeps_the_phone(session, line, tell):
    call = tell(ARRIVED)
    events.taken(session, PRESSED, line.id)
    assert (call.answered_on, call.answered_by_id) == ("+14155550101", None)


@pytest.mark.parametrize("pressed", [replace(PRESSED, key="2"), replace(PRESSED, parent="")])
def test_a_phone_that_did_not_take_the_call_is_not_noted(session, line, tell, pressed):
    call = tell(ARRIVED)
    events.taken(session, pressed, line.id)
    assert call.answered_on == ""


def test_who_took_a_call_that_was_not_read_yet_is_left_for_later(session, line):
    with pytest.raises(NotFound):
        events.taken(session, PRESSED, line.id)


def test_a_call_that_nobody_took_is_missed(tell):
    assert tell(ARRIVED, NOT_TAKEN, OVER).outcome is Outcome.MISSED


def test_a_call_that_goes_on_is_ringing(tell):
    assert tell(ARRIVED, NOT_TAKEN).outcome is Outcome.RINGING


def test_news_told_twice_changes_nothing(tell):
    once = [ARRIVED, NOT_TAKEN, MESSAGE, WORDS, OVER]
    assert tell(*once, *once).outcome is Outcome.VOICEMAIL


def test_a_missed_call_has_to_be_seen_once(session, tell):
    tell(ARRIVED, OVER, OVER, MESSAGE)
    assert session.scalar(select(Conversation.heard)) == 1


@pytest.mark.parametrize("order", list(permutations([TAKEN, OVER])))
def test_an_answered_call_has_been_seen_whatever_is_read_first(session, tell, order):
    tell(ARRIVED, *order)
    assert session.scalar(select(Conversation.heard)) == 0


def test_who_has_read_it_all_before_has_read_it_all(session, line, tell):
    call = tell(ARRIVED, OVER)
    reader = a_member(session, line, "Bob").user_id
    mark_read(session, call.conversation, reader)
    tell(TAKEN)
    marked = session.scalar(select(ReadMark.heard).where(ReadMark.user_id == reader))
    session.refresh(call.conversation)
    assert marked == call.conversation.heard == 0


def test_a_call_and_a_text_of_the_same_number_are_one_conversation(session, line, tell):
    tell(ARRIVED)
    assert len(session.scalars(select(Conversation)).all()) == 1


@pytest.mark.parametrize("news", [MESSAGE, WORDS])
def test_a_message_of_a_call_that_was_not_read_yet_is_left_for_later(session, line, news):
    note, event = news
    with pytest.raises(NotFound):
        note(session, event)


def test_a_call_to_a_number_that_no_line_holds_is_left_for_later(session, line):
    line.numbers[0].standing = Standing.RELEASED
    with pytest.raises(NotFound):
        events.arrived(session, ARRIVED[1])


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_message_of_no_length_is_a_missed_call(tell, seconds):
    empty = (events.voicemail_left, VoicemailLeft("CA1", "RE1", "https://carrier.example/RE1.mp3", seconds))
    call = tell(ARRIVED, empty, OVER)
    assert (call.outcome, call.voicemail_url) == (Outcome.MISSED, "")
