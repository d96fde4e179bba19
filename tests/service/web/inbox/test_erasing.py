"""Deleting a person with everything said with them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.accounts.models import User
from service.events.models import Delivery, Endpoint
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Conversation, Message, Picture
from service.inbox.notes import write_note
from service.inbox.shared import Note
from service.inbox.tags import add_tag
from service.inbox.writing import schedule
from service.lines.models import Line
from service.optouts import stop, stopped
from service.team_notices.models import TeamNotice
from service.time import now
from tests.factories import CALLER

OTHER = "+14155550124"
ROWS = (Contact, Conversation, Message, Call, Note, Picture, TeamNotice)


@pytest.fixture
def talk(alice, bob, services, line, world, work, clock):
    """The id of a contact with texts, a picture, a voicemail and a note, two days ago; another person is there too."""
    with services.sessions.begin() as session:
        number = session.get_one(Line, line.id).numbers[0].number
        hears = {"url": "https://shop.example", "secret": "whsec_AAAA", "made_at": now(), "off_at": None}
        session.add(Endpoint(workspace_id=line.workspace_id, kinds=["text.received"], **hears))
    for person in (CALLER, OTHER):
        world.text(person, number, "Can you make a cake?", media=["image/png"])
        world.call(person, number, says="Please call me back.")
    work()
    with services.sessions.begin() as session:
        conversation = conversation_with(session, session.get_one(Line, line.id), CALLER)
        add_tag(session, [conversation], line.workspace_id, "Cakes")
        author = session.scalars(select(User).where(User.fs_uniquifier == "alice")).one()
        write_note(session, conversation, "Ask @bob", author)
        contact_id = conversation.contact_id
    work()
    clock.jump(timedelta(days=2))
    return contact_id


def counted(services):
    with services.sessions() as session:
        return {table.__name__: session.scalar(select(func.count()).select_from(table)) for table in ROWS}


def files(media):
    return [path for path in media.rglob("*") if path.is_file()]


def delete_them(reader, contact_id, status=200):
    reader.get("contacts.show", contact_id=contact_id)
    return reader.submit(button="Delete everything", status=status)


def test_all_of_a_person_goes_and_all_of_others_stays(alice, talk, services, media, work):
    before, kept = counted(services), len(files(media))
    page = delete_them(alice, talk)
    assert page.says("Deleted.")
    assert not page.says("(415) 555-0123")
    work()
    after = counted(services)
    assert {name: before[name] - after[name] for name in ("Contact", "Conversation", "Message", "Call", "Picture")} == {
        "Contact": 1,
        "Conversation": 1,
        "Message": 1,
        "Call": 1,
        "Picture": 1,
    }
    assert after["Note"] == 0
    with services.sessions() as session:
        quoted = session.scalars(select(TeamNotice.facts["conversation_id"].as_integer())).all()
        assert set(quoted) <= set(session.scalars(select(Conversation.id)))
        told = session.scalars(select(Delivery.data["their_number"].as_string())).all()
        assert told == [OTHER]
    assert 0 < len(files(media)) == kept // 2
    alice.get("contacts.show", contact_id=talk, status=404)
    assert alice.get("changes.listing").says("Deleted a contact and everything said with them")


def test_a_stop_stays_and_holds_when_they_are_written_to_again(alice, talk, services, line):
    with services.sessions.begin() as session:
        stop(session, CALLER, line.workspace_id)
    delete_them(alice, talk)
    with services.sessions() as session:
        assert stopped(session, CALLER, line.workspace_id)


def test_whoever_called_today_is_not_deleted_yet(alice, talk, services, line, world, work):
    with services.sessions() as session:
        number = session.get_one(Line, line.id).numbers[0].number
    world.text(CALLER, number, "Hello?")
    work()
    before = counted(services)
    assert delete_them(alice, talk, status=409).says("You can delete them after that.")
    assert counted(services) == before


def test_a_scheduled_text_is_canceled_first(alice, talk, services, line, clock):
    with services.sessions.begin() as session:
        conversation = conversation_with(session, session.get_one(Line, line.id), CALLER)
        schedule(session, conversation, "Later", None, now() + timedelta(days=3))
    clock.jump(timedelta(days=1, hours=1))
    assert delete_them(alice, talk, status=409).says("A scheduled text waits for them. Cancel it first.")


def test_members_and_others_delete_nobody(alice, bob, charlie, talk, services):
    assert not bob.get("contacts.show", contact_id=talk).select("#erase")
    before = counted(services)
    for reader, status in ((bob, 403), (charlie, 404)):
        token = reader.get("contacts.listing").select_one("[name=csrf_token]")["value"]
        answer = reader.client.post(f"/contacts/{talk}/erase", data={"csrf_token": token})
        assert answer.status_code == status
    assert counted(services) == before
