"""What can be done with a caller from the phone's window, by the rules and limits of the inbox."""

import pytest
from sqlalchemy import select

from service.calls.legs.models import Leg, Ringing
from service.inbox.models import Conversation
from service.lines.inventory import numbers_of
from service.lines.models import BrowserPhone, Phone
from tests.factories import CALLER
from tests.service.web.conftest import Page

OVEN, OUTSIDE = "+14155550134", "+12125550177"


@pytest.fixture
def opens(app, services, world):
    """Have a person's window be ready for calls; how they answer one."""
    app.config["WTF_CSRF_ENABLED"] = False

    def opens(reader, answers):
        reader.client.post(reader.address("phone.awake"))
        with services.sessions() as session:
            dialed = session.scalars(select(BrowserPhone.number).order_by(BrowserPhone.member_id.desc())).first()
        world.phone(dialed.replace("browser:", "client:"), answers=answers)

    return opens


@pytest.fixture
def call(alice, services, line, world, work, rings, opens):
    """A caller whom Alice has taken in her window, while the oven's phone rang as well."""
    rings(Oven=OVEN)
    world.phone(OVEN, answers="no-answer")
    opens(alice, "answer after 1")
    with services.sessions() as session:
        number = numbers_of(session, line.id)[0].number
    call = world.call(CALLER, number, says="Two rye loaves.", patience=3600)
    work.for_seconds(3)
    return call


@pytest.fixture
def leg(services, call):
    """Alice's leg."""
    with services.sessions() as session:
        return session.scalars(select(Ringing.taken_by)).one()


@pytest.fixture
def shown(alice, leg):
    return lambda reader=alice, **more: Page(
        reader.client.get(reader.address("phone.acts", leg_id=leg, **more)).text, "html.parser"
    )


