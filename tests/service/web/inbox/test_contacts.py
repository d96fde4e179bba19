"""Contacts that are written down or imported before they call."""

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import delete, select

from service.accounts.models import Grant
from service.inbox.contacts import conversation_with
from service.inbox.models import Contact, ContactImport
from service.quotas import Quota

ANN, BEN = "+14155550111", "+14155550122"
TABLE = b"Name,Phone,Company,Notes\nAnn,415 555 0111,Ann's,New\nBen,415-555-0122,,\nNobody,12,,\n"


@pytest.fixture
def upload():
    """Choose a file; the page that follows."""

    def upload(reader, content, status=200):
        token = reader.get("contact_import.ask").select_one("main [name=csrf_token]")["value"]
        data = {"csrf_token": token, "file": (BytesIO(content), "contacts.csv")}
        answer = reader.client.post(reader.address("contact_import.read"), data=data)
        answer.request.environ["wsgi.input"].close()  # a large upload is a file
        return reader._read(answer, status)

    return upload


def contacts(services):
    with services.sessions() as session:
        return {one.number: (one.name, one.company, one.notes) for one in session.scalars(select(Contact))}


def test_a_contact_is_written_down_seen_by_all_and_texted(alice, bob, services):
    alice.get("contacts.blank")
    assert alice.submit(number="(415) 555-0111", name="Ann", company="Ann's").heading() == "Ann"
    with services.sessions.begin() as session:
        session.execute(delete(Grant))
    assert bob.get("contacts.listing").says("Ann")
    alice.get("contacts.show", contact_id=1)
    assert alice.submit(button="Write a text").select("[name=text]")
    assert not bob.get("contacts.listing").says("Ann"), "now they are on a line that Bob does not see"


def test_a_contact_that_is_known_is_refused_and_a_number_must_be_whole(alice, services):
    alice.get("contacts.blank")
    assert alice.submit(number="12", status=422).wrong()["number"].startswith("That’s not a complete phone number")
    alice.submit(number="415 555 0111", name="Ann")
    alice.get("contacts.blank")
    refused = alice.submit(number="+1 415 555 0111", name="Anna", status=422)
    assert refused.wrong() == {"number": "You have a contact with this number already."}
    assert contacts(services) == {ANN: ("Ann", "", "")}


def test_a_file_is_shown_first_and_taken_only_then(alice, upload, services, line):
    with services.sessions.begin() as session:
        conversation_with(session, session.merge(line), ANN).contact.notes = "Pays cash"
    page = upload(alice, TABLE)
    assert page.says("1 new contact.")
    assert page.says("1 is known already: only what is empty is filled in.")
    assert page.says("Line 4 · Nobody That’s not a complete phone number.")
    assert contacts(services) == {ANN: ("", "", "Pays cash")}
    assert alice.get("contact_import.ask").says("1 new contact."), "it waits until it is taken"
    assert alice.submit(button="Import").says("2 contacts imported.")
    assert contacts(services) == {ANN: ("Ann", "Ann's", "Pays cash"), BEN: ("Ben", "", "")}
    with services.sessions() as session:
        assert session.scalars(select(ContactImport)).all() == []


def test_what_was_shown_can_be_dropped(alice, upload, services):
    upload(alice, TABLE)
    assert alice.submit(button="Cancel").says("Nothing was imported.")
    assert contacts(services) == {}
    assert alice.get("contact_import.ask").select("[name=file]")


def test_a_vcard_is_taken_too(alice, upload):
    assert upload(alice, b"BEGIN:VCARD\nFN:Ann\nTEL:415 555 0111\nEND:VCARD\n").says("1 new contact.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There are no contacts in this file."),
        (b"Name,Phone\n", "There are no contacts in this file."),
        (b"just,some\nwords,here\n", "There are no contacts in this file."),
        (b"%PDF-1.7", "We can’t read this file."),
        (b"Name\n" + b"Ann\n" * 5001, "There are more than 5000 contacts in this file."),
        (b"PK\x03\x04broken", "We can’t read this file."),
        (b"x" * (5 * 1024 * 1024 + 1), "This file is too large"),
    ],
    ids=["nothing", "heading", "words", "PDF", "many", "zip", "large"],
)
def test_a_file_without_contacts_is_refused(alice, upload, content, said):
    assert upload(alice, content, 422).wrong()["file"].startswith(said)


def test_no_more_contacts_are_taken_than_there_is_room_for(alice, upload, services, app):
    upload(alice, TABLE)
    settings = replace(services.settings, quotas=((Quota.CONTACTS, 1),))
    app.extensions["services"] = replace(services, settings=settings)
    assert (
        alice.submit(button="Import", status=422)
        .wrong()["file"]
        .startswith("Your workspace has reached the limit of 1 contacts")
    )
    assert contacts(services) == {}
    assert alice.get("contact_import.ask").says("2 new contacts."), "nothing of it is lost"
    alice.get("contacts.blank")
    alice.submit(number=ANN)
    alice.get("contacts.blank")
    assert (
        alice.submit(number=BEN, status=422)
        .wrong()["number"]
        .startswith("Your workspace has reached the limit of 1 contacts")
    )


def test_what_a_colleague_looks_at_is_not_taken_by_another(alice, bob, upload, services):
    upload(alice, TABLE)
    token = bob.get("contact_import.ask").select_one("main [name=csrf_token]")["value"]
    assert not bob.page.says("1 new contact.")
    bob.client.post(bob.address("contact_import.take"), data={"csrf_token": token})
    assert contacts(services) == {}
