"""The inbox's pages: reading conversations and writing replies."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.inbox.models import Call, Message, Outcome, RecordedPiece
from tests.factories import CALLER


@pytest.fixture
def temporary(line, services):
    from service.lines.inventory import numbers_of

    with services.sessions.begin() as session:
        return numbers_of(session, line.id)[0].number


@pytest.fixture
def written(alice, world, temporary, work):
    """A customer has written."""
    world.text(CALLER, temporary, "Are you <open>?")
    work()


def open_thread(reader):
    page = reader.get("inbox.show")
    return reader.open(page.select_one("main li a")["href"])


def test_an_empty_inbox_says_how_to_fill_it(alice):
    assert alice.get("inbox.show").says("You’re all caught up. New calls and texts show up here.")


def test_a_text_shows_up_with_who_sent_it_and_how_many_are_new(alice, written):
    item = alice.get("inbox.show").select_one("main li")
    words = [" ".join(part.text.split()) for part in item.select("a, .preview, .count .visually-hidden")]
    assert words == ["(415) 555‑0123", "Are you <open>?", "1 new"]


def test_opening_a_conversation_marks_it_as_read_for_the_member_who_opened_it(alice, bob, written):
    assert open_thread(alice).select_one(".bubble-in .words").text == "Are you <open>?"
    assert not alice.get("inbox.show").select(".conversation-unread")
    assert bob.get("inbox.show").select(".conversation-unread")


def test_an_answer_leaves_from_the_lines_number(alice, written, world, work, clock):
    page = open_thread(alice)
    assert page.says("From (415)")
    page = alice.submit(text="Until six.")
    assert page.select_one(".bubble-out .words").text == "Until six."
    work()
    clock.jump(timedelta(minutes=1))
    work()
    assert world.phone(CALLER).texts[-1].body == "Until six."


@pytest.mark.parametrize("text", [" ", "x" * 1601])
def test_an_answer_that_cannot_be_sent_is_refused_and_kept_in_the_field(alice, written, services, text):
    open_thread(alice)
    page = alice.submit(text=text, status=422)
    assert set(page.wrong()) == {"text"}
    assert page.kept("text").strip("\r\n") == text.strip("\r\n")
    with services.sessions.begin() as session:
        assert session.query(Message).count() == 1


def test_an_answer_of_several_lines_leaves_with_plain_line_ends(alice, written, world, work, clock, services):
    open_thread(alice)
    alice.submit(text="One\r\ntwo\r\n\r\nthree")
    work()
    clock.jump(timedelta(minutes=1))
    work()
    assert world.phone(CALLER).texts[-1].body == "One\ntwo\n\nthree"
    with services.sessions.begin() as session:
        assert session.query(Message).order_by(Message.id.desc()).first().text == "One\ntwo\n\nthree"


def test_a_line_end_counts_once(alice, written):
    open_thread(alice)
    page = alice.submit(text="a\r\n" * 80 + "a" * 1600, status=422)
    assert page.says("1760 characters")
    assert alice.submit(text="a\r\n" * 80, leaves_at="2001-01-01T00:00", status=422).says("159 characters · 1 text")


def test_nobody_is_written_to_after_stop(alice, written, world, work, temporary):
    open_thread(alice)
    world.text(CALLER, temporary, "STOP")
    work()
    assert alice.submit(text="But…", status=409).says("They sent STOP and want no texts.")
    page = open_thread(alice)
    assert page.says("They sent STOP and want no texts.")
    assert not page.select("[name=text]")


@pytest.fixture
def weary(alice, world, temporary, work):
    """A customer's text asks in a sentence for no more texts."""
    world.text(CALLER, temporary, "Please stop texting me")
    work()


def test_a_sentence_that_asks_for_no_more_texts_is_suggested_and_changes_nothing(alice, weary, world, work):
    assert open_thread(alice).says("This reads like a wish for no more texts.")
    alice.submit(text="Sorry, do you mean all of them?")
    assert open_thread(alice).select("[name=text]")


def test_the_team_notes_the_wish_once_and_can_take_it_back(alice, bob, weary):
    open_thread(alice)
    alice.submit(button="Stop texting them")
    page = open_thread(bob)
    assert page.says("Your team noted that they want no texts.")
    assert not page.select("[name=text]")
    assert not page.says("This reads like a wish")

    bob.submit(button="They may be texted again")
    page = open_thread(alice)
    assert page.select("[name=text]")
    assert not page.says("This reads like a wish")


def test_after_a_stop_of_their_own_the_team_can_take_nothing_back(alice, weary, world, work, temporary):
    open_thread(alice)
    alice.submit(button="Stop texting them")
    world.text(CALLER, temporary, "“Opt-out”")
    work()
    page = open_thread(alice)
    assert page.says("They sent STOP and want no texts.")
    assert not page.says("They may be texted again")


def test_a_missed_call_stands_in_the_thread(alice, world, work, temporary):
    world.call(CALLER, temporary)
    work()
    page = open_thread(alice)
    assert page.select_one(".call-entry")


def test_the_thread_and_the_list_keep_themselves_up_to_date(alice, written):
    page = open_thread(alice)
    assert alice.open(page.select_one(".thread[data-refresh]")["data-refresh"]).select_one(".bubble-in")
    page = alice.get("inbox.show")
    assert alice.open(page.select_one("[data-refresh]")["data-refresh"]).select_one("li")


def test_a_conversation_that_does_not_exist_is_not_found(alice):
    assert alice.get("inbox.read", conversation_id=99, status=404).heading() == "We can’t find that"