@pytest.fixture
def act(alice, services, work, leg):
    """Press a button in the window, and choose a phone by its name; what the window shows then."""

    def act(name, phone="", number=""):
        with services.sessions() as session:
            there = session.scalars(select(Conversation.id)).one()
            chosen = session.scalar(select(Phone.id).where(Phone.name == phone)) if phone else ""
        address = alice.address(f"on_the_line.{name}", conversation_id=there)
        fields = {"leg": leg} | ({"number": number} if number else {"phone": chosen or ""})
        answer = alice.client.post(address, data=fields, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        work.for_seconds(2)
        return Page(answer.text, "html.parser")

    return act


def talks(call):
    return sum("talks in the conference" in words for words in call.transcript)


def phones_offered(page):
    return {button.text.strip() for button in page.select("#on_the_line-transfer button[name=phone]")}


def test_a_caller_is_held_and_resumed_in_the_window(act, shown, call):
    assert shown().says("Hold")
    held = act("hold")
    assert held.says("has put them on hold")
    assert any("hold-music" in words for words in call.transcript)
    resumed = act("resume")
    assert resumed.says("Hold")
    assert talks(call) == 2


def test_the_window_says_nothing_twice_and_has_no_links_that_would_end_the_call(shown):
    page = shown()
    assert not page.says("on the line since")
    assert not page.select("a")
    assert shown() == page, "what has not changed looks the same"


@pytest.mark.parametrize("chosen", [{"phone": "Oven"}, {"number": OUTSIDE}])
def test_a_caller_is_passed_on_to_a_phone_or_a_number_outside(act, call, world, work, chosen):
    world.phone(OVEN, answers="press:1 after 1")
    world.phone(OUTSIDE, answers="press:1 after 1")
    page = act("transfer", **chosen)
    assert page.says("We’re ringing the phone.")
    assert not page.select("form"), "the leg in the window is let go"
    work()
    assert talks(call) == 2


def test_a_caller_is_passed_on_to_a_colleague_whose_window_is_open(act, shown, call, bob, opens, work, services):
    assert phones_offered(shown()) == {"Oven"}, "not to oneself"
    opens(bob, "answer after 1")
    assert phones_offered(shown()) == {"Oven", "Bob"}
    act("transfer", phone="Bob")
    work.for_seconds(2)
    with services.sessions() as session:
        taker = session.get(Leg, session.scalars(select(Ringing.taken_by)).one())
        assert session.scalars(select(Phone.name).where(Phone.number == taker.number)).one() == "Bob"
    assert talks(call) == 2


def test_a_colleague_whose_window_is_closed_cannot_be_chosen(act, shown, bob, opens, services):
    opens(bob, "no-answer")
    bob.client.post(bob.address("phone.away"))
    assert phones_offered(shown()) == {"Oven"}
    assert act("transfer", phone="Bob").select_one(".notice-bad").text == "Choose one of the phones of the line."


def test_what_is_refused_is_said_in_the_window_and_the_talk_goes_on(act, call):
    page = act("transfer", number="+1 900 555 0123")
    assert "premium-rate" in page.select_one(".notice-bad").text
    assert page.says("Hold")
    assert act("resume").select_one(".notice-bad").text == "The call has moved on. Look at it again."
    assert talks(call) == 1


def test_what_came_of_an_act_is_not_taken_away_by_another_look(act, shown, alice, leg, services):
    with services.sessions() as session:
        there = session.scalars(select(Conversation.id)).one()
    alice.client.post(alice.address("on_the_line.resume", conversation_id=there), data={"leg": leg})
    assert not shown().select(".notice")
    assert shown(acted=1).select(".notice-bad")


def test_only_who_took_the_call_is_offered_something_and_while_it_lasts(shown, bob, charlie, leg, work):
    for other in (bob, charlie):
        assert other.client.get(other.address("phone.acts", leg_id=leg)).status_code == 404
    work()
    assert not shown().select("form"), "the call is over"


def test_a_note_is_written_while_talking(act, alice, bob, shown, services, leg):
    with services.sessions() as session:
        there = session.scalars(select(Conversation.id)).one()
    address = alice.address("on_the_line.note", conversation_id=there)
    assert [form["action"] for form in shown().select("#on_the_line-note form")] == [address]
    answer = alice.client.post(address, data={"leg": leg, "note": "Wants rye."}, follow_redirects=True)
    assert "Your note is in the conversation." in answer.text
    assert "on_the_line-note" in answer.text, "the window goes on"
    assert bob.get("inbox.read", conversation_id=there).says("Wants rye.")


def test_a_note_without_words_is_refused_in_the_window(alice, bob, services, leg):
    with services.sessions() as session:
        there = session.scalars(select(Conversation.id)).one()
    address = alice.address("on_the_line.note", conversation_id=there)
    answer = alice.client.post(address, data={"leg": leg, "note": " "}, follow_redirects=True)
    assert "Write something first." in answer.text
    assert not bob.get("inbox.read", conversation_id=there).select(".note")


def test_a_note_on_a_call_of_others_is_refused(charlie, services, leg):
    with services.sessions() as session:
        there = session.scalars(select(Conversation.id)).one()
    address = charlie.address("on_the_line.note", conversation_id=there)
    assert charlie.client.post(address, data={"note": "Hello"}).status_code == 404


def test_a_contact_whom_one_called_is_held_in_the_window_once_they_have_picked_up(alice, bob, line, world, work, opens):
    opens(alice, "answer after 1")
    world.phone(OUTSIDE, answers="answer after 4")
    call = alice.client.post(alice.address("phone.call"), data={"number": OUTSIDE, "line": line.id}).json["call"]
    address = alice.address("phone.acts_of_call", call_id=call)
    work.for_seconds(3)
    assert not Page(alice.client.get(address).text, "html.parser").select("form"), "it rings"
    work.for_seconds(5)
    page = Page(alice.client.get(address).text, "html.parser")
    hold = page.select_one("form[action$='/hold']")
    alice.client.post(hold["action"], data={"leg": hold.select_one("[name=leg]")["value"]})
    work.for_seconds(2)
    [contact] = [leg for leg in world.state.calls.values() if leg.to == OUTSIDE]
    assert any("hold-music" in words for words in contact.transcript)
    assert bob.client.get(address).status_code == 404
