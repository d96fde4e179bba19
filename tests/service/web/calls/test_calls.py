"""The page of calls."""

from datetime import timedelta

import pytest

from service.accounts.models import User
from service.calls.log import PAGE
from service.calls.waveform import BARS
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Outcome
from service.lines.inventory import numbers_of
from service.lines.models import Line, Phone
from service.time import now
from tests.factories import CALLER

OFFICE = "+14155550177"


@pytest.fixture
def number(line, services):
    with services.sessions.begin() as session:
        return numbers_of(session, line.id)[0].number


@pytest.fixture
def office(line, services):
    """A phone of the line that is nobody's."""
    with services.sessions.begin() as session:
        session.add(Phone(line_id=line.id, number=OFFICE, name="Office"))


@pytest.fixture
def rings(world, work, number):
    def rings(**how):
        world.call(CALLER, number, **how)
        work()

    return rings


def rows(page):
    return [" ".join(row.select_one(".grow").text.split()) for row in page.select(".call-row")]


def test_an_empty_list_says_how_to_fill_it(alice):
    assert alice.get("call_log.show").says("Call your number, and the call shows up here.")


def test_a_voicemail_is_played_and_read_on_the_page(alice, rings):
    rings(says="Please call me back.")
    page = alice.get("call_log.show")
    assert page.select_one(".call-day").text.strip() == "Today"
    assert "new" in rows(page)[0]
    assert page.select_one("blockquote").text == "Please call me back."
    assert page.select("audio[controls][preload=none]")
    assert page.select_one(".wave path")["d"].count("v") == BARS
    assert page.select_one(".chip b").text == "1 new"


def test_a_voicemail_is_new_until_it_is_played(alice, bob, rings):
    rings(says="Please call me back.")
    player = bob.get("call_log.show").select_one("audio")
    bob.client.get(player["src"])
    assert not alice.get("call_log.show").select(".tag-unread")


def test_a_sound_is_sent_in_parts_so_that_players_can_move_within_it(alice, rings):
    rings(says="Please call me back.")
    player = alice.get("call_log.show").select_one("audio")
    whole = alice.client.get(player["src"])
    part = alice.client.get(player["src"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert whole.headers["Accept-Ranges"] == "bytes"


def test_who_took_a_call_and_for_how_long_stands_beside_it(alice, line, office, rings, services):
    rings(answers={OFFICE: "press:1"})
    assert rows(alice.get("call_log.show")) == ["(415) 555‑0123 Office answered · 30 sec"]
    with services.sessions.begin() as session:
        phone = session.query(Phone).one()
        phone.user_id = session.query(User.id).filter_by(fs_uniquifier="alice").scalar()
    rings(answers={OFFICE: "press:1"})
    assert rows(alice.get("call_log.show"))[0].startswith("(415) 555‑0123 Alice answered")


def test_a_missed_call_is_called_back_from_the_list(alice, office, rings, services, work, world):
    rings(answers={OFFICE: "no-answer"})
    page = alice.get("call_log.show", view="missed")
    button = page.select_one(".call-row button")
    assert button["title"] == "Call back. It rings Office first."
    data = {"csrf_token": page.select_one("#call-back [name=csrf_token]")["value"], "phone": button["value"]}
    answer = alice.client.post(button["formaction"], data=data, follow_redirects=True)
    assert "ringing your phone" in answer.text
    work()
    assert rows(alice.get("call_log.show"))[0].startswith("(415) 555‑0123 Alice")


def test_without_a_phone_to_ring_nobody_is_called_back(alice, rings):
    rings(says="Hello")
    assert not alice.get("call_log.show").select(".call-row button[formaction]")


def test_a_caller_who_hides_their_number_can_be_neither_called_nor_texted(alice, line, office, number, services):
    with services.sessions.begin() as session:
        talk = conversation_with(session, session.get_one(Line, line.id), "anonymous")
        session.add(Call(conversation=talk, number=number, outcome=Outcome.VOICEMAIL))
    page = alice.get("call_log.show")
    assert page.select(".call-row")
    assert not page.select(".call-row button[formaction], .call-row .btn")


def test_a_call_leads_to_its_place_in_the_conversation(alice, rings):
    rings(says="Hello")
    link = alice.get("call_log.show").select_one(".call-row .whole")["href"]
    place = link.partition("#")[2]
    assert alice.open(link).select(f"#{place} .player")


def test_older_calls_are_on_further_pages(alice, line, number, services):
    with services.sessions.begin() as session:
        talk = conversation_with(session, session.get_one(Line, line.id), CALLER)
        for place in range(PAGE + 3):
            at = now() - timedelta(days=place)
            talk.calls.append(Call(number=number, outcome=Outcome.MISSED, at=at))
    page = alice.get("call_log.show", view="missed")
    assert [day.text.strip() for day in page.select(".call-day")[:2]] == ["Today", "Yesterday"]
    assert len(page.select(".call-row")) == PAGE
    page = alice.open(page.select_one("a[rel=next]")["href"])
    assert len(page.select(".call-row")) == 3
    assert not page.select("a[rel=next], [data-refresh]")


def test_a_call_is_found_by_the_name_of_the_caller(alice, rings, services):
    rings(says="Hello")
    with services.sessions.begin() as session:
        session.query(Contact).one().name = "Rachel Green"
    assert rows(alice.get("call_log.show", q="rachel"))
    page = alice.get("call_log.show", q="monica")
    assert not rows(page)
    assert page.says("No results.")


def test_calls_of_other_workspaces_are_not_listed(charlie, rings):
    rings(says="Hello")
    assert not rows(charlie.get("call_log.show"))


def test_the_list_is_fetched_again_when_there_is_something_new(alice, rings):
    part = alice.get("call_log.show").select_one("[data-refresh]")["data-refresh"]
    first = alice.client.get(part)
    assert alice.client.get(part, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    rings(says="Hello")
    assert "call-row" in alice.client.get(part, headers={"If-None-Match": first.headers["ETag"]}).text
