"""The owner downloads all of a workspace, and it is read in again elsewhere."""

import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from service.accounts.change_log import Action, note
from service.accounts.models import User
from service.archives.reading import read_in
from service.archives.writing import written
from service.calls.changing import keep
from service.calls.nodes import Plan, RingPhones, Voicemail
from service.calls.queries import plan_of
from service.desk.correspondence import TransferMessage
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.inbox.notes import write_note
from service.inbox.saved_replies import save
from service.inbox.shared import SavedReply
from service.inbox.tags import add_tag
from service.inbox.writing import write
from service.lines.inventory import lines_of
from service.lines.models import Line, Phone
from service.porting.models import Document, PortProject
from service.porting.states import State
from tests import rows
from tests.factories import CALLER, GOOD_ACCOUNT_NUMBER, GOOD_PIN, OWN, a_draft
from tests.service.web.conftest import Reader

PAGES = ("inbox.show", "contacts.listing", "team.show", "changes.listing", "ports.listing", "replies.listing")


@pytest.fixture
def busy(alice, bob, line, services, world, work, clock):
    """A workspace with texts, a picture, a voicemail, a note, tags, a call plan, a draft with its bill."""
    number = line_number(services, line)
    world.text(CALLER, number, "Can you make a cake for Saturday?", media=["image/png"])
    work()
    clock.jump(timedelta(minutes=1))
    world.call(CALLER, number, says="Please call me back.")
    work()
    clock.jump(timedelta(minutes=1))
    with services.sessions.begin() as session:
        here = session.get_one(Line, line.id)
        owner = session.scalars(select(User).where(User.fs_uniquifier == "alice")).one()
        kitchen = Phone(line_id=line.id, number="+14155550177", name="Kitchen")
        session.add(kitchen)
        session.flush()
        keep(
            session,
            here,
            Plan({"ring": RingPhones("mail", (kitchen.id,)), "mail": Voicemail()}, opening="ring", closed="mail"),
        )
        talk = conversation_with(session, here, CALLER)
        talk.contact.name = "Carla"
        add_tag(session, [talk], line.workspace_id, "Cakes")
        write(session, talk, "Gladly. For how many?", owner.id)
        write_note(session, talk, "Ask @bob", owner)
        save(session, SavedReply(workspace_id=line.workspace_id), "Hours", "We open at 7.")
        a_draft(session, here, OWN, pin=GOOD_PIN)
    work()
    return talk.id


def line_number(services, line):
    with services.sessions() as session:
        return session.get_one(Line, line.id).numbers[0].number


def archive_of(alice):
    alice.get("archive.show")
    token = alice.page.select_one("[name=csrf_token]")["value"]
    answer = alice.client.post("/settings/data/", data={"csrf_token": token})
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    return answer.data


