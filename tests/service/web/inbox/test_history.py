"""Bringing the conversations of another service: sent, read, seen in the inbox, and taken out again."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select, update

from service import optouts
from service.accounts.models import Grant
from service.events.models import Delivery
from service.history.hanging import LONGEST
from service.history.models import HistoryImport, ImportState
from service.history.reading import read_history
from service.inbox.models import Call, Contact, Conversation, Handling, Message
from service.inbox.receiving import receive
from service.quotas import Quota
from service.schedule.prune import end_imports
from service.team_notices.models import TeamNotice
from tests.service.history.exports import ANN, BEN, OURS, QUO, TAKEOUT, a_call, a_takeout, texts
from tests.service.inbox.lines import a_text


@pytest.fixture
def send(work, line):
    """Send a file, and have it read; the page that follows."""

    def send(reader, content, status=302, *, name="export.zip"):
        token = reader.get("history.show").select_one("main [name=csrf_token]")["value"]
        data = {"csrf_token": token, "line": str(line.id), "file": (BytesIO(content), name)}
        answer = reader.client.post(reader.address("history.send"), data=data)
        answer.request.environ["wsgi.input"].close()  # a large upload is a file
        assert answer.status_code == status
        if status == 302:
            work()
            return reader.get("history.show")
        return reader._read(answer, status)

    return send


def rows(services, table):
    with services.sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_earlier_conversations_stand_in_the_inbox_as_history(alice, send, services):
    page = send(alice, TAKEOUT)
    assert page.says("3 texts · 3 calls · 2 left out")
    with services.sessions() as session:
        talks = session.scalars(select(Conversation)).all()
        assert {(one.contact.number, one.contact.name) for one in talks} == {(ANN, "Ann"), (BEN, "Ben")}
        assert {(one.handling, one.heard) for one in talks} == {(Handling.DONE, 0)}, "nothing is new, nothing to do"
        assert {one.last_at.year for one in talks} == {2024}
        [ann] = [one for one in talks if one.contact.number == ANN]
        assert [one.text for one in ann.messages] == ["Is the bread ready?\nIt's for Sunday", "Yes & warm", "Alone"]
        assert {one.number for one in ann.messages if one.direction == "out"} == {OURS}
    assert rows(services, TeamNotice) == rows(services, Delivery) == 0, "no one is told"
    assert alice.get("inbox.read", conversation_id=ann.id).says("Is the bread ready?")


def test_the_same_file_twice_takes_nothing_twice(alice, send, services):
    send(alice, TAKEOUT)
    assert send(alice, TAKEOUT).says("0 texts · 0 calls · 6 were there already · 2 left out")
    assert (rows(services, Message), rows(services, Call), rows(services, Contact)) == (3, 3, 2)


def test_a_text_that_came_to_us_itself_is_not_taken_again(alice, send, services, line):
    with services.sessions.begin() as session:
        talk = receive(session, a_text("Is the bread ready?", sender=ANN, to=session.merge(line).numbers[0].number))
        talk.at = talk.at.replace(year=2024, month=5, day=4, hour=14, minute=1)
    assert send(alice, QUO, name="messages.csv").says("1 text · 0 calls · 1 was there already")


def test_an_import_is_undone_but_not_what_came_since(alice, send, work, services, line):
    send(alice, TAKEOUT)
    with services.sessions.begin() as session:
        receive(session, a_text("Still there?", sender=ANN, to=session.merge(line).numbers[0].number))
    alice.get("history.show")
    alice.submit(button="Undo")
    work()
    assert alice.get("history.show").says("Undone.")
    with services.sessions() as session:
        [talk] = session.scalars(select(Conversation))
        assert (talk.contact.number, [one.text for one in talk.messages], talk.calls) == (ANN, ["Still there?"], [])
    assert rows(services, Contact) == 1
    assert send(alice, TAKEOUT).says("3 texts · 3 calls"), "it can be taken once more"


def test_who_was_known_keeps_their_name(alice, send, services):
    alice.get("contacts.blank")
    alice.submit(number=ANN, name="Ann of the mill")
    send(alice, TAKEOUT)
    with services.sessions() as session:
        assert set(session.scalars(select(Contact.name))) == {"Ann of the mill", "Ben"}


def test_who_the_team_wrote_down_stays_when_an_import_is_undone(alice, send, work, services):
    send(alice, TAKEOUT)
    with services.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.number == ANN).values(company="Ann’s Mill"))
        session.execute(update(Contact).where(Contact.number == BEN).values(name="Ben the driver"))
    alice.get("history.show")
    alice.submit(button="Undo")
    work()
    with services.sessions() as session:
        left = session.execute(select(Contact.number, Contact.name, Contact.company))
        assert {tuple(row) for row in left} == {(ANN, "", "Ann’s Mill"), (BEN, "Ben the driver", "")}


def test_a_name_that_an_import_gave_to_somebody_known_goes_with_it(alice, send, work, services, line):
    with services.sessions.begin() as session:
        session.add(Contact(workspace_id=line.workspace_id, number=ANN, email="ann@mill.example"))
    send(alice, TAKEOUT)
    alice.get("history.show")
    alice.submit(button="Undo")
    work()
    with services.sessions() as session:
        assert [(one.name, one.email) for one in session.scalars(select(Contact))] == [("", "ann@mill.example")]


def test_a_stop_to_the_service_before_is_heeded_here(alice, send, services, line):
    table = f"Date,Direction,Number,Text\n2024-05-05 10:00,in,{ANN},STOP\n2024-05-06 10:00,out,{BEN},STOP\n"
    send(alice, table.encode(), name="texts.csv")
    with services.sessions() as session:
        assert optouts.stopped(session, ANN, line.workspace_id)
        assert not optouts.stopped(session, BEN, line.workspace_id)
        assert optouts.last_word(session, ANN, line.workspace_id).at.year == 2024


def test_rows_that_no_database_keeps_do_not_keep_the_others_out(alice, send):
    page = a_takeout(
        **{
            "Ann - Text - 2024": texts((ANN, "A\0nn", "2024-05-04T10:00:00.000-04:00", "One\0")),
            "Ben - Text - 2024": texts((BEN, "Ben", "2020-01-01 10:00+9999", "No such time zone")),
            "Ben - Placed - 2024": a_call("placed", BEN, "Ben", "2024-06-05T09:00:00-04:00", f"PT{'9' * 5000}S"),
            "Ben - Missed - 2024": a_call("missed", BEN, "Ben", "2024-06-06T09:00:00-04:00", "PT9999999999H"),
        }
    )
    assert send(alice, page).says("1 text · 2 calls · 1 left out")


class _Stumbling:
    """Media of which nothing can be deleted."""

    def __init__(self, media):
        self.put, self.get = media.put, media.get

    def drop(self, name):
        raise OSError(name)


def test_a_file_that_stayed_behind_goes_after_a_day(alice, send, services, work, media, clock):
    work.services = replace(services, media=_Stumbling(services.media))
    send(alice, QUO)
    work.services = services
    read_history(services, import_id=1)
    assert alice.get("history.show").says("2 texts · 0 calls")
    assert [path for path in media.rglob("*") if path.is_file()]
    clock.jump(LONGEST + timedelta(minutes=1))
    end_imports(services)
    work()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("state", [ImportState.WAITING, ImportState.READING, ImportState.UNDOING])
def test_an_import_that_hangs_is_given_up_after_a_day_and_another_file_is_taken(alice, send, services, clock, state):
    send(alice, QUO)
    with services.sessions.begin() as session:
        session.execute(update(HistoryImport).values(state=state, ended_at=None))
    end_imports(services)
    assert send(alice, QUO, 422).wrong()["file"].startswith("We’re still reading another file")
    clock.jump(LONGEST + timedelta(minutes=1))
    end_imports(services)
    assert alice.get("history.show").says("Something went wrong on our side.")
    send(alice, QUO)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "We can’t read this file."),
        (b"PK\x03\x04broken", "We can’t read this file."),
        (b"Date,From,To,Text\nnever,1,2,x\n", "There are no texts or calls with phone numbers in this file."),
    ],
    ids=["PDF", "broken", "no dates"],
)
def test_a_file_that_is_no_history_is_refused_in_words(alice, send, services, content, said):
    page = send(alice, content)
    assert page.says(said)
    assert not page.select("form[action$=undo]"), "there is nothing to undo"
    with services.sessions() as session:
        assert set(session.scalars(select(HistoryImport.media))) == {""}, "the file itself is not kept"


def test_without_a_file_nothing_is_sent(alice, send, services):
    assert send(alice, b"", 422).wrong() == {"file": "Choose a file."}
    assert rows(services, HistoryImport) == 0


def test_one_file_of_a_workspace_is_read_at_a_time(alice, send, services):
    send(alice, QUO)
    with services.sessions.begin() as session:
        session.execute(update(HistoryImport).values(state=ImportState.READING))
    assert send(alice, QUO, 422).wrong()["file"].startswith("We’re still reading another file")


def test_no_more_contacts_come_than_there_is_room_for(alice, send, services, work):
    work.services = replace(services, settings=replace(services.settings, quotas=((Quota.CONTACTS, 1),)))
    assert send(alice, TAKEOUT).says("Your workspace has no room for more contacts.")
    assert rows(services, Contact) <= 1


def test_a_colleague_sends_for_lines_that_they_see_and_undoes_their_own(alice, bob, send, services):
    send(alice, QUO)
    with services.sessions() as session:
        sent = session.scalars(select(HistoryImport.id)).one()
    token = bob.get("history.show").select_one("main [name=csrf_token]")["value"]
    there = bob.address("history.undo", import_id=sent)
    assert bob.client.post(there, data={"csrf_token": token}).status_code == 403
    with services.sessions.begin() as session:
        session.query(Grant).delete()
    assert not bob.get("history.show").says("export.zip")
    assert bob.client.post(there, data={"csrf_token": token}).status_code == 404


def test_another_business_sees_nothing_of_it(alice, charlie, send, services):
    send(alice, QUO)
    with services.sessions() as session:
        sent = session.scalars(select(HistoryImport.id)).one()
    page = charlie.get("history.show")
    assert not page.says("export.zip")
    token = page.select_one("[name=csrf_token]")["value"]
    there = charlie.address("history.undo", import_id=sent)
    assert charlie.client.post(there, data={"csrf_token": token}).status_code == 404
