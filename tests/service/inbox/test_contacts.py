"""One person, one contact, whatever the spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inbox.contacts import canonical, conversation_with, is_dialable
from service.inbox.models import Contact
from tests.service.inbox.lines import a_standing_line


@pytest.mark.parametrize(
    "spelled",
    ["+14155550123", "+1 (415) 555-0123", " +1 415 555 0123 ", "(415) 555-0123", "415-555-0123", "1-415-555-0123"],
)
def test_a_number_is_the_same_in_any_spelling(spelled):
    assert canonical(spelled, "US") == "+14155550123"


def test_a_number_is_read_as_in_the_country_of_the_line():
    assert canonical("08-123 456 00", "SE") == "+46812345600"
    assert canonical("+46 8 123 456 00", "US") == "+46812345600"


@pytest.mark.parametrize("sender", ["72345", "PORTLINE", "My Bank", "anonymous", "Restricted"])
def test_a_sender_without_a_phone_number_stays_as_it_came(sender):
    assert canonical(sender, "US") == sender
    assert not is_dialable(sender)


def test_a_caller_who_hides_everything_has_a_name_all_the_same():
    assert canonical("", "US") == canonical("  ", "US") == "anonymous"


@given(st.text(max_size=60))
def test_any_sender_becomes_something_that_fits_and_stays_so(spelled):
    once = canonical(spelled, "US")
    assert 0 < len(once) <= 32
    assert canonical(once, "US") == once


def test_a_conversation_is_the_same_however_the_number_is_spelled(session, line):
    first = conversation_with(session, line, "+14155550123")
    assert conversation_with(session, line, "(415) 555-0123") is first
    assert session.query(Contact).count() == 1


def test_two_lines_of_a_workspace_share_a_contact_and_not_a_conversation(session, line):
    other = a_standing_line(session, number="+14155550177")
    other.workspace_id = line.workspace_id
    here, there = (conversation_with(session, which, "+14155550123") for which in (line, other))
    assert here.id != there.id
    assert here.contact_id == there.contact_id