def content(archive):
    with ZipFile(BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def seen(alice, talk_id):
    """What the pages say, without what depends on a number at a carrier."""
    pages = {name: alice.get(name).select_one("main").get_text(" ", strip=True) for name in PAGES}
    thread = alice.get("inbox.read", conversation_id=talk_id).select_one(".thread")
    return pages | {"thread": thread.get_text(" ", strip=True), "media": len(thread.select("img, audio"))}


def test_what_was_downloaded_gives_the_same_pages_in_an_empty_installation(
    alice, busy, app, engine, media, services, tmp_path
):
    archive = archive_of(alice)
    before = seen(alice, busy)
    with engine.begin() as connection:
        rows.empty(connection.connection.driver_connection)
    path = tmp_path / "archive.zip"
    path.write_bytes(archive)
    workspace_id = read_in(services, path)
    with services.sessions() as session:
        owner = session.scalars(select(User).where(User.email == "alice@alice.example")).one()
        [line] = lines_of(session, workspace_id)
        talk = conversation_with(session, line, CALLER).id
        plan = plan_of(session, line.id)
        [kitchen] = session.scalars(select(Phone).where(Phone.number == "+14155550177"))
        assert plan.nodes["ring"].phones == (kitchen.id,)
        assert [number.standing for number in line.numbers] == ["released"]
        assert session.scalars(select(Document)).one().content
    after = seen(Reader(app, owner), talk)
    assert after == before


def test_the_archive_has_papers_and_sounds_and_no_secret(alice, busy):
    files = content(archive_of(alice))
    assert json.loads(files["about.json"])["form"] == 1
    kinds = {re.sub(r"[0-9a-f]{32}|\d+", "…", name) for name in files if not name.startswith("tables/")}
    assert kinds == {"about.json", "media/….png", "media/….jpg", "media/….wav", "papers/documents-….png"}
    tables = b"".join(text for name, text in files.items() if name.startswith("tables/"))
    assert b"Can you make a cake" in tables
    for secret in (GOOD_ACCOUNT_NUMBER, GOOD_PIN, "fs_uniquifier", "nonce"):
        assert f'"{secret}"'.encode() not in tables


def test_an_archive_has_nothing_of_another_workspace(alice, busy, charlie):
    charlie.get("home.show")
    others = content(archive_of(charlie))
    assert [json.loads(line)["name"] for line in others["tables/workspaces.jsonl"].splitlines()] == ["charlie's"]
    assert [json.loads(line)["name"] for line in others["tables/users.jsonl"].splitlines()] == ["Charlie"]
    assert others["tables/messages.jsonl"] == others["tables/calls.jsonl"] == b""


def test_nobody_of_our_staff_is_in_an_archive_nor_comes_along(alice, busy, known, services, engine, tmp_path):
    """Dana is of the desk alone; Bob is at the desk, and a colleague of Alice's too."""
    dana = known("dana", desk=True)
    with services.sessions.begin() as session:
        bob = session.scalars(select(User).where(User.fs_uniquifier == "bob")).one()
        project = session.scalars(select(PortProject)).one()
        for author, from_desk in ((dana, True), (bob, True), (bob, False)):
            session.add(TransferMessage(project=project, author_id=author.id, from_desk=from_desk, text="Good day."))
        note(session, workspace_id=project.workspace_id, user_id=dana.id, action=Action.PORT_CORRECTED)
    archive = archive_of(alice)
    tables = content(archive)
    assert dana.email.encode() not in b"".join(tables.values())
    messages = [json.loads(line) for line in tables["tables/transfer_messages.jsonl"].splitlines()]
    assert [one["author_id"] for one in messages] == [None, None, bob.id]
    with engine.begin() as connection:
        rows.empty(connection.connection.driver_connection)
    read_back(archive, tmp_path, services)
    with services.sessions() as session:
        assert session.scalar(select(User).where(User.email == dana.email)) is None


def test_only_the_owner_downloads_everything_and_it_is_in_the_history(alice, bob):
    archive_of(alice)
    assert alice.get("changes.listing").says("Downloaded everything in the workspace")
    bob.get("archive.show", status=403)
    assert not bob.get("settings.show").select("a[href='/settings/data/']")


def read_back(archive, tmp_path, services):
    path = tmp_path / "archive.zip"
    path.write_bytes(archive)
    return read_in(services, path)


def test_what_is_here_already_is_not_read_in_and_leaves_nothing(alice, busy, media, services, tmp_path):
    archive = archive_of(alice)
    before = sorted(path for path in media.rglob("*") if path.is_file())
    with pytest.raises(Conflict, match="is here already"):
        read_back(archive, tmp_path, services)
    assert sorted(path for path in media.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("spoiled", [b"", b"PK", b"hello"])
def test_a_file_that_is_no_archive_is_refused(services, tmp_path, spoiled):
    with pytest.raises(Conflict, match="is no archive"):
        read_back(spoiled, tmp_path, services)


def test_half_an_archive_is_refused(alice, busy, services, tmp_path):
    archive = archive_of(alice)
    with pytest.raises(Conflict, match="is no archive"):
        read_back(archive[: len(archive) // 2], tmp_path, services)


def test_an_archive_that_was_spoiled_is_refused(alice, busy, services, tmp_path):
    archive = archive_of(alice)
    with ZipFile(BytesIO(archive)) as file:
        place = next(one.header_offset for one in file.infolist() if one.filename.startswith("media/")) + 80
    with pytest.raises(Conflict, match="is no archive"):
        read_back(archive[:place] + b"\xff" * 8 + archive[place + 8 :], tmp_path, services)


def test_transfers_under_way_are_not_read_in(alice, busy, services, tmp_path):
    with services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().numbers[0].state = State.SUBMITTING
    with pytest.raises(Conflict, match=re.escape(f"these are under way: {OWN}")):
        read_back(archive_of(alice), tmp_path, services)


def test_it_is_written_piece_by_piece(alice, busy, line, services):
    pieces = [len(piece) for piece in written(services, line.workspace_id)]
    assert len(pieces) > 20
    assert max(pieces) < 500_000


def test_operators_write_and_read_archives_by_command(app, alice, busy, line, tmp_path):
    run, path = app.test_cli_runner().invoke, str(tmp_path / "archive.zip")
    assert run(args=["export-workspace", f"{line.workspace_id}", path]).exit_code == 0
    assert "cannot be made" in run(args=["export-workspace", f"{line.workspace_id}", path]).output
    other = str(tmp_path / "other.zip")
    assert "There is no such workspace." in run(args=["export-workspace", "999", other]).output
    assert "is here already" in run(args=["import-workspace", path]).output
    assert [file.name for file in tmp_path.iterdir()] == ["archive.zip"]
