"""Sending texts through the carrier, each exactly once, and fetching pictures."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from provisioning.contract.messaging import MessageStatus
from service import optouts
from service.errors import Conflict
from service.inbox import writing
from service.inbox.attachments import LARGEST_FILE, PATIENCE
from service.inbox.contacts import conversation_with
from service.inbox.fetching import fetch_picture
from service.inbox.models import Message, Picture
from service.inbox.pictures import media_type
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import Line, PhoneNumber
from tests.factories import CALLER, a_caller, a_line


@pytest.fixture
def number(services, work):
    """The temporary number of a line, bought from the carrier."""
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber.number)).one()


@pytest.fixture
def write(services, number):
    def write(text, to=CALLER):
        with services.sessions.begin() as session:
            conversation = a_caller(session, session.scalars(select(Line)).one(), to)
            return writing.write(session, conversation, text, None).id

    return write


@pytest.fixture
def sent(services):
    def messages():
        with services.sessions() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    return messages


@pytest.fixture
def go_on(services, clock, work):
    """Let a while pass: texts and their callbacks are delivered, and entries with an unclear answer are looked up."""

    def go_on():
        work()
        with services.sessions() as session:
            unclear = list(session.scalars(select(LedgerEntry.id).where(LedgerEntry.progress == Progress.TRYING)))
        for entry_id in unclear:
            perform(services, entry_id)
        clock.jump(timedelta(seconds=30))
        work()

    return go_on


def texts(world, phone=CALLER):
    return [text.body for text in world.phone(phone).texts]


def test_a_text_reaches_the_phone_and_is_known_to_be_delivered(world, go_on, write, sent, number):
    write("We open at nine.")
    go_on()
    assert [(text.from_, text.body) for text in world.phone(CALLER).texts] == [(number, "We open at nine.")]
    assert [message.status for message in sent()] == [MessageStatus.DELIVERED]


def test_a_text_whose_answer_was_lost_is_not_sent_twice(world, go_on, write, sent):
    world.faults.add("lose-after", path="*/Messages.json", count=1)
    write("Once only")
    go_on()
    assert texts(world) == ["Once only"]
    assert sent()[0].status is MessageStatus.DELIVERED


def test_a_lost_answer_is_cleared_up_at_the_carrier_when_its_news_is_lost_too(world, services, go_on, write, sent):
    world.faults.add("lose-after", path="*/Messages.json", count=1)
    world.faults.add("drop")
    write("Once only")
    go_on()
    assert texts(world) == ["Once only"]
    with services.sessions() as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_MESSAGE)).one()
    assert (entry.progress, entry.reference) == (Progress.DONE, sent()[0].reference)


def test_an_earlier_text_with_the_same_words_is_not_mistaken_for_one_that_was_lost(world, go_on, write, sent):
    write("Yes")
    go_on()
    world.faults.add("lose-before", path="*/Messages.json", count=1)
    write("Yes")
    for _ in ("looked for and sent", "delivered"):
        go_on()
    assert texts(world) == ["Yes", "Yes"]
    earlier, later = sent()
    assert earlier.reference != later.reference


def test_a_text_that_could_not_be_delivered_says_why(go_on, write, sent):
    write("Hello?", to="+14155553003")
    go_on()
    assert (sent()[0].status, sent()[0].trouble) == (MessageStatus.UNDELIVERED, "unreachable")


def test_a_text_that_the_carrier_refuses_says_why_and_is_not_tried_again(world, services, go_on, write, sent):
    write("Hello?", to="+14155521211")
    go_on()
    assert (sent()[0].status, sent()[0].trouble) == (MessageStatus.FAILED, "bad_recipient")
    with services.sessions() as session:
        kind = LedgerEntry.kind == EntryKind.SEND_MESSAGE
        assert session.scalars(select(LedgerEntry.progress).where(kind)).one() is Progress.REFUSED


def test_stop_between_the_writing_and_the_sending_calls_the_text_off(world, services, go_on, write, sent):
    write("A moment too late")
    with services.sessions.begin() as session:
        optouts.stop(session, CALLER, session.scalars(select(Line)).one().workspace_id)
    go_on()
    assert texts(world) == []
    assert (sent()[0].status, sent()[0].trouble) == (MessageStatus.FAILED, "opted_out")


def test_stop_while_the_carrier_is_away_calls_the_text_off_at_the_next_try(world, services, work, write, sent):
    world.faults.add("throttle", path="*/Messages.json")
    write("A moment too late")
    work()
    world.faults.clear()
    with services.sessions.begin() as session:
        optouts.stop(session, CALLER, session.scalars(select(Line)).one().workspace_id)
        owed = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_MESSAGE)).one()
        owed.due_at = func.clock_timestamp()
    perform(services, owed.id)
    assert texts(world) == []
    assert (sent()[0].status, sent()[0].trouble) == (MessageStatus.FAILED, "opted_out")


def test_stop_that_only_the_carrier_heard_is_learnt_from_its_refusal(world, services, go_on, write, sent, number):
    world.faults.add("drop", path="*/webhooks/*/message", count=1)
    world.text(CALLER, number, "STOP")
    go_on()
    write("Are you there?")
    go_on()
    assert sent()[-1].trouble == "opted_out"
    with pytest.raises(Conflict):
        write("And now?")


def test_a_picture_that_came_in_is_fetched_and_shown_as_what_it_is(world, services, go_on, number):
    world.text(CALLER, number, "Look", media=["image/jpeg"])
    go_on()
    with services.sessions() as session:
        picture = session.scalars(select(Picture)).one()
        assert picture.media_type == "image/jpeg"
        assert media_type(services.media.get(picture.media)) == "image/jpeg"
        assert media_type(services.media.get(picture.thumbnail)) == "image/webp"


@pytest.fixture
def receive(world, services, go_on, number):
    """Receive a text with an attachment of this declared type; the stored picture."""

    def receive(content, media_type):
        text = world.text(CALLER, number, "Look", media=[media_type])
        world.attachments._contents[text.media[0].sid] = content
        go_on()
        with services.sessions() as session:
            return session.scalars(select(Picture).order_by(Picture.id.desc())).first()

    return receive


def test_an_attachment_that_is_no_picture_is_kept_as_a_file(services, receive):
    card = b"BEGIN:VCARD\nFN:Alice\nEND:VCARD\n"
    kept = receive(card, "text/vcard")
    assert (kept.media_type, kept.size, kept.thumbnail) == ("text/vcard", len(card), "")
    assert services.media.get(kept.media) == card


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 and then nothing", b"<svg onload=alert(1)>"])
def test_a_picture_that_cannot_be_read_is_not_waited_for(services, receive, content):
    kept = receive(content, "image/jpeg")
    assert kept.fetched_at
    assert kept.thumbnail == ""


def test_a_kind_that_a_browser_would_run_is_kept_as_unknown(receive):
    for called in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"):
        assert receive(b"<script>alert(1)</script>", called).media_type == "application/octet-stream"


def test_a_file_too_large_is_known_by_its_size_alone(receive):
    kept = receive(bytes(LARGEST_FILE + 1), "video/mp4")
    assert (kept.media_type, kept.size, kept.media) == ("video/mp4", LARGEST_FILE + 1, "")


def test_a_picture_that_the_carrier_does_not_have_yet_is_tried_again(world, services, work, number):
    world.faults.add("error", path="*/Media/*", count=1, status=404)
    world.text(CALLER, number, "Look", media=["image/jpeg"])
    work()
    with services.sessions() as session:
        picture = session.scalars(select(Picture)).one()
    assert not picture.fetched_at

    fetch_picture(services, picture_id=picture.id)
    with services.sessions() as session:
        assert session.scalars(select(Picture.media_type)).one() == "image/jpeg"


def test_a_picture_that_the_carrier_never_had_is_given_up(world, services, work, clock, number):
    world.faults.add("error", path="*/Media/*", status=404)
    world.text(CALLER, number, "Look", media=["image/jpeg"])
    work()
    clock.jump(PATIENCE)
    with services.sessions() as session:
        picture = session.scalars(select(Picture)).one()
    fetch_picture(services, picture_id=picture.id)
    with services.sessions() as session:
        kept = session.scalars(select(Picture)).one()
    assert kept.fetched_at
    assert (kept.media, kept.size) == ("", 0)


def test_an_attachment_is_fetched_from_nobody_but_the_carrier(services, go_on, number):
    with services.sessions.begin() as session:
        conversation = conversation_with(session, session.scalars(select(Line)).one(), CALLER)
        message = Message(conversation=conversation, direction="in", number=number)
        picture = Picture(source_url="https://elsewhere.example/picture.jpg")
        message.pictures.append(picture)
        session.add(message)
    fetch_picture(services, picture_id=picture.id)
    with services.sessions() as session:
        assert session.scalars(select(Picture.media_type)).one() == ""