def test_a_voicemail_can_be_heard_by_the_team_and_by_nobody_else(alice, charlie, world, work, temporary):
    world.call(CALLER, temporary, says="Please call me back.")
    work()
    page = open_thread(alice)
    recording = page.select_one("audio")["src"]
    heard = alice.client.get(recording)
    assert (heard.status_code, heard.mimetype.partition("/")[0]) == (200, "audio")
    assert page.says("Please call me back.")
    assert charlie.client.get(recording).status_code == 404


def test_each_piece_of_a_recorded_talk_can_be_heard_by_the_team_and_by_nobody_else(
    alice, charlie, services, world, work, temporary
):
    world.call(CALLER, temporary)
    work()
    with services.sessions.begin() as session:
        call = session.scalars(select(Call)).one()
        call.outcome, call.recording_url, call.recording_seconds = Outcome.ANSWERED, "https://carrier.example/1", 5
        call.recording_media, call.recording_type = services.media.put(b"one", "audio/mpeg"), "audio/mpeg"
        for name in ("two", "three"):
            media = services.media.put(name.encode(), "audio/mpeg")
            facts = {"url": f"https://carrier.example/{name}", "seconds": 7, "media": media}
            call.pieces.append(RecordedPiece(reference=name, media_type="audio/mpeg", **facts))
    players = open_thread(alice).select("audio")
    assert [player["aria-label"] for player in players] == [
        "The recorded talk",
        "The recorded talk, part 2",
        "The recorded talk, part 3",
    ]
    assert [alice.client.get(player["src"]).data for player in players] == [b"one", b"two", b"three"]
    assert [charlie.client.get(player["src"]).status_code for player in players] == [404, 404, 404]


def test_why_a_text_was_not_delivered_stands_beside_it(alice, world, work, temporary, clock):
    landline = "+14155553006"
    world.text(landline, temporary, "Hello")
    work()
    open_thread(alice)
    alice.submit(text="Until six.")
    work()
    clock.jump(timedelta(minutes=1))
    work()
    assert open_thread(alice).says("Not delivered · This is a landline. It can’t get texts.")


@pytest.fixture
def receive(alice, world, temporary, work):
    """Receive a text with an attachment of this declared type; the conversation's page."""

    def receive(content, media_type):
        text = world.text(CALLER, temporary, "Look", media=[media_type])
        world.attachments._contents[text.media[0].sid] = content
        work()
        return open_thread(alice)

    return receive


@pytest.mark.parametrize(
    ("content", "media_type", "named", "name"),
    [
        (b"BEGIN:VCARD\n" * 100, "text/vcard", "Contact card, 1 kB", "attachment-1.vcf"),
        (b"%PDF-1.4" + bytes(234_000), "application/pdf", "PDF, 234 kB", "attachment-1.pdf"),
        (bytes(1_250_000), "video/3gpp", "Video, 1.2 MB", "attachment-1.3gp"),
        (b"#!AMR\n", "audio/amr", "Sound recording, 1 kB", "attachment-1.amr"),
        (b"<script>alert(1)</script>", "text/html", "File, 1 kB", "attachment-1.bin"),
    ],
)
def test_what_cannot_be_shown_can_be_saved_and_runs_nowhere(alice, receive, content, media_type, named, name):
    page = receive(content, media_type)
    [link] = page.select(".bubble a[download]")
    assert link.text == named
    saved = alice.client.get(link["href"])
    assert saved.data == content
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in saved.headers["Content-Type"]
    assert saved.headers["Cache-Control"].startswith("private")


def test_a_strangers_file_is_not_another_teams(receive, charlie):
    [link] = receive(b"BEGIN:VCARD", "text/vcard").select(".bubble a[download]")
    assert charlie.client.get(link["href"]).status_code == 404


def test_a_file_is_nothing_to_look_at(alice, receive):
    [link] = receive(b"<svg onload=alert(1)>", "image/svg+xml").select(".bubble a[download]")
    for shown in ("pictures/1", "pictures/1/small"):
        assert alice.client.get(link["href"].replace("files/1", shown)).status_code == 404


def test_a_picture_that_cannot_be_read_says_so_and_can_be_saved(receive):
    page = receive(b"\xff\xd8\xff\xe0" + bytes(2000), "image/jpeg")
    assert page.says("Picture, 2 kB We can’t read this picture.")
    assert not page.select(".bubble img")


def test_a_file_too_large_to_keep_says_so(receive):
    assert receive(bytes(11_000_000), "video/mp4").says("Video, 11.0 MB: too large to be kept")


def test_an_attachment_that_never_comes_is_not_waited_for_without_end(alice, world, temporary, work, clock):
    world.faults.add("error", path="*/Media/*", status=503)
    world.text(CALLER, temporary, "Look", media=["image/jpeg"])
    work()
    assert open_thread(alice).says("Loading attachment")
    clock.jump(timedelta(hours=2))
    assert open_thread(alice).says("An attachment that could not be fetched")


def test_a_strangers_words_run_their_own_way_and_turn_nothing_around_them(alice, world, temporary, work):
    hebrew = "\u05e9\u05dc\u05d5\u05dd 123"
    world.text(CALLER, temporary, hebrew)
    work()
    listed = alice.get("inbox.show")
    page = open_thread(alice)
    alice.get("contacts.show", contact_id=1)
    alice.submit(name=hebrew, notes=hebrew)
    shown = [listed, page, open_thread(alice), alice.get("contacts.listing"), alice.get("contacts.show", contact_id=1)]
    for one in shown:
        found = one.find_all(string=lambda words: "\u05e9" in words)
        assert found
        for words in found:
            inside = [
                tag for tag in words.parents if tag.get("dir") == "auto" or tag.name in {"bdi", "title", "option"}
            ]
            assert inside, words.parent
