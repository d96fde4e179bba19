"""Content goes after the days that the settings say: files, rows and raw callbacks together, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from provisioning.contract.callbacks import Subject
from service.inbox.models import Call, Message, Outcome, Picture, RecordedPiece
from service.inbox.receiving import receive
from service.inbox.shared import Note
from service.porting.models import Document, PortHistory
from service.porting.states import State
from service.schedule import retention
from service.schedule.retention import delete_expired
from service.team_notices.models import TeamEvent, TeamNotice
from service.time import now
from tests.factories import a_draft, a_line
from tests.service.inbox.lines import a_member, a_standing_line, a_text
from webhooks.models import Received
from webhooks.unread import read_again

OLD = timedelta(days=31)


@pytest.fixture
def keeping(services):
    """The services of an installation that keeps content for so many days."""

    def keep(**days):
        return replace(services, settings=replace(services.settings, **days))

    return keep


@pytest.fixture
def inbox(services, clock):
    """A conversation with a text, a picture, a voicemail and a recorded call, and a note; 31 days pass."""
    with services.sessions.begin() as session:
        line = a_standing_line(session)
        alice = a_member(session, line, "Alice")
        message = receive(session, a_text("Hello", media_urls=["https://carrier.example/picture"]))
        picture = session.scalars(select(Picture)).one()
        picture.media, picture.thumbnail = (services.media.put(b"picture", "image/png") for _ in range(2))
        picture.size, picture.fetched_at = 7, now()
        for outcome, what in ((Outcome.VOICEMAIL, "voicemail"), (Outcome.ANSWERED, "recording")):
            call = Call(conversation_id=message.conversation_id, number=message.number, outcome=outcome)
            setattr(call, f"{what}_media", services.media.put(b"sound", "audio/wav"))
            setattr(call, f"{what}_url", "https://carrier.example/sound")
            call.transcript = "Call me" if what == "voicemail" else ""
            session.add(call)
        session.add(Note(conversation_id=message.conversation_id, author_id=alice.user_id, text="Remember"))
        quoted = {"words": "Hello", "at": now().isoformat()}
        session.add(TeamNotice(member_id=alice.id, event=TeamEvent.TEXT, reference="text:1", facts=quoted))
    clock.jump(OLD)


def files(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def left(services, *columns):
    with services.sessions() as session:
        return [tuple(row) for row in session.execute(select(*columns))]


def test_without_settings_conversations_are_kept_as_long_as_their_workspace(services, inbox, work, media):
    before = files(media)
    delete_expired(services)
    work()
    assert files(media) == before
    assert len(before) == 4
    assert left(services, Message.text) == [("Hello",)]


@pytest.mark.parametrize(
    ("setting", "column", "gone"),
    [
        ("picture_days", Picture.media, 2),
        ("picture_days", Picture.source_url, 2),
        ("voicemail_days", Call.voicemail_media, 1),
        ("voicemail_days", Call.transcript, 1),
        ("recording_days", Call.recording_media, 1),
    ],
)
def test_a_file_goes_with_what_names_it(keeping, inbox, work, media, setting, column, gone):
    there = keeping(**{setting: 32})
    delete_expired(there)
    assert any(value for (value,) in left(there, column))
    delete_expired(keeping(**{setting: 30}))
    work()
    assert not any(value for (value,) in left(there, column))
    assert len(files(media)) == 4 - gone
    assert len(left(there, Call.id)) == 2


def test_every_piece_of_a_recording_goes(keeping, inbox, work, media):
    there, rows = keeping(recording_days=30), (RecordedPiece.reference,)
    with there.sessions.begin() as session:
        recorded = session.scalars(select(Call).where(Call.recording_media != "")).one()
        facts = {"url": "https://carrier.example/2", "seconds": 7, "media": there.media.put(b"more", "audio/wav")}
        recorded.pieces.append(RecordedPiece(reference="RE2", **facts))
    delete_expired(keeping(recording_days=32))
    assert left(there, *rows) == [("RE2",)]
    delete_expired(there)
    work()
    assert left(there, *rows) == []
    assert len(files(media)) == 3


def test_texts_go_with_their_pictures_and_notes(keeping, inbox, work, media):
    there = keeping(text_days=30)
    delete_expired(there)
    work()
    assert left(there, Message.id) == left(there, Picture.id) == left(there, Note.id) == []
    assert len(files(media)) == 2


def test_a_scheduled_text_stays(keeping, inbox):
    there = keeping(text_days=30)
    with there.sessions.begin() as session:
        session.scalars(select(Message)).one().leaves_at = now() + timedelta(days=1)
    delete_expired(there)
    assert len(left(there, Message.id)) == 1


def test_notices_that_quote_texts_go_after_ninety_days(services, inbox, clock):
    delete_expired(services)
    assert len(left(services, TeamNotice.id)) == 1
    clock.jump(timedelta(days=60))
    delete_expired(services)
    assert left(services, TeamNotice.id) == []


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [(State.CANCELED, 91, 0), (State.LIVE, 91, 0), (State.DRAFT, 91, 0), (State.IN_REVIEW, 91, 1), (State.LIVE, 89, 1)],
)
def test_a_bill_goes_when_its_transfer_is_long_over(services, clock, state, days, kept):
    with services.sessions.begin() as session:
        a_draft(session, a_line(session, services), "+14155552000").numbers[0].state = state
    clock.jump(timedelta(days=days))
    delete_expired(services)
    assert len(left(services, Document.id)) == kept


def test_a_bill_stays_while_there_is_news_of_its_transfer(services, clock):
    with services.sessions.begin() as session:
        number = a_draft(session, a_line(session, services), "+14155552000").numbers[0]
        number.state = State.LIVE
    clock.jump(timedelta(days=91))
    with services.sessions.begin() as session:
        news = {"event": "live", "cause": "clock", "before": State.DRAFT, "after": State.LIVE}
        session.add(PortHistory(port_number_id=number.id, sequence=99, **news))
    delete_expired(services)
    assert len(left(services, Document.id)) == 1


@pytest.fixture
def callbacks(services):
    """Three raw callbacks: an old one that was read, one that was not, and a new one."""
    ages = {"read": (OLD, True), "unread": (OLD, False), "new": (timedelta(), True)}
    with services.sessions.begin() as session:
        for name, (age, read) in ages.items():
            row = {"carrier": "twilio", "subject": Subject.MESSAGE, "query": "a=b", "digest": name.encode()}
            moment = now() - age
            session.add(Received(**row, body=b"Body=secret", received_at=moment, read_at=moment if read else None))


def test_raw_callbacks_are_emptied_after_a_month_and_their_digests_stay(services, callbacks):
    delete_expired(services)
    kept = dict(left(services, Received.digest, Received.body))
    assert kept == {b"read": b"", b"unread": b"Body=secret", b"new": b"Body=secret"}


def test_an_emptied_callback_is_not_read_again(services, callbacks):
    delete_expired(services)
    with services.sessions.begin() as session:
        read_again(session, [*session.scalars(select(Received.id))])
    with services.sessions() as session:
        assert session.scalar(select(func.count()).where(Received.read_at.is_(None))) == 2


def test_it_is_done_in_bounded_steps(services, callbacks, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "STEPS", 2)
    with services.sessions.begin() as session:
        for number in range(9):
            row = {"carrier": "twilio", "subject": Subject.MESSAGE, "digest": bytes([number]), "body": b"x"}
            session.add(Received(**row, received_at=now() - OLD, read_at=now()))
    delete_expired(services)
    with services.sessions() as session:
        assert session.scalar(select(func.count()).where(Received.body == b"")) == 4
