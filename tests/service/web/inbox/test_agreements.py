"""Consent that came on paper or by word: recorded on the contact's page, shown with the contact, and in a file."""

import csv
from io import StringIO

import pytest
from sqlalchemy import select

from service import optouts
from service.accounts.models import User
from service.inbox.contacts import conversation_with
from service.lines.models import Line
from service.optins import OptIn, Way
from service.web.inbox.contacts import AGREEMENTS
from tests.factories import a_business

ANN = "+14155550111"
ON_PAPER = {"way": "on_paper", "words": "I agree to texts from the bakery.", "agreed_on": "2026-03-02"}


@pytest.fixture
def ann(services, line):
    """Id of a contact of the line."""
    with services.sessions.begin() as session:
        return conversation_with(session, session.merge(line), ANN).contact_id


@pytest.fixture
def record(ann):
    def send(reader, *, status=200, **typed):
        reader.get("agreements.ask", contact_id=ann)
        return reader.submit(status=status, button="Save", **ON_PAPER | typed)

    return send


def kept(services):
    with services.sessions() as session:
        return session.scalars(select(OptIn)).all()


def test_it_is_kept_with_who_recorded_it_and_shown_with_the_contact(bob, record, services, ann):
    page = record(bob)
    assert page.says("On paper")
    assert page.says("Monday, March 2, 2026")
    assert page.says("recorded by")
    assert page.says(ON_PAPER["words"])
    [one] = kept(services)
    assert (one.number, one.way, one.shown, one.network) == (ANN, Way.ON_PAPER, "", "")
    with services.sessions() as session:
        assert session.get_one(User, one.noted_by).name == "Bob"
    with services.sessions() as session:
        talk = conversation_with(session, session.get_one(Line, 1), ANN).id
    assert bob.get("inbox.read", conversation_id=talk).says("Agreed to texts On paper")


def test_a_contact_of_whom_nothing_is_recorded_says_so(alice, ann):
    assert alice.get("contacts.show", contact_id=ann).says("Nothing is recorded.")


def test_the_words_of_the_sign_up_page_are_proposed(alice, services, line, ann):
    with services.sessions.begin() as session:
        a_business(session, line.workspace_id)
    assert alice.get("agreements.ask", contact_id=ann).kept("words").startswith("I agree to receive customer service")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"way": "our_page"}, {"way": "Choose one of these."}),
        ({"way": ""}, {"way": "Choose one of these."}),
        ({"words": ""}, {"words": "Enter the words they agreed to."}),
        ({"agreed_on": "2199-01-01"}, {"agreed_on": "This day is still to come."}),
        ({"agreed_on": ""}, {"agreed_on": "Choose a day."}),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_and_nothing_is_kept(alice, record, services, typed, said):
    assert record(alice, status=422, **typed).wrong() == said
    assert kept(services) == []


def test_it_does_not_lift_a_stop(alice, record, services, line):
    with services.sessions.begin() as session:
        optouts.stop(session, ANN, line.workspace_id)
    assert record(alice).says("They want no texts since")
    with services.sessions() as session:
        assert optouts.stopped(session, ANN, line.workspace_id)


def test_a_stranger_can_neither_see_nor_record_it(charlie, ann):
    charlie.get("agreements.ask", contact_id=ann, status=404)


def test_all_of_it_is_a_table_for_owners_and_admins_without_formulas(alice, bob, record):
    for words in ("=HYPERLINK(1)", "+HYPERLINK(1)"):
        record(bob, words=words)
    table = alice.client.get(alice.address("agreements.export"))
    row, other = csv.DictReader(StringIO(table.text.removeprefix("\ufeff")))
    assert (row["number"], row["way"], row["agreed_on"]) == (ANN, "on_paper", "2026-03-02")
    assert (row["words"], other["words"]) == ("'=HYPERLINK(1)", "'+HYPERLINK(1)")
    assert row["noted_by"].startswith("bob@")
    bob.get("agreements.export", status=403)


def test_a_table_of_many_is_read_in_parts_and_whole(alice, services, line, ann, monkeypatch):
    monkeypatch.setattr("service.web.inbox.agreements._READ_AT_ONCE", 2)
    many(services, line, 5)
    table = alice.client.get(alice.address("agreements.export"))
    rows = csv.DictReader(StringIO(table.text.removeprefix("\ufeff")))
    assert [row["words"] for row in rows] == [f"Words {place}" for place in range(5)]


def test_the_page_of_a_contact_shows_the_latest_and_says_where_all_are(alice, services, line, ann):
    many(services, line, AGREEMENTS)
    assert not alice.get("contacts.show", contact_id=ann).says("Only the latest are shown.")
    many(services, line, 1, "Latest")
    page = alice.get("contacts.show", contact_id=ann)
    assert page.says("Only the latest are shown.")
    assert page.says("Latest 0")
    assert not page.says("Words 0")


def test_it_stands_in_the_log_of_changes(alice, record):
    record(alice)
    assert alice.get("changes.listing").says("Recorded that (415) 555-0111 agreed to texts")


def test_a_person_records_only_so_many_in_an_hour(app, bob, services, ann):
    app.config["WTF_CSRF_ENABLED"] = False
    sent = [bob.client.post(bob.address("agreements.keep", contact_id=ann), data=ON_PAPER) for _ in range(61)]
    assert [answer.status_code for answer in sent[-2:]] == [302, 429]
    assert len(kept(services)) == 60


def many(services, line, count, words="Words"):
    with services.sessions.begin() as session:
        about = {"workspace_id": line.workspace_id, "number": ANN, "way": Way.ON_PAPER}
        session.add_all(OptIn(words=f"{words} {place}", **about) for place in range(count))
