"""A team in one inbox: assignment, presence, notes, and saved replies."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, select, update

from service.accounts.models import Grant
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation, Message, Picture
from service.limits import Tries
from service.lines.models import Line
from service.spending.models import Destination
from service.time import now
from service.web.shell.words import spelled
from tests.factories import CALLER


@pytest.fixture
def temporary(line, services):
    from service.lines.inventory import numbers_of

    with services.sessions.begin() as session:
        return numbers_of(session, line.id)[0].number


@pytest.fixture
def written(alice, bob, world, temporary, work):
    """A customer has written."""
    world.text(CALLER, temporary, "Are you open?")
    work()


@pytest.fixture
def there(written, services):
    """The conversation's id."""
    with services.sessions() as session:
        return session.scalars(select(Conversation.id)).one()


@pytest.fixture
def go_on(work, clock):
    def go_on(ahead=timedelta(minutes=1)):
        work()
        clock.jump(ahead)
        work()

    return go_on


def read(reader, there, **more):
    return reader.get("inbox.read", conversation_id=there, **more)


def photograph(size=(3000, 2000)):
    file = BytesIO()
    Image.effect_noise(size, 60).save(file, "JPEG")
    return file.getvalue()


def post(reader, endpoint, data, *, status=None, **values):
    token = reader.page.select_one("main [name=csrf_token]")["value"]
    answer = reader.client.post(
        reader.address(endpoint, **values),
        data={"csrf_token": token, **data},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    for sent in (answer, *answer.history):
        sent.request.environ["wsgi.input"].close()  # a large upload is a file
    return reader._read(answer, status or answer.status_code)


def test_what_is_done_leaves_the_inbox_and_comes_back_when_they_write(alice, there, world, temporary, work):
    read(alice, there)
    assert alice.submit(button="Done").says("Marked as done. It reopens when they write or call.")
    assert not alice.page.select(".conversation-list li")
    assert alice.get("inbox.show", view="done").select(".conversation-list li")
    world.text(CALLER, temporary, "One more thing")
    work()
    assert alice.get("inbox.show").select(".conversation-list li")


def test_a_conversation_is_snoozed_until_tomorrow(alice, there, services):
    read(alice, there)
    post(alice, "handling.snooze", {"until": alice.page.select("[name=until]")[1]["value"]}, conversation_id=there)
    assert not alice.page.select(".conversation-list li")
    with services.sessions() as session:
        until = session.scalars(select(Conversation.snoozed_until)).one()
    assert until.isoformat() == "2026-03-03T17:00:00+00:00"  # nine in Los Angeles
    assert read(alice, there).says("Snoozed until")


def test_nothing_is_snoozed_into_the_past(alice, there):
    read(alice, there)
    post(alice, "handling.snooze", {"until": "2020-01-01T09:00"}, conversation_id=there)
    assert alice.page.says("Choose a time that is still to come.")


def test_a_conversation_is_given_to_a_colleague(alice, bob, there):
    read(alice, there)
    colleague = next(button["value"] for button in alice.page.select("[name=assignee]") if button.text == "Bob")
    post(alice, "handling.assign", {"assignee": colleague}, conversation_id=there)
    assert bob.get("inbox.show", view="mine").select(".conversation-list li")
    assert not alice.get("inbox.show", view="mine").select(".conversation-list li")


def test_a_note_calls_a_colleague_and_leaves_no_house(alice, bob, there, world, go_on):
    assert read(alice, there).says("@alice and @bob")
    page = alice.submit(note="What do you think, @bob?")
    assert page.select_one(".note").text.split()[:3] == ["What", "do", "you"]
    assert bob.get("inbox.show").says("@ you")
    go_on()
    assert world.phone(CALLER).texts == []


def test_an_empty_note_is_refused_beside_its_field(alice, there):
    read(alice, there)
    assert alice.submit(note=" ", status=422).says("Write something first.")


def test_an_answer_that_was_overtaken_is_kept_and_can_still_be_sent(alice, bob, there, world, go_on):
    read(alice, there)
    read(bob, there)
    alice.submit(text="We open at nine.")
    page = bob.submit(text="At nine!", status=409)
    assert page.says("Alice replied while you were writing")
    assert page.kept("text").strip() == "At nine!"
    assert [bubble.text for bubble in page.select(".bubble-out .words")] == ["We open at nine."]
    bob.submit(text="At nine!")
    go_on()
    assert [text.body for text in world.phone(CALLER).texts] == ["We open at nine.", "At nine!"]


def test_a_form_that_is_sent_twice_sends_one_text(alice, there, services):
    read(alice, there)
    form = {"text": "We open at nine.", "seen": "0"}
    post(alice, "answers.reply", form, conversation_id=there)
    post(alice, "answers.reply", form, conversation_id=there)
    with services.sessions() as session:
        assert len(session.scalars(select(Message).where(Message.direction == "out")).all()) == 1


def test_pictures_go_out_smaller_than_they_came_and_show_in_the_thread(alice, there, services, world, go_on):
    read(alice, there)
    pictures = [(BytesIO(photograph()), "one.jpg"), (BytesIO(photograph((40, 40))), "two.jpg")]
    page = post(alice, "answers.reply", {"text": "", "seen": "0", "pictures": pictures}, conversation_id=there)
    assert len(page.select(".bubble-out img")) == 2
    go_on()
    with services.sessions() as session:
        kept = session.scalars(select(Picture.media)).all()
        assert session.scalars(select(Message.status).where(Message.direction == "out")).one() == "delivered"
    assert sum(len(services.media.get(name)) for name in kept) < 5_000_000
    small = alice.client.get(page.select_one(".bubble-out img")["src"])
    assert (small.status_code, small.mimetype) == (200, "image/webp")


def test_pictures_of_an_answer_that_was_sent_twice_are_kept_once(alice, there, media):
    read(alice, there)
    for _ in range(2):
        sent = {"text": "Look", "seen": "0", "pictures": [(BytesIO(photograph((40, 40))), "one.jpg")]}
        post(alice, "answers.reply", sent, conversation_id=there)
        assert len([path for path in media.rglob("*") if path.is_file()]) == 2, "the picture and its thumbnail"


def test_what_is_no_picture_is_refused_with_the_words_kept(alice, there, services):
    read(alice, there)
    sent = {"text": "Look", "seen": "0", "pictures": [(BytesIO(b"%PDF-1.4"), "bill.jpg")]}
    page = post(alice, "answers.reply", sent, conversation_id=there)
    assert page.wrong()["pictures"] == "Choose pictures only: JPEG, PNG, GIF or WebP, up to 10 MB each."
    assert page.kept("text").strip() == "Look"
    with services.sessions() as session:
        assert session.scalars(select(Picture)).all() == []


def test_pictures_that_cannot_go_to_a_number_are_not_asked_for_and_refused_with_the_words_kept(
    alice, services, line, app, monkeypatch
):
    settings = replace(services.settings, countries=("US", "SE"))
    monkeypatch.setitem(app.extensions, "services", replace(services, settings=settings))
    with services.sessions.begin() as session:
        session.add(Destination(workspace_id=line.workspace_id, country="SE", allowed_at=now()))
        abroad = conversation_with(session, session.get_one(Line, line.id), "+46701234567").id
    assert not read(alice, abroad).select("[name=pictures]")
    assert alice.page.says("Pictures can’t go from this line to that number, only words.")
    sent = {"text": "Look", "seen": "0", "pictures": [(BytesIO(photograph((40, 40))), "one.jpg")]}
    page = post(alice, "answers.reply", sent, conversation_id=abroad)
    assert page.wrong()["pictures"] == "Pictures can’t go from this line to that number, only words."
    assert page.kept("text").strip() == "Look"


def test_a_text_for_later_waits_leaves_and_can_be_taken_back(alice, there, world, go_on, clock, services):
    from service.schedule.due_conversations import send_later_texts

    read(alice, there)
    page = alice.submit(text="Fresh bread!", leaves_at="2026-03-03T06:00")
    assert page.select_one(".bubble-later .words").text == "Fresh bread!"
    page = alice.submit(button="Cancel")
    assert page.kept("text").strip() == "Fresh bread!"
    assert not page.select(".bubble-later")
    page = post(alice, "answers.reply", {"text": "Buns!", "leaves_at": "2026-03-03T06:00"}, conversation_id=there)
    clock.jump(timedelta(days=1))
    send_later_texts(services)
    go_on()
    assert [text.body for text in world.phone(CALLER).texts] == ["Buns!"]


def test_a_time_that_is_over_is_refused_beside_its_field(alice, there):
    read(alice, there)
    page = alice.submit(text="Fresh bread!", leaves_at="2020-01-01T06:00", status=422)
    assert set(page.wrong()) == {"leaves_at"}
    assert page.kept("text").strip() == "Fresh bread!"


def test_a_saved_reply_stands_in_the_field_filled_in(alice, bob, there):
    alice.get("replies.listing")
    assert alice.submit(title="Hours", text="Hi {nam}", status=422).says(
        "Something in braces is none of the words that are filled in."
    )
    alice.submit(title="Hours", text="Hi {name}, {business} opens at nine. {me}")
    chosen = read(bob, there).select_one("[data-insert]")
    assert chosen["data-insert"] == "Hi, Alice's Bakery opens at nine. Bob"
    assert bob.open(chosen["href"]).kept("text").strip() == "Hi, Alice's Bakery opens at nine. Bob"
    bob.open(bob.get("replies.listing").select_one("main .next a")["href"])
    post(bob, "replies.change", {"drop": "yes"}, reply_id=1)
    assert not bob.page.select("main .next a")


def test_a_contact_has_a_name_and_notes(alice, there):
    page = read(alice, there)
    alice.open(page.find("a", string="Add name")["href"])
    alice.submit(name="Karin", company="Lindqvist Studio", email="Karin@Lindqvist.example", notes="Likes rye")
    page = read(alice, there)
    assert page.heading() == "Karin"
    assert page.says("Likes rye")
    assert page.says("Lindqvist Studio")
    assert page.select_one(".inbox-about a[href^=mailto]").text == "karin@lindqvist.example"
    for words in ("rye", "studio", "karin@lindqvist.example"):
        assert alice.get("contacts.listing", q=words).says("Karin")
    assert alice.get("contacts.listing", q="wheat").says("No results.")


def test_who_wrote_on_a_line_that_a_helper_does_not_see_is_nobody_to_them(alice, bob, there, services):
    with services.sessions.begin() as session:
        contact_id = session.get_one(Conversation, there).contact_id
    assert bob.get("contacts.show", contact_id=contact_id)
    assert bob.get("contacts.listing").says("(415) 555‑0123")
    with services.sessions.begin() as session:
        session.execute(delete(Grant))
    assert bob.get("contacts.listing").says("No one yet.")
    assert bob.get("contacts.show", contact_id=contact_id, status=404)


def test_a_first_text_is_written_to_a_number_in_any_spelling(alice, line, services):
    alice.get("contacts.ask")
    refused = {
        "12": "That’s not a complete phone number. Include the area code.",
        "+80012345678": "This number doesn’t belong to a country, so we can’t use it here.",
        "72345": "That’s a short code, which works in one country only. Enter a full phone number.",
        "(415) 555-0123 x12": "Extensions don’t work here. Enter the number without the extension.",
        "070-123 45 67": (
            "For a number outside the US and Canada, start with + and the country code, like +46 for Sweden."
        ),
    }
    for typed, said in refused.items():
        assert alice.submit(number=typed, status=422).wrong() == {"number": said}
    assert alice.submit(number="(415) 555-0177").heading() == "(415) 555‑0177"


def test_words_are_searched_and_quoted(alice, there):
    page = alice.get("inbox.show", q="OPEN?")
    assert page.select_one(".conversation-list .preview").text.strip() == "Are you open?"
    assert alice.get("inbox.show", q="closed").says("No results.")


def test_a_note_and_a_contact_are_found_with_their_words_marked(alice, there):
    read(alice, there)
    alice.submit(note="Allergic to walnuts")
    row = alice.get("inbox.show", q="walnut").select_one(".conversation-list .preview")
    assert (row.select_one("mark").text, row.text.strip()) == ("walnuts", "Allergic to walnuts")
    alice.get("contacts.blank")
    alice.submit(number="415 555 0177", name="Walter Almond", company="Nuts and more")
    page = alice.get("inbox.show", q="almond")
    assert page.select_one(".conversation-list a mark").text == "Almond"
    assert not page.says("No results.")
    assert len(page.select(".conversation-list li")) == 1


def test_a_contacts_page_has_their_calls_and_pictures(alice, there, world, temporary, work):
    world.call(CALLER, temporary)
    world.text(CALLER, temporary, "This cake", media=["image/jpeg"])
    work()
    page = alice.get("contacts.show", contact_id=1)
    assert page.select_one(".passed .about-calls span").text == "Missed call"
    assert len(page.select(".passed img")) == 1


def test_an_owner_says_how_the_inbox_works_and_a_helper_does_not(alice, bob, line):
    alice.get("inbox_settings.show", line_id=line.id)
    alice.submit(after_hours_text="We bake at night.")
    assert alice.page.kept("after_hours_text").strip() == "We bake at night."
    bob.get("inbox_settings.show", line_id=line.id)
    bob.submit(after_hours_text="Closed", status=403)


def test_a_page_that_has_everything_is_told_so(alice, bob, there, world, temporary, work):
    for path in (alice.address("inbox.latest"), alice.address("inbox.entries", conversation_id=there)):
        first = alice.client.get(path)
        again = alice.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        world.text(CALLER, temporary, "Hello?")
        work()
        assert alice.client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_who_else_is_there_and_writing_is_shown(alice, bob, there):
    read(bob, there)
    assert read(alice, there).says("Bob is viewing this")
    bob.client.get(bob.address("inbox.entries", conversation_id=there, typing=1))
    assert read(alice, there).says("Bob is replying")
    read(bob, there)
    bob.submit(text="At nine.")
    assert not read(alice, there).says("Bob is replying")


def test_what_is_typed_is_there_on_another_device_until_it_is_sent(alice, bob, there):
    read(alice, there)
    post(alice, "answers.keep", {"what": "answer", "words": "We open at"}, conversation_id=there, status=204)
    read(alice, there)
    post(alice, "answers.keep", {"what": "note", "words": "Ask Carla"}, conversation_id=there, status=204)
    page = read(alice, there)
    assert (page.kept("text").strip(), page.kept("note").strip()) == ("We open at", "Ask Carla")
    assert read(bob, there).kept("text").strip() == ""
    alice.page = page
    page = alice.submit(text="We open at nine.")
    assert (page.kept("text").strip(), page.kept("note").strip()) == ("", "Ask Carla")
    assert alice.submit(note="Ask Carla about it").kept("note").strip() == ""


@pytest.mark.parametrize(
    "data", [{"what": "poem", "words": "x"}, {"words": "x"}, {"what": "note", "words": "x" * 4001}]
)
def test_only_what_the_page_sends_is_kept(alice, there, data):
    read(alice, there)
    post(alice, "answers.keep", data, conversation_id=there, status=422)


def test_how_long_a_text_is_stands_below_it(alice, there):
    read(alice, there)
    sent = {"text": "ö" * 161, "seen": "0", "pictures": [(BytesIO(b"x"), "x.jpg")]}
    assert post(alice, "answers.reply", sent, conversation_id=there).says("161 characters · 2 texts")


@pytest.mark.parametrize(
    ("endpoint", "typed", "most"),
    [
        ("calls.begin", {"phone": "0"}, 60),
        ("on_the_line.add", {"phone": "0"}, 60),
        ("on_the_line.transfer", {"phone": "0"}, 60),
        ("on_the_line.ring", {"phone": "0"}, 60),
        ("on_the_line.hold", {}, 240),
        ("answers.reply", {"words": "Hello"}, 300),
    ],
    ids=["calls", "colleagues", "transfers", "phones", "holds", "texts"],
)
def test_nobody_calls_and_writes_more_often_than_people_do(alice, there, services, endpoint, typed, most):
    read(alice, there)
    pressed = alice.address(endpoint, conversation_id=there)
    data = {"csrf_token": alice.page.select_one("main [name=csrf_token]")["value"], **typed}
    assert alice.client.post(pressed, data=data).status_code < 429
    with services.sessions.begin() as session:
        session.execute(update(Tries).values(count=most))
    assert alice.client.post(pressed, data=data).status_code == 429


@pytest.mark.parametrize(
    ("endpoint", "typed", "most"),
    [
        ("calls.begin", {"phone": "0"}, 180),
        ("on_the_line.add", {"phone": "0"}, 180),
        ("answers.reply", {"words": "Hello"}, 900),
    ],
    ids=["calls", "colleagues", "texts"],
)
def test_what_many_members_do_counts_together(alice, bob, there, services, endpoint, typed, most):
    def press(person):
        read(person, there)
        data = {"csrf_token": person.page.select_one("main [name=csrf_token]")["value"], **typed}
        return person.client.post(person.address(endpoint, conversation_id=there), data=data).status_code

    assert press(alice) < 429
    with services.sessions.begin() as session:
        session.execute(update(Tries).values(count=most))
    assert press(bob) == 429


SIP_CALLER = "sip:anna@example.com"


def test_a_caller_with_a_sip_address_is_really_blocked(alice, world, temporary, work, services):
    world.call(SIP_CALLER, temporary)
    work()
    alice.open(alice.get("inbox.show").select_one(".conversation-list a")["href"])
    assert alice.page.heading() == SIP_CALLER
    assert alice.submit(button="Block number").says("They hear a busy signal")
    assert world.call(SIP_CALLER, temporary).status == "busy"
    assert alice.submit(button="Unblock number").says("Their calls are answered again.")
    assert world.call(SIP_CALLER, temporary).status != "busy"


def test_a_caller_who_hides_their_number_is_not_said_to_be_blocked(alice, world, temporary, work):
    world.call("anonymous", temporary)
    work()
    page = alice.open(alice.get("inbox.show").select_one(".conversation-list a")["href"])
    assert not page.says("Block number")
    token = {"csrf_token": page.select_one("main [name=csrf_token]")["value"]}
    assert alice.client.post(f"{alice.path}/block", data=token).status_code == 409


@pytest.mark.parametrize(
    ("later", "day", "listed"),
    [
        (0, "Today", r"\d+:\d\d.[AP]M"),
        (1, "Yesterday", "Yesterday"),
        (3, "Monday.*", "Mon"),
        (8, "Monday.*", "Mar 2"),
        (365, "Monday.*", "Mar 2, 2026"),
    ],
)
def test_a_day_stands_above_its_texts_and_in_the_list(alice, there, clock, later, day, listed):
    clock.jump(timedelta(days=later))
    page = read(alice, there)
    assert re.fullmatch(day, page.select_one(".thread-day").text)
    assert re.fullmatch(r"\d+:\d\d.[AP]M", page.select_one(".thread time").text)
    assert re.fullmatch(listed, page.select_one(".conversation-list time").text)


def test_texts_of_one_moment_show_their_time_once(alice, there, world, temporary, work, clock):
    for words in ("One more thing", "Two more"):
        world.text(CALLER, temporary, words)
        work()
    assert len(read(alice, there).select(".message-in .message-status")) == 1
    clock.jump(timedelta(minutes=6))
    world.text(CALLER, temporary, "Still there?")
    work()
    assert len(read(alice, there).select(".message-in .message-status")) == 2


def test_the_contact_stands_beside_the_conversation_with_calls_and_pictures(alice, there, world, temporary, work):
    world.call(CALLER, temporary)
    world.text(CALLER, temporary, "This cake", media=["image/jpeg"])
    work()
    beside = read(alice, there).select_one(".inbox-about")
    facts = [fact.get_text(" ") for fact in beside.select("dl > div")]
    assert facts == ["Assigned to No one yet", "Line Alice's Bakery", "First contact Today"]
    assert beside.select_one(".about-calls li span").text == "Missed call"
    assert len(beside.select(".about-files img")) == 1


def test_a_conversation_keeps_the_view_that_it_was_opened_from(alice, bob, there, services):
    alice.get("inbox.show", view="unassigned")
    page = alice.open(alice.page.select_one(".conversation-list a")["href"])
    assert page.select_one(".views [aria-current]").text == "Unassigned"
    page = alice.open(alice.get("inbox.show", q="open").select_one(".conversation-list a")["href"])
    assert page.select_one(".conversation-list mark").text == "open"


def test_a_caller_is_blocked_from_their_conversation_and_let_through_again(bob, alice, there, world, temporary, work):
    bob.get("inbox.read", conversation_id=there)
    assert bob.submit(button="Block number").says("They hear a busy signal")
    assert world.call(CALLER, temporary).status == "busy"
    work()
    assert bob.submit(button="Unblock number").says("Their calls are answered again.")
    assert world.call(CALLER, temporary).status != "busy"
    log = alice.get("changes.listing")
    assert log.says(f"Blocked {spelled(CALLER)}")
    assert log.says(f"Unblocked {spelled(CALLER)}")
