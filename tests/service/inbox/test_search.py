"""Searching conversations by their words, by name, and by number in any spelling."""

from datetime import timedelta

import pytest

from service.inbox import receiving
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Message
from service.inbox.notes import write_note
from service.inbox.search import Quote, contacts, quoted, search
from service.time import now
from tests.service.inbox.lines import OURS, a_member, a_standing_line, a_text

RYE = "+14155550101"
KARIN = "+46701234567"


@pytest.fixture
def anna(session, line):
    return a_member(session, line, "Anna")


@pytest.fixture
def full(session, line, anna, clock):
    """Conversations with two texts, a call and notes."""
    receiving.receive(session, a_text("Do you bake rye bread?", sender=RYE, reference="SM1"))
    clock.jump(timedelta(minutes=1))
    receiving.receive(session, a_text("Tack för kanelbullarna", sender=KARIN, reference="SM2"))
    karin = conversation_with(session, line, KARIN)
    karin.contact.name, karin.contact.notes = "Anna-Karin Öberg", "allergic to nuts"
    call = Call(conversation=karin, number=OURS, reference="CA1", at=now(), transcript="Please call me about catering")
    session.add(call)
    write_note(session, conversation_with(session, line, RYE), "Offer her the sourdough", anna.user)
    session.flush()


@pytest.fixture
def found(session, line, anna, full):
    def found(wanted, lines=None):
        listed = search(session, anna, lines or [line], wanted)
        return [row.conversation.contact.number for row in listed.rows]

    return found


@pytest.mark.parametrize(
    "wanted",
    [
        "rye",
        "RYE BREAD",
        "bread rye",
        '"rye bread"',
        "sourdough",
        "sourd",
        "rye bre",
        "4155550101",
        "(415) 555-0101",
        "+1 415 555 0101",
        "0101",
    ],
)
def test_somebody_is_found_by_what_was_said_or_noted_or_by_their_number(found, wanted):
    assert found(wanted) == [RYE]


@pytest.mark.parametrize(
    "wanted",
    [
        "karin",
        "öberg",
        "Öb",
        "kar öb",
        "anna-karin",
        "anna-ka",
        "allerg",
        "kanel",
        "cater",
        "kanelbullarna",
        "catering",
        "nuts",
        "070-123 45 67",
        "+46701234567",
    ],
)
def test_somebody_is_found_by_name_voicemail_or_a_swedish_spelling(found, wanted):
    assert found(wanted) == [KARIN]


@pytest.mark.parametrize(
    "wanted", ["", " ", "...", "'", "\\", ":*", "&|!", "wheat", "rye catering", "%", "999", '"rye bre"', "br"]
)
def test_what_nobody_said_finds_nobody_and_breaks_nothing(found, wanted):
    assert found(wanted) == []


def test_the_latest_comes_first_when_several_are_found(found):
    assert found("bread or tac") == [KARIN, RYE]


def test_nothing_is_found_on_lines_that_one_does_not_see(session, found):
    assert found("rye", [a_standing_line(session, number="+14155550177")]) == []


def test_what_was_found_is_quoted(session, line, full):
    conversation = conversation_with(session, line, RYE)
    assert quoted(session, [conversation.id], "rye bre") == {conversation.id: Quote(Message, "Do you bake rye bread?")}


def test_contacts_are_found_page_by_page(session, anna, full):
    first = contacts(session, anna, "", most=1)
    second = contacts(session, anna, "", first[0].id)
    assert [one.number for one in (*first, *second)] == [RYE, KARIN]
    assert [one.number for one in contacts(session, anna, "karin")] == [KARIN]
    other = a_standing_line(session, number="+14155550177")
    session.add(Contact(workspace_id=other.workspace_id, number="+46700000000", name="Karin"))
    session.flush()
    assert len(contacts(session, anna, "karin")) == 1
