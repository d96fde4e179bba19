"""The card of a call that is under way: who talks, and what the team can do with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from service.accounts.models import Member
from service.calls.changing import keep
from service.calls.legs.models import Ringing
from service.calls.nodes import usual
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Conversation, Direction, Outcome
from service.lines.inventory import numbers_of
from service.lines.models import Phone
from service.time import now
from tests.factories import CALLER

EMERGENCY = "You can’t call emergency services from here. Dial 911 on a mobile phone or landline."
FLOWERS = "In digits, that’s (800) 356-9377."
BOB, OVEN = "+14155550131", "+14155550134"


@pytest.fixture
def call(alice, bob, services, line, world, work, rings):
    """Phones ring for a caller; Bob will take the call after two seconds."""
    rings(Bob=BOB, Oven=OVEN)
    world.phone(BOB, answers="press:1 after 2")
    world.phone(OVEN, answers="no-answer")
    with services.sessions() as session:
        number = numbers_of(session, line.id)[0].number
    call = world.call(CALLER, number, says="Two rye loaves.", patience=3600)
    work.for_seconds(1)
    return call


@pytest.fixture
def there(services, call):
    with services.sessions() as session:
        return session.scalars(select(Conversation.id)).one()


@pytest.fixture
def act(app, alice, services, work, there):
    """Press a button of the card, and choose a phone by its name; the page that is shown then."""
    app.config["WTF_CSRF_ENABLED"] = False

    def act(name, phone="", number=""):
        with services.sessions() as session:
            chosen = session.scalar(select(Phone.id).where(Phone.name == phone))
        address = alice.address(f"on_the_line.{name}", conversation_id=there)
        answer = alice.client.post(address, data={"number": number} if number else {"phone": chosen or phone})
        assert answer.status_code == 302, answer.text
        page = alice.get("inbox.read", conversation_id=there)
        work.for_seconds(2)
        return page

    return act


@pytest.fixture
def shown(alice, there):
    return lambda: alice.get("inbox.read", conversation_id=there)


def test_the_card_shows_who_rings_who_talks_and_what_was_done(act, shown, work, clock):
    assert shown().says("Take this call")
    work.for_seconds(3)
    assert shown().says("Bob is on the line since")
    assert act("hold").says("Bob has put them on hold")
    assert act("resume").says("Bob is on the line")
    assert act("park").says("Parked. Anyone can take this call.")
    clock.jump(timedelta(minutes=5))
    work()
    assert not shown().select(".on-the-line")


def test_the_card_tells_when_the_recording_has_paused(services, line, call, act, shown, work):
    with services.sessions.begin() as session:
        session.execute(update(Ringing).values(recorded=True))
    work.for_seconds(3)
    assert shown().says("This call is recorded.")
    assert act("pause_recording").says("Pausing the recording. Wait until it’s paused")
    work.for_seconds(10)
    assert shown().says("The recording is paused. Resume it once the card number has been read out.")
    assert shown().says("Resume recording")
    act("resume_recording")
    assert shown().says("This call is recorded.")
    assert shown().says("Pause recording")


def test_a_call_is_passed_on_to_a_phone_of_the_line(call, act, world, work):
    work.for_seconds(3)
    world.phone(OVEN, answers="press:1 after 1")
    page = act("transfer", phone="Oven")
    assert page.says("We’re ringing the phone.")
    assert page.says("If no one answers, the phone that transferred the call rings again")
    work()
    assert sum("talks in the conference" in words for words in call.transcript) == 2


def test_a_call_is_passed_on_to_a_number_outside(call, act, services, world, work):
    work.for_seconds(3)
    with services.sessions.begin() as session:  # whose page is noted in this request
        session.execute(update(Member).values(seen_at=None))
    world.phone("+12125550177", answers="press:1 after 1")
    assert act("transfer", number="(212) 555-0177").says("We’re ringing the phone.")
    work()
    assert sum("talks in the conference" in words for words in call.transcript) == 2


@pytest.mark.parametrize(
    ("number", "why"),
    [("+1 900 555 0123", "premium-rate"), ("911", EMERGENCY), ("9-1-1", EMERGENCY), ("1-800-FLOWERS", FLOWERS)],
)
def test_a_number_that_may_not_be_called_is_refused(act, shown, work, number, why):
    work.for_seconds(3)
    page = act("transfer", number=number)
    assert why in page.text
    assert not page.says("We’re ringing the phone.")
    assert shown().says("Bob is on the line")


@pytest.mark.parametrize(
    ("name", "phone", "why"),
    [
        ("hold", "", "The call has moved on. Look at it again."),
        ("ring", "999", "Choose one of the phones of the line."),
        ("ring", "", "Choose one of the phones of the line."),
    ],
)
def test_what_cannot_be_done_is_said_as_a_refusal(act, name, phone, why):
    assert act(name, phone).select_one(".notice-bad").text == why


def test_a_call_that_is_over_offers_nothing(act, work):
    work()
    page = act("hold")
    assert page.says("This call is over.")
    assert not page.select(".on-the-line")


def test_another_business_cannot_touch_the_call(app, charlie, call, there, work):
    app.config["WTF_CSRF_ENABLED"] = False
    work.for_seconds(3)
    address = charlie.address("on_the_line.hold", conversation_id=there)
    assert charlie.client.post(address).status_code == 404
    work.for_seconds(1)
    assert not any("hold-music" in words for words in call.transcript)


@pytest.fixture
def with_call(alice, services, line):
    """The page of a conversation with such a call, and what the line's plan is."""

    def with_call(plan=None, **facts):
        with services.sessions.begin() as session:
            keep(session, session.merge(line), plan or usual())
            conversation = conversation_with(session, session.merge(line), CALLER)
            session.add(Call(conversation=conversation, number="+16145550101", **facts))
            session.flush()
            there = conversation.id
        return alice.get("inbox.read", conversation_id=there)

    return with_call


