"""Call plans as the sandbox plays them; the simulation shown to the team takes the same steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import KeyPressed
from provisioning.contract.voice import AskForKey, Ring, Say
from service.callback_addresses import Addresses, Carried, Step
from service.calls.changing import keep
from service.calls.nodes import (
    Announce,
    Directory,
    Forward,
    Forwarding,
    Goodbye,
    Greeting,
    Hidden,
    Hours,
    Menu,
    RingPhones,
    Span,
    Voicemail,
    When,
    usual,
)
from service.calls.plan_walk import Walk, answer
from service.calls.queries import answering_on
from service.calls.simulation import SimulatedCaller, simulate_call
from service.inbox.models import Call, Conversation, Outcome
from service.lines.models import Line, Phone, PhoneNumber
from tests.factories import CALLER
from tests.sandbox.conftest import play_calls

BAKER, DRIVER, OFFICE = "+14155550131", "+14155550132", "+14155550133"
NINE_TO_FIVE = (Span(9 * 60, 17 * 60),)
OFFICE_HOURS = Hours("America/Los_Angeles", (NINE_TO_FIVE,) * 5 + ((), ()))
SHOW_IT = "Callers who hide their number are not put through here. Please call again with your number shown."
LEAVE = "No one can take your call right now. Please leave a message after the tone."


class Bakery:
    """A line with two phones and a number held at the sandbox, whose call plan a test sets."""

    def __init__(self, services, world):
        self.services, self.world = services, world
        with services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            phones = [Phone(line_id=line.id, number=BAKER, name="Bob", position=0)]
            phones.append(Phone(line_id=line.id, number=DRIVER, name="Dora", position=1))
            session.add_all(phones)
            session.flush()
            self.bob, self.dora = (phone.id for phone in phones)
            self.line_id, self.number = line.id, session.scalars(select(PhoneNumber.number)).one()

    def plan(self, nodes=None, **changes):
        plan = replace(usual(), **changes)
        with self.services.sessions.begin() as session:
            line = session.get_one(Line, self.line_id)
            keep(session, line, replace(plan, nodes={**plan.nodes, **(nodes or {})}))

    def hear(self, caller=CALLER, **how):
        """What is heard and done in a call while no worker runs, so that phones ring in one step after a wait."""
        call = self.world.call(caller, self.number, **how)
        play_calls(self.world)
        return [words for words in call.transcript if "queue" not in words and "ringback" not in words]

    def line(self):
        with self.services.sessions() as session:
            return answering_on(session.connection(), self.line_id)

    def tried(self, caller, at):
        return list(simulate_call(self.line(), caller, self.number, at))

    def calls(self):
        with self.services.sessions() as session:
            return list(session.scalars(select(Call)))


@pytest.fixture
def bakery(services, world, work, numbered):
    return Bakery(services, world)


@pytest.fixture
def menu(bakery):
    bakery.plan(
        {
            "hello": Announce("menu", Greeting("Good day.")),
            "menu": Menu({"1": "ring", "2": "names", "3": "office", "9": "menu"}, "message", Greeting("Press a key.")),
            "names": Directory("message"),
            "office": Forward(OFFICE, "bye"),
            "bye": Goodbye(Greeting("Try later.")),
        },
        opening="hello",
    )


def test_a_key_pressed_while_a_recording_is_announced_goes_on(bakery, clock):
    to, told = Addresses("https://us.test"), Carried(Step.ANNOUNCED)
    assert answer(bakery.line(), to, KeyPressed("CA1", "5", CALLER, BAKER), told, clock.now()) == []


@pytest.mark.usefixtures("menu")
def test_a_menu_leads_where_its_key_says(bakery):
    heard = bakery.hear(keys="3", answers={OFFICE: "no-answer"})
    assert heard[:4] == ["says “Good day.”", "says “Press a key.”", "keys 3", f"rings {OFFICE}"]
    assert heard[-2:] == ["says “Try later.”", "hangs up"]


@pytest.mark.usefixtures("menu")
def test_a_key_may_lead_back_to_the_menu(bakery):
    heard = bakery.hear(keys="9 1", answers={BAKER: "press:1"})
    assert heard.count("says “Press a key.”") == 2
    assert f"rings {BAKER}" in heard


@pytest.mark.usefixtures("menu")
def test_who_presses_nothing_goes_the_other_way(bakery):
    heard = bakery.hear(says="Two rye loaves.")
    assert heard[2:] == [
        "keys nothing",
        f"says “You have reached Alice's Bakery. {LEAVE}”",
        "beep",
        "records “Two rye loaves.”",
        "the caller hangs up",
    ]


@pytest.mark.usefixtures("menu")
def test_a_wrong_key_is_asked_again_once(bakery):
    heard = bakery.hear(keys="7 8")
    assert heard.count("says “That’s not one of the choices.”") == 2
    assert heard.count("says “Press a key.”") == 2
    assert "beep" in heard


@pytest.mark.usefixtures("menu")
def test_the_directory_reads_names_and_rings_the_one_chosen(bakery):
    heard = bakery.hear(keys="2 2", answers={DRIVER: "press:1"})
    assert "says “For Bob, press 1. For Dora, press 2.”" in heard
    assert [line for line in heard if line.startswith("rings")] == [f"rings {DRIVER}"]


def test_a_long_directory_is_read_in_parts(bakery, services):
    with services.sessions.begin() as session:
        session.add_all(
            Phone(line_id=bakery.line_id, number=f"+1415555020{at}", name=f"Helper {at}", position=2 + at)
            for at in range(8)
        )
    bakery.plan({"names": Directory("message")}, opening="names")
    heard = bakery.hear(keys="9 2", answers={"+14155550207": "press:1"})
    assert "For more names, press 9." in heard[0]
    assert heard[2] == "says “For Helper 6, press 1. For Helper 7, press 2.”"
    assert "rings +14155550207" in heard


def test_a_menu_without_a_greeting_reads_out_its_choices(bakery):
    bakery.plan({"menu": Menu({"1": "ring", "2": "message"}, "message")}, opening="menu")
    assert bakery.hear()[0] == "says “Welcome to Alice's Bakery. For our team, press 1. For voicemail, press 2.”"


def test_after_hours_no_phone_rings(bakery, clock):
    bakery.plan(hours=OFFICE_HOURS)
    assert clock.now() == datetime(2026, 3, 2, 15, tzinfo=UTC)  # seven in the morning there
    assert not any(line.startswith("rings") for line in bakery.hear())
    clock.jump(timedelta(hours=3))
    assert any(line.startswith("rings") for line in bakery.hear())


def test_only_the_phones_of_a_step_ring(bakery):
    bakery.plan({"ring": RingPhones("message", (bakery.dora,))})
    assert [line for line in bakery.hear() if line.startswith("rings")] == [f"rings {DRIVER}"]


def test_phones_in_turn_ring_one_after_the_other(bakery):
    bakery.plan({"ring": RingPhones("message", in_turn=True)})
    heard = bakery.hear(answers={BAKER: "no-answer", DRIVER: "press:1"})
    assert heard.index(f"{BAKER} does not answer") < heard.index(f"rings {DRIVER}")


def test_a_blocked_caller_hears_that_the_line_is_busy_and_nobody_is_disturbed(bakery, work, services):
    bakery.plan(blocked=(CALLER,))
    assert bakery.hear() == ["rejects the call (busy)"]
    work()
    assert [call.outcome for call in bakery.calls()] == [Outcome.BLOCKED]
    with services.sessions() as session:
        assert session.scalars(select(Conversation.heard)).all() == [0]


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        (Hidden.RING, f"rings {BAKER}"),
        (Hidden.VOICEMAIL, f"says “You have reached Alice's Bakery. {LEAVE}”"),
        (
            Hidden.TURN_AWAY,
            "says “Callers who hide their number are not put through here. Please call again with your number shown.”",
        ),
    ],
)
def test_hidden_callers_are_met_as_the_plan_says(bakery, policy, first):
    bakery.plan(hidden=policy)
    assert bakery.hear("anonymous")[0] == first


def test_a_recorded_talk_is_announced_to_both_sides_and_kept(bakery, work, services):
    bakery.plan(recorded=True)
    heard = bakery.hear(answers={BAKER: "press:1", DRIVER: "no-answer"})
    assert heard[0] == "says “This call is recorded.”"
    assert any("A call for Alice's Bakery, which will be recorded. Press 1 to take it." in line for line in heard)
    work()
    [call] = bakery.calls()
    assert services.media.get(call.recording_media)


def test_a_talk_is_not_recorded_where_nobody_asked_for_it(bakery, work):
    bakery.hear(answers={BAKER: "press:1"})
    work()
    assert bakery.calls()[0].recording_url == ""


def test_the_plan_of_a_moment_ago_may_have_lost_a_step_and_a_message_is_taken(bakery):
    with bakery.services.sessions() as session:
        line = answering_on(session.connection(), bakery.line_id)
    steps = Walk(line, Addresses("v:"), CALLER, bakery.number).go("gone")
    assert isinstance(steps[0], Say)


@pytest.mark.usefixtures("menu")
@pytest.mark.parametrize(("keys", "answered"), [("", False), ("1", True), ("22", False), ("78", False), ("3", False)])
def test_the_try_tells_what_the_carrier_plays(bakery, keys, answered, clock):
    taken = "press:1" if answered else "no-answer"
    heard = bakery.hear(keys=" ".join(keys), answers=dict.fromkeys((BAKER, DRIVER, OFFICE), taken), says="Hm.")
    told = bakery.tried(SimulatedCaller(CALLER, keys, answered), clock.now())
    spoken = [step.prompt if isinstance(step, AskForKey) else step for step in told]
    assert [f"says “{step.text}”" for step in spoken if isinstance(step, Say)] == [
        line for line in heard if line.startswith("says")
    ]
    assert [number for step in told if isinstance(step, Ring) for number in step.numbers] == [
        line.removeprefix("rings ") for line in heard if line.startswith("rings")
    ]


def test_a_message_has_the_greeting_of_its_own(bakery):
    bakery.plan({"message": Voicemail(Greeting("We bake until noon."))})
    assert "says “We bake until noon.”" in bakery.hear()


def test_a_forwarded_call_rings_there_instead_and_a_message_can_be_left(bakery):
    bakery.plan(forwarding=Forwarding(OFFICE))
    heard = bakery.hear(answers={OFFICE: "no-answer"}, says="Two rye loaves.")
    assert [one for one in heard if one.startswith("rings")] == [f"rings {OFFICE}"]
    assert "records “Two rye loaves.”" in heard
    assert f"talks with {OFFICE}" in bakery.hear(answers={OFFICE: "answer"})


def test_forwarding_that_is_off_changes_nothing(bakery):
    bakery.plan(forwarding=Forwarding(OFFICE, on=False))
    assert f"rings {BAKER}" in " ".join(bakery.hear())


@pytest.mark.parametrize(
    ("when", "at", "forwarded"),
    [
        (When.OPEN, datetime(2026, 3, 2, 18, tzinfo=UTC), True),
        (When.OPEN, datetime(2026, 3, 2, 6, tzinfo=UTC), False),
        (When.CLOSED, datetime(2026, 3, 2, 18, tzinfo=UTC), False),
        (When.CLOSED, datetime(2026, 3, 2, 6, tzinfo=UTC), True),
    ],
)
def test_calls_are_forwarded_by_the_hours_of_the_line(bakery, when, at, forwarded):
    bakery.plan(forwarding=Forwarding(OFFICE, when), hours=OFFICE_HOURS)
    rings = [step.numbers for step in bakery.tried(SimulatedCaller(CALLER), at) if isinstance(step, Ring)]
    assert ((OFFICE,) in rings) is forwarded


def test_a_phone_that_forwards_back_is_not_rung(bakery, services):
    bakery.plan(forwarding=Forwarding(OFFICE))
    with services.sessions() as session:
        line = answering_on(session.connection(), bakery.line_id)
    walk = Walk(line, Addresses("nowhere:"), CALLER, bakery.number, forwarded_from=OFFICE)
    assert not [step for step in walk.arrive(datetime(2026, 3, 2, 18, tzinfo=UTC)) if isinstance(step, Ring)]
