"""What callers hear and which phones ring, on the line as the carrier plays it."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived, CallOutcome, KeyPressed, RingEnded, Unfamiliar
from provisioning.contract.voice import AskForKey, HangUp, Ring, Say, TakeMessage
from service.callback_addresses import read
from service.calls.answering import answer_call
from service.calls.changing import keep
from service.calls.nodes import MESSAGE, RING, Directory, Greeting, RingPhones, Voicemail, usual
from service.calls.owners import find_owners
from service.calls.queries import answering_at
from service.inbox.models import Call, Outcome
from service.language import Language
from service.lines.models import Line, NumberRole, Phone, PhoneNumber, Standing
from service.time import now
from tests.factories import a_line
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line, wear

BAKER = "+14155550131"
DRIVER = "+14155550132"
ARRIVAL = CallArrived("CA1", CALLER, OURS)


@pytest.fixture
def phones(session, line):
    session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate([BAKER, DRIVER]))
    session.flush()


@pytest.fixture
def answer(session, services):
    def answer(event, **query):
        return answer_call(session.connection(), services, "twilio", event, read(urlencode(query)))

    return answer


def test_a_call_rings_all_phones_of_the_line_and_shows_who_calls(line, phones, answer):
    [ring] = answer(ARRIVAL)
    assert isinstance(ring, Ring)
    assert (ring.numbers, ring.seconds, ring.caller_id) == ((BAKER, DRIVER), 20, CALLER)
    last = line.phones[-1].id
    assert ring.then_url.endswith(f"/webhooks/twilio/voice?step=rung&line={line.id}&node=ring&after={last}")


@pytest.fixture
def bob(session, line, phones):
    """A member with a phone on the line."""
    bob = a_member(session, line, "Bob")
    session.scalar(select(Phone).where(Phone.number == BAKER)).name = "bob"
    find_owners(session, line.workspace_id)
    return bob


def test_the_phone_of_somebody_off_duty_is_not_rung(session, bob, answer):
    assert answer(ARRIVAL)[0].numbers == (BAKER, DRIVER)
    bob.on_duty = False
    session.flush()
    assert answer(ARRIVAL)[0].numbers == (DRIVER,)


def test_a_phone_is_a_members_in_any_keyboards_spelling(session, line, bob):
    bob.user.name = "Åsa O’Brien"
    line.phones[0].name = "A\N{COMBINING RING ABOVE}sa  o'brien"
    find_owners(session, line.workspace_id)
    assert line.phones[0].user_id == bob.user_id


def test_with_nobody_on_duty_the_call_goes_on_at_once(session, line, bob, answer):
    nodes = {RING: RingPhones(MESSAGE, (line.phones[0].id,)), MESSAGE: Voicemail(Greeting("Later!"))}
    keep(session, line, replace(usual(), nodes=nodes))
    bob.on_duty = False
    session.flush()
    assert answer(ARRIVAL)[0] == Say("Later!", "en-US")


def test_who_is_off_duty_is_not_rung_from_the_directory_either(session, line, bob, answer):
    keep(session, line, replace(usual(), nodes={RING: Directory(MESSAGE), MESSAGE: Voicemail(Greeting("Later!"))}))
    bob.on_duty = False
    session.flush()
    assert answer(ARRIVAL)[0].prompt.text == "For bob, press 1."
    pressed = KeyPressed("CA1", "1", CALLER, OURS)
    assert answer(pressed, step="named", line=str(line.id), node=RING)[0] == Say("Later!", "en-US")


def test_a_name_that_two_people_have_makes_a_phone_nobodys(session, line, bob, answer):
    a_member(session, line, "Bob Baker").on_duty = bob.on_duty = False
    line.phones[1].name = "Bob"
    find_owners(session, line.workspace_id)
    session.flush()
    assert answer(ARRIVAL)[0].numbers == (DRIVER,)


def test_a_phone_stays_its_owners_whatever_it_is_called(session, line, bob, answer):
    line.phones[0].name = "Front desk"
    bob.on_duty = False
    find_owners(session, line.workspace_id)
    session.flush()
    assert answer(ARRIVAL)[0].numbers == (DRIVER,)


def test_a_plan_that_was_set_up_is_followed(session, line, phones, answer):
    nodes = {RING: RingPhones(MESSAGE, seconds=35, in_turn=True), MESSAGE: Voicemail(Greeting("We bake until noon."))}
    keep(session, line, replace(usual(), nodes=nodes))
    [ring] = answer(ARRIVAL)
    assert (ring.seconds, ring.numbers) == (35, (BAKER,))
    first, second = (phone.id for phone in line.phones)
    ended = RingEnded("CA1", CALLER, OURS, CallOutcome.BUSY)
    assert answer(ended, step="rung", line=str(line.id), node="ring", after=str(first))[0].numbers == (DRIVER,)
    spoken = answer(ended, step="rung", line=str(line.id), node="ring", after=str(second))[0]
    assert spoken == Say("We bake until noon.", "en-US")


@pytest.mark.parametrize("caller", ["anonymous", "", "72345"])
def test_a_caller_without_a_number_is_shown_as_the_number_that_was_dialled(phones, answer, caller):
    assert answer(CallArrived("CA1", caller, OURS))[0].caller_id == OURS


def test_every_number_that_the_line_wears_rings_the_same_phones(session, line, phones, answer):
    wear(session, line, "+14155552671", NumberRole.ARRIVING)
    assert answer(CallArrived("CA1", CALLER, "+14155552671"))[0].numbers == (BAKER, DRIVER)


def test_a_line_without_phones_takes_a_message_at_once(line, answer):
    greeting, message, end = answer(ARRIVAL)
    assert isinstance(greeting, Say)
    assert "Alice's Bakery" in greeting.text
    assert isinstance(message, TakeMessage)
    assert end == HangUp()


def test_a_number_that_no_line_holds_is_said_to_be_out_of_use(session, line, answer):
    line.numbers[0].standing = Standing.RELEASED
    session.flush()
    said, end = answer(ARRIVAL)
    assert "not in use" in said.text
    assert end == HangUp()


def test_a_phone_of_the_line_that_forwards_to_the_line_does_not_ring_in_circles(phones, answer):
    assert isinstance(answer(CallArrived("CA2", CALLER, OURS, forwarded_from=BAKER))[1], TakeMessage)


def test_the_old_number_may_forward_to_the_line(phones, answer):
    assert isinstance(answer(CallArrived("CA2", CALLER, OURS, forwarded_from="+14155559999"))[0], Ring)


def test_who_answers_is_asked_for_a_key_before_the_call_is_put_through(line, phones, answer):
    ask, end = answer(CallArrived("CA9", CALLER, BAKER), step="screen", line=str(line.id))
    assert isinstance(ask, AskForKey)
    assert ask.prompt.text == "A call for Alice's Bakery. Press 1 to take it."
    assert end == HangUp()


def test_the_voice_speaks_the_language_of_the_line(session, clock, answer):
    line = a_standing_line(session, language=Language.SWEDISH)
    assert answer(ARRIVAL)[0].language == "sv-SE"
    ask, _ = answer(CallArrived("CA9", CALLER, BAKER), step="screen", line=str(line.id))
    assert ask.prompt == Say("Samtal till Alice's Bakery. Tryck 1 för att svara.", "sv-SE")


@pytest.mark.parametrize(("key", "steps"), [("1", []), ("2", [HangUp()]), ("#", [HangUp()])])
def test_only_the_right_key_takes_the_call(line, answer, key, steps):
    assert answer(KeyPressed("CA9", key), step="key", line=str(line.id)) == steps


def test_after_a_talk_the_call_is_over(line, answer):
    event = RingEnded("CA1", CALLER, OURS, CallOutcome.ANSWERED)
    assert answer(event, step="rung", line=str(line.id)) == [HangUp()]


@pytest.mark.parametrize(
    "event",
    [
        *(RingEnded("CA1", CALLER, OURS, outcome) for outcome in CallOutcome if outcome is not CallOutcome.ANSWERED),
        Unfamiliar("dial status 'pondering'"),
    ],
)
def test_a_call_that_nobody_takes_becomes_a_message_even_if_the_carrier_uses_a_new_word(line, answer, event):
    assert isinstance(answer(event, step="rung", line=str(line.id))[1], TakeMessage)


@pytest.mark.parametrize("query", [{"step": "rung"}, {"step": "rung", "line": "x"}, {"step": "screen", "line": "99"}])
def test_a_step_of_no_line_ends_the_call(line, answer, query):
    assert answer(RingEnded("CA1", CALLER, OURS, CallOutcome.BUSY), **query) == [HangUp()]


@pytest.mark.parametrize("step", ["recorded", "dance"])
def test_after_the_message_or_an_unknown_step_the_call_ends(answer, step):
    assert answer(ARRIVAL, step=step) == [HangUp()]


def test_an_arrival_that_cannot_be_understood_is_turned_away_politely(answer):
    assert isinstance(answer(Unfamiliar("voice without 'To'"))[0], Say)


def test_a_ringing_phone_waits_for_one_trip_to_the_database_only(session, line, phones, tmp_path):
    connection = session.connection()
    for _ in range(6):  # preparing a statement, after five runs, costs a round trip
        answering_at(connection, ARRIVAL, now())
    wire = connection.connection.driver_connection.pgconn
    with (tmp_path / "wire").open("w") as told:
        wire.trace(told.fileno())
        assert [phone.number for phone in answering_at(connection, ARRIVAL, now()).phones] == [BAKER, DRIVER]
        wire.untrace()
    assert (tmp_path / "wire").read_text().count("Sync") == 1


class Played:
    """A line with a real number of the carrier's, and two phones."""

    def __init__(self, services, world):
        self.services, self.world = services, world
        with services.sessions() as session:
            self.number = session.scalars(select(PhoneNumber.number)).one()

    def call(self, **how):
        return self.world.call(CALLER, self.number, **how)

    def calls(self):
        with self.services.sessions() as session:
            return list(session.scalars(select(Call)))