def test_a_call_that_rang_a_single_phone_says_why_nothing_can_be_done_with_it(with_call):
    page = with_call(answered_on=BOB, answered_at=now())
    assert page.says("is on the line since")
    assert page.says("Answered call")
    assert not page.says("Ringing now")
    assert page.says("It rang a single phone, so it can’t be put on hold, parked or transferred here.")
    assert not page.select(".on-the-line button")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"answered_on": BOB, "outcome": Outcome.ANSWERED},
        {"answered_on": BOB, "at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_one_that_is_not_taken_yet_or_over_says_nothing(with_call, facts):
    assert not with_call(**facts).select(".on-the-line")


def test_a_recorded_call_is_held_and_its_recording_paused_on_a_single_phone_too(
    alice, bob, services, line, world, work, rings
):
    rings(Bob=BOB)
    world.phone(BOB, answers="press:1 after 2")
    with services.sessions.begin() as session:
        keep(session, session.merge(line), replace(usual(), recorded=True))
        number = numbers_of(session, line.id)[0].number
    world.call(CALLER, number, patience=3600)
    work.for_seconds(4)
    with services.sessions() as session:
        there = session.scalars(select(Conversation.id)).one()
    page = alice.get("inbox.read", conversation_id=there)
    assert page.says("Pause recording")
    assert page.says("Transfer call")


def test_recording_that_is_switched_on_during_a_call_begins_with_the_next_one_which_can_pause(
    act, alice, there, call, line, world, work
):
    work.for_seconds(3)
    alice.get("callers.show", line_id=line.id)
    alice.submit(recorded="true")
    assert not act("hold").says("Pause recording"), "nobody was told of a recording"
    act("resume")
    work()
    assert not call.recordings
    again = world.call(CALLER, call.to, patience=3600)
    work.for_seconds(4)
    assert "says “This call is recorded.”" in again.transcript
    act("pause_recording")
    assert alice.get("inbox.read", conversation_id=there).says("Resume recording")
    assert "the recording is paused" in again.transcript
    work()
    assert again.recordings


def test_a_call_out_that_rings_says_what_can_be_done_once_they_answer(with_call):
    page = with_call(usual(), direction=Direction.OUT)
    assert page.says("Once they answer, you can put them on hold or transfer the call.")


@pytest.mark.parametrize("recorded", [False, True])
def test_a_call_out_that_had_to_ring_in_one_step_says_what_cannot_be_done_with_it(with_call, recorded):
    page = with_call(replace(usual(), recorded=recorded), direction=Direction.OUT, reference="CA-in-one-step")
    assert page.says("This call can’t be put on hold or transferred.")
    assert page.says("the recording can’t be paused") is recorded


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("always", "They heard that the call is recorded. This line always says so."),
        ("unknown", "They heard that the call is recorded, as we can’t tell where one of the phones is from."),
        ("not-asked", "They didn’t hear that the call is recorded. No law where the numbers are from asks for it."),
        ("US-WA", "They heard that the call is recorded, as the law in Washington State asks for it."),
        ("SE", "They heard that the call is recorded, as the law in Sweden asks for it."),
        ("", ""),
    ],
)
def test_a_recorded_call_says_who_heard_of_it_and_why(with_call, why, words):
    recording = {"recording_url": "https://carrier.example/1", "announced_for": why}
    page = with_call(outcome=Outcome.ANSWERED, **recording)
    assert page.says(words) if words else not page.says("hear that the call is recorded")
