"""The entries of a conversation: texts, calls and notes in order."""

from datetime import timedelta

from service.inbox import receiving
from service.inbox.contacts import conversation_with
from service.inbox.entries import EntryKind, thread, waiting
from service.inbox.models import Call
from service.inbox.notes import write_note
from service.inbox.writing import schedule
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, REAL, a_member, a_text, retire


def said(page):
    return [entry.what.text for entry in page.entries]


def test_texts_calls_and_notes_stand_in_order_with_a_divider_where_the_number_changed(session, line, clock):
    receiving.receive(session, a_text("First"))
    conversation = conversation_with(session, line, CALLER)
    clock.jump(timedelta(minutes=1))
    session.add(Call(conversation=conversation, number=OURS, reference="CA1", at=now()))
    clock.jump(timedelta(minutes=1))
    write_note(session, conversation, "They want rye", a_member(session, line, "Anna").user)
    clock.jump(timedelta(minutes=1))
    retire(session, line)
    receiving.receive(session, a_text("Second", to=REAL, reference="SM2"))
    entries = thread(session, conversation).entries
    assert [entry.kind for entry in entries] == [
        EntryKind.MESSAGE,
        EntryKind.CALL,
        EntryKind.NOTE,
        EntryKind.DIVIDER,
        EntryKind.MESSAGE,
    ]
    assert (entries[3].what.before, entries[3].what.after) == (OURS, REAL)


def test_a_long_conversation_is_read_from_its_end(session, line, clock):
    for turn in range(7):
        receiving.receive(session, a_text(str(turn), reference=f"SM{turn}"))
        clock.jump(timedelta(minutes=1))
    conversation = conversation_with(session, line, CALLER)
    last = thread(session, conversation, most=3)
    before = thread(session, conversation, last.earlier, most=3)
    first = thread(session, conversation, before.earlier, most=3)
    assert [said(page) for page in (first, before, last)] == [["0"], ["1", "2", "3"], ["4", "5", "6"]]
    assert first.earlier is None


def test_what_happened_at_the_same_moment_is_never_torn_apart(session, line, clock):
    receiving.receive(session, a_text("before", reference="SM0"))
    clock.jump(timedelta(minutes=1))
    for turn in range(5):
        receiving.receive(session, a_text(str(turn), reference=f"SM1{turn}"))
    conversation = conversation_with(session, line, CALLER)
    page = thread(session, conversation, most=3)
    assert said(page) == ["0", "1", "2", "3", "4"]
    assert said(thread(session, conversation, page.earlier, most=3)) == ["before"]


def test_a_text_that_leaves_later_waits_below_the_thread(session, line):
    conversation = conversation_with(session, line, CALLER)
    message = schedule(session, conversation, "Good morning", None, now() + timedelta(hours=8))
    assert waiting(session, conversation) == [message]
    assert thread(session, conversation).entries == []
