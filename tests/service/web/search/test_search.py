"""Search over everything: people, what was said, numbers, transfers and pages, and no more than the person may see."""

import pytest

from service.accounts.access import grant
from service.accounts.models import Member
from service.inbox.models import Contact
from service.lines.inventory import numbers_of
from service.lines.models import Line
from service.web.shell.words import phone
from tests.factories import CALLER, OWN


@pytest.fixture
def asked(services, line, world, work):
    """A customer has asked for almond croissants; the contact's id."""
    with services.sessions() as session:
        number = numbers_of(session, line.id)[0].number
    world.text(CALLER, number, "Two almond croissants, please")
    work()
    with services.sessions.begin() as session:
        contact = session.query(Contact).one()
        contact.name, contact.company = "Maria Rossi", "Harbor Café"
        return contact.id


def plain(part):
    return in_one_line(part.text)


def in_one_line(words):
    return " ".join(words.split())


def found(page):
    """What a page found: the hits of each kind, by its heading."""
    return {plain(kind.h2): [plain(hit) for hit in kind.select(".hit")] for kind in page.select(".hits section")}


def test_a_person_is_found_by_name_and_company(alice, asked):
    for wanted in ("mar", "Rossi Maria", "harbor"):
        (hit,) = found(alice.get("search.show", q=wanted))["Contacts"]
        assert hit == in_one_line(f"Maria Rossi {phone(CALLER)} · Harbor Café")


def test_what_was_said_is_found_with_its_words_marked_and_leads_to_its_conversation(alice, asked):
    page = alice.get("search.hits", q="almond")
    assert found(page) == {"Conversations": ["Maria Rossi Two almond croissants, please"]}
    assert [mark.text for mark in page.select("mark")] == ["almond"]
    assert "/inbox/" in page.select_one(".hit")["href"]


def test_a_number_is_found_by_its_digits_in_any_spelling_and_by_its_line(alice, line, services):
    with services.sessions() as session:
        number = numbers_of(session, line.id)[0].number
    for wanted in (number[-4:], f"({number[2:5]}) {number[5:8]}-", line.name):
        hits = found(alice.get("search.show", q=wanted))["Numbers"]
        assert any(in_one_line(phone(number)) in hit for hit in hits), wanted


def test_a_transfer_is_found_once_by_any_of_its_numbers(alice, filed):
    filed()
    (hit,) = found(alice.get("search.show", q=OWN[-7:]))["Transfers"]
    assert hit == in_one_line(f"{phone(OWN)} Needs your signature")


def test_a_page_is_found_by_the_beginnings_of_its_words(alice):
    assert found(alice.get("search.show", q="transfer num")) == {"Go to": ["Transfer a number"]}
    assert "Team" in found(alice.get("search.show"))["Go to"], "without words, all pages"


def test_a_member_is_not_led_to_pages_of_owners_and_admins(alice, bob):
    assert "Change history" in found(alice.get("search.show"))["Go to"]
    assert not {"Change history", "Transfer a number", "Invite"} & {*found(bob.get("search.show"))["Go to"]}
    assert "Transfer desk" not in found(alice.get("search.show"))["Go to"]


def test_members_find_nothing_of_lines_that_they_do_not_see(bob, asked, services, line):
    with services.sessions.begin() as session:
        other = Line(workspace_id=line.workspace_id, name="Wholesale")
        session.add(other)
        session.flush()
        grant(session, session.query(Member).filter_by(user_id=2).one(), [other.id])
    for wanted in ("almond", "Rossi", line.name):
        assert found(bob.get("search.show", q=wanted)) == {}, wanted


def test_others_find_nothing_of_this_business(charlie, asked):
    for wanted in ("almond", "Rossi", CALLER[-4:]):
        assert found(charlie.get("search.show", q=wanted)) == {}


def test_a_search_without_hits_says_what_to_try(alice):
    assert alice.get("search.show", q="xyzzy").says("No results. Try fewer words or the last four digits.")


@pytest.mark.parametrize("wanted", ["%", "_", "'", "\\", "<b>", "a" * 500, "&|!", "🥐"])
def test_any_signs_may_be_searched_for(alice, asked, wanted):
    assert "<b>" not in str(alice.get("search.hits", q=wanted))


def test_typing_fast_is_fine_and_a_script_is_stopped(alice):
    statuses = [alice.client.get("/search/hits?q=a").status_code for _ in range(241)]
    assert (statuses[0], statuses[-2], statuses[-1]) == (200, 200, 429)