@pytest.fixture
def played(services, world, work):
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate([BAKER, DRIVER]))
    return Played(services, world)


def test_a_call_that_is_taken_is_in_the_inbox_as_answered(played, work):
    played.world.phone(BAKER, answers="press:1")
    played.call()
    work()
    assert [(call.outcome, call.number) for call in played.calls()] == [(Outcome.ANSWERED, played.number)]


def test_a_call_that_nobody_takes_leaves_a_message_with_its_words(played, work):
    played.call(answers={BAKER: "no-answer", DRIVER: "busy"}, says="Two rye loaves, please.")
    work()
    [call] = played.calls()
    assert (call.outcome, call.transcript) == (Outcome.VOICEMAIL, "Two rye loaves, please.")
    assert call.voicemail_seconds > 0
    with played.services.sessions() as session:
        assert session.get_one(Call, call.id).voicemail_media


def test_a_message_that_was_not_ready_when_it_was_told_is_fetched_once_it_is(played, work, world):
    world.faults.add("error", path="*/Recordings/*", count=1, status=404)
    played.call(answers={BAKER: "no-answer", DRIVER: "busy"}, says="Two rye loaves, please.")
    work()
    assert [bool(call.voicemail_media) for call in played.calls()] == [True]


def test_the_voicemail_of_a_mobile_does_not_swallow_the_call(played, work):
    played.call(answers={BAKER: "voicemail", DRIVER: "no-answer"}, says="Hello?")
    work()
    assert [call.outcome for call in played.calls()] == [Outcome.VOICEMAIL]


def test_a_caller_who_says_nothing_has_missed_us(played, work):
    played.call(answers={BAKER: "no-answer", DRIVER: "no-answer"})
    work()
    assert [call.outcome for call in played.calls()] == [Outcome.MISSED]
