"""A phone is one contact, whatever the spelling of its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inbox.contacts import conversation_with
from service.inbox.models import Contact
from service.phone_numbers import is_dialable, known_as
from tests.service.inbox.lines import a_standing_line


@pytest.mark.parametrize(
    "spelled",
    ["+14155550123", "+1 (415) 555-0123", " +1 415 555 0123 ", "(415) 555-0123", "415-555-0123", "1-415-555-0123"],
)
def test_a_number_is_the_same_in_any_spelling(spelled):
    assert known_as(spelled, "US") == "+14155550123"


def test_a_number_is_read_as_in_the_country_of_the_line():
    assert known_as("08-123 456 00", "SE") == "+46812345600"
    assert known_as("+46 8 123 456 00", "US") == "+46812345600"


@pytest.mark.parametrize("sender", ["72345", "PORTLINE", "My Bank", "anonymous", "Restricted"])
def test_a_sender_without_a_phone_number_stays_as_it_came(sender):
    assert known_as(sender, "US") == sender
    assert not is_dialable(sender)


def test_a_caller_who_hides_everything_has_a_name_all_the_same():
    assert known_as("", "US") == known_as("  ", "US") == "anonymous"


@given(st.text(max_size=60))
def test_any_sender_becomes_something_that_fits_and_stays_so(spelled):
    once = known_as(spelled, "US")
    assert 0 < len(once) <= 32
    assert known_as(once, "US") == once


def test_a_conversation_is_the_same_however_the_number_is_spelled(session, line):
    first = conversation_with(session, line, "+14155550123")
    assert conversation_with(session, line, "(415) 555-0123") is first
    assert session.query(Contact).count() == 1


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("+5215512345678", "+525512345678"),
        ("+525512345678", "+5215512345678"),
        ("+5491123456789", "+541123456789"),
        ("+541123456789", "+5491123456789"),
    ],
)
def test_a_mobile_that_networks_spell_in_two_ways_is_one_contact(session, line, first, again):
    assert conversation_with(session, line, again) is conversation_with(session, line, first)
    assert session.query(Contact).count() == 1


def test_two_lines_of_a_workspace_share_a_contact_and_not_a_conversation(session, line):
    other = a_standing_line(session, number="+14155550177")
    other.workspace_id = line.workspace_id
    here, there = (conversation_with(session, which, "+14155550123") for which in (line, other))
    assert here.id != there.id
    assert here.contact_id == there.contact_id
