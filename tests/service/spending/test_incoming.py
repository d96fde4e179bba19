"""Calls that come in count for the caps by the phones that they ring, and a cap stops these: forwards first."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from service.audit.daily import audit
from service.calls.document import written
from service.calls.legs import talking
from service.calls.models import CallPlan
from service.calls.nodes import Forward, Forwarding, Voicemail, usual
from service.inbox.models import Call, Conversation, Outcome
from service.lines.models import Phone, PhoneNumber
from service.spending import allowances
from tests.factories import CALLER
from tests.service.spending.conftest import BAKER

MINUTE = Decimal("0.014")
OUTSIDE = "+14155550177"
OVEN = "+14155550134"
ALASKA, DEAR = "+19075550177", Decimal("0.1000")
SORRY = "Calls can’t be put through right now."


@pytest.fixture
def plan(bakery, services):
    """Have calls of the bakery forwarded: all of them, or by a step of its call plan."""

    def plan(**changes):
        with services.sessions.begin() as session:
            session.add(CallPlan(line_id=bakery.line_id, document=written(replace(usual(), **changes))))

    return plan


@pytest.fixture
def call(bakery, services, world):
    """Call the bakery; the call as it went, once all of it was read and counted."""

    def call():
        with services.sessions() as session:
            number = session.scalars(select(PhoneNumber.number)).one()
        made = world.call(CALLER, number)
        bakery.work()
        return made

    return call


@pytest.fixture
def forwarded(plan):
    plan(nodes={"on": Forward(OUTSIDE, "message"), "message": Voicemail()}, opening="on", closed="message")


def rung(world, number):
    return [leg for leg in world.state.calls.values() if leg.direction == "outbound-dial" and leg.to == number]


def test_a_forwarded_call_counts_its_started_minutes(bakery, services, plan, call):
    plan(forwarding=Forwarding(OUTSIDE, on=True))
    call()
    with services.sessions() as session:
        talk = session.scalars(select(Call)).one()
    assert talk.outcome is Outcome.ANSWERED
    assert bakery.spent() == -(-talk.seconds // 60) * MINUTE > 0


def test_a_call_that_goes_on_counts_ten_minutes(bakery, forwarded, call, world):
    world.faults.add("drop", path="*/call-status*")
    call()
    assert bakery.spent() == 10 * MINUTE


def test_a_call_that_nobody_took_counts_nothing(bakery, world, call):
    world.phone(BAKER).answers = "busy"
    call()
    assert bakery.spent() == 0


def test_the_dearest_phone_that_may_ring_counts(bakery, plan, call):
    plan(forwarding=Forwarding("+19075550177", on=True))
    call()
    assert bakery.spent() == Decimal("0.1000")


def test_the_daily_audit_learns_what_calls_cost(bakery, services, forwarded, call, world, clock):
    world.phone(BAKER).answers = "press:1"
    bakery.call()
    call()
    clock.jump(timedelta(minutes=5))
    audit(services, carrier="twilio")
    legs = world.state.calls.values()
    assert bakery.spent() == sum(Decimal("0.0085") * -(-leg.seconds // 60) for leg in legs)


@pytest.fixture
def group(bakery, services, world):
    """Two phones ring for each call, by legs of their own; how each is answered."""
    with services.sessions.begin() as session:
        session.add(Phone(line_id=bakery.line_id, number=OVEN, position=1))

    def group(baker, oven):
        for number, how in {BAKER: baker, OVEN: oven}.items():
            world.phone(number, answers=how)

    return group


def minutes(world, number):
    """The started minutes of all legs to a phone at the carrier."""
    legs = [leg for leg in world.state.calls.values() if leg.direction == "outbound-api" and leg.to == number]
    return sum(-(-leg.seconds // 60) for leg in legs)


def test_of_a_group_each_leg_counts_what_it_took(bakery, group, call, world):
    group("press:1 after 12", "voicemail")
    call()
    assert minutes(world, BAKER) > 0
    assert minutes(world, OVEN) > 0
    assert bakery.spent() == (minutes(world, BAKER) + minutes(world, OVEN)) * MINUTE


def test_that_the_carrier_listens_for_voicemails_counts_for_each_phone_that_was_picked_up(
    bakery, plan, group, call, world
):
    plan(spots_machines=True)
    group("press:1 after 12", "voicemail")
    call()
    assert bakery.spent() == (minutes(world, BAKER) + minutes(world, OVEN)) * MINUTE + 2 * Decimal("0.0075")
    world.phone(BAKER).answers = world.phone(OVEN).answers = "busy"
    before = bakery.spent()
    call()
    assert bakery.spent() == before


def test_mailboxes_that_pick_up_count_though_nobody_took_the_call(bakery, group, call, world):
    group("voicemail", "voicemail")
    call()
    assert minutes(world, BAKER) > 0
    assert bakery.spent() == (minutes(world, BAKER) + minutes(world, OVEN)) * MINUTE


def test_a_colleague_who_is_asked_into_a_call_counts_ten_minutes_more(bakery, services, group, world):
    group("press:1 after 1", "no-answer")
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber.number)).one()
    world.call(CALLER, number, patience=3600)
    bakery.work.for_seconds(4)
    assert bakery.spent() == 10 * MINUTE
    with services.sessions.begin() as session:
        talking.ask_in(session, services, session.scalars(select(Conversation)).one(), ALASKA)
    bakery.work.for_seconds(1)
    assert bakery.spent() == 10 * MINUTE + 10 * DEAR
    bakery.work()
    assert bakery.spent() == minutes(world, BAKER) * MINUTE + minutes(world, ALASKA) * DEAR > 0


def test_the_daily_audit_adds_the_legs_of_a_group_to_their_call(bakery, services, group, call, world, clock):
    group("press:1 after 5", "no-answer")
    call()
    clock.jump(timedelta(minutes=5))
    audit(services, carrier="twilio")
    legs = world.state.calls.values()
    assert bakery.spent() == sum(Decimal("0.0085") * -(-leg.seconds // 60) for leg in legs)


@pytest.mark.parametrize("limits", [{"workspace_spend_per_day": Decimal("1.16")}, {"spend_per_day": Decimal("1.16")}])
def test_at_a_cap_the_next_call_is_not_forwarded_and_its_caller_is_told(bakery, forwarded, call, world, clock):
    assert SORRY not in " ".join(call().transcript)
    assert SORRY in " ".join(call().transcript)
    assert len(rung(world, OUTSIDE)) == 1
    assert any(kind == "spending_cap_reached" for kind, _ in bakery.alerts())
    clock.jump(timedelta(days=1))
    call()
    assert len(rung(world, OUTSIDE)) == 2


@pytest.mark.parametrize("limits", [{"workspace_spend_per_day": Decimal("0.30")}])
def test_own_phones_ring_on_until_the_cap_is_reached_four_times_over(bakery, call, world):
    """The first month of the number has taken three of four caps already."""
    world.phone(BAKER).answers = "press:1"
    for _ in range(4):
        assert SORRY not in " ".join(call().transcript)
    assert SORRY in " ".join(call().transcript)
    assert len(rung(world, BAKER)) == 4


@pytest.mark.parametrize("limits", [{"spend_per_day": Decimal(0)}])
def test_own_phones_ring_on_when_the_cap_of_all_is_reached(bakery, call, world):
    for _ in range(2):
        call()
    assert len(rung(world, BAKER)) == 2


def test_a_paused_workspace_forwards_nothing_and_its_own_phones_ring(bakery, services, plan, call, world):
    plan(forwarding=Forwarding(OUTSIDE, on=True))
    with services.sessions.begin() as session:
        allowances.pause(session, bakery.workspace_id)
    call()
    assert (rung(world, OUTSIDE), len(rung(world, BAKER))) == ([], 1)
