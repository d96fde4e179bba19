"""Toll fraud and text pumping: what an account may spend, where it may call and text, and what a pause stops."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived
from provisioning.contract.messaging import MessageStatus
from service.audit.daily import audit
from service.callback_addresses import Carried
from service.calls.answering import answer_call
from service.calls.document import written
from service.calls.models import CallPlan
from service.calls.nodes import Forwarding, usual
from service.inbox.models import Call, Message, Outcome
from service.lines.models import Phone, PhoneNumber
from service.spending import allowances
from service.spending.expenses import correct_by_reference
from tests.factories import CALLER
from tests.service.spending.conftest import BAKER

SEGMENT = Decimal("0.0145")
MINUTE = Decimal("0.014")
SWEDEN = "+46701740605"


@pytest.fixture
def refused(bakery):
    """What is shown of a text that may not be sent; nothing reaches the carrier."""

    def refused(**text):
        before = len(bakery.texted())
        message = bakery.text(**text)
        assert len(bakery.texted()) == before
        assert message.status is MessageStatus.FAILED
        return message.trouble

    return refused


@pytest.mark.parametrize("number", ["+8801711234567", "+252612345678", "+447012345678", "+8821612345678"])
def test_nobody_is_texted_where_fraud_pays(refused, number):
    assert refused(to=number) == "not_permitted"


@pytest.mark.parametrize("number", ["+8801711234567", "+628123456789", "+18765551234"])
def test_nobody_is_called_where_fraud_pays(bakery, number):
    assert bakery.call(to=number).outcome is Outcome.MISSED
    assert bakery.rung() == []


def test_a_phone_that_was_saved_before_is_checked_when_it_is_dialed(bakery, services):
    with services.sessions.begin() as session:
        session.get_one(Phone, bakery.phone_id).number = "+881612345678"
    assert bakery.call().outcome is Outcome.MISSED
    assert bakery.rung() == []


def test_a_text_counts_by_its_segments(bakery):
    bakery.text(words="x" * 161)
    assert bakery.spent() == 2 * SEGMENT
    bakery.text(words="ж" * 71)
    assert bakery.spent() == 4 * SEGMENT


def test_a_text_that_the_carrier_refuses_costs_nothing(bakery):
    bakery.text(to="+14155521614")
    assert bakery.spent() == 0


def test_what_the_carrier_says_takes_the_place_of_the_estimate(bakery, services):
    reference = bakery.text().reference
    with services.sessions.begin() as session:
        correct_by_reference(session, {reference: Decimal("0.0123")})
        correct_by_reference(session, {reference: Decimal("0.0123")})
    assert bakery.spent() == Decimal("0.0123")


def test_the_daily_audit_learns_from_the_carriers_log_what_texts_cost(bakery, services, clock):
    bakery.text()
    clock.jump(timedelta(minutes=5))
    bakery.work()
    audit(services, carrier="twilio")
    assert bakery.spent() == Decimal("0.0083")


def test_a_call_counts_the_minutes_that_both_phones_took(bakery, world):
    world.phone(BAKER).answers = "press:1"
    call = bakery.call()
    assert call.outcome is Outcome.ANSWERED
    minutes = -(-call.seconds // 60)
    assert minutes > 0
    assert bakery.spent() == 2 * minutes * MINUTE


@pytest.mark.parametrize("limits", [{"workspace_spend_per_day": Decimal("1.18")}])
def test_a_workspace_stops_at_its_cap_of_the_day_and_goes_on_the_next(bakery, refused, clock):
    assert [bakery.text().trouble for _ in range(2)] == ["", ""]
    assert refused() == "over_limit"
    assert ("spending_cap_reached", f"workspace:{bakery.workspace_id}") in bakery.alerts()
    clock.jump(timedelta(days=1))
    assert bakery.text().trouble == ""


@pytest.mark.parametrize("limits", [{"workspace_spend_per_month": Decimal("1.17")}])
def test_a_workspace_stops_at_its_cap_of_the_month(bakery, refused, clock):
    bakery.text()
    clock.jump(timedelta(days=20))
    assert refused() == "over_limit"
    clock.jump(timedelta(days=11))
    assert bakery.text().trouble == ""


@pytest.mark.parametrize("limits", [{"spend_per_day": Decimal("1.17")}, {"spend_per_month": Decimal("1.17")}])
def test_the_installation_has_caps_of_its_own(bakery, refused):
    bakery.text()
    assert refused() == "over_limit"
    assert ("spending_cap_reached", "installation") in bakery.alerts()


@pytest.mark.parametrize("limits", [{"new_workspace_spend_per_day": Decimal("1.17")}])
def test_the_first_days_of_a_workspace_are_tighter(bakery, services, refused, clock):
    with services.sessions.begin() as session:
        allowances.begin(session, services.settings, bakery.workspace_id)
    bakery.text()
    assert refused() == "over_limit"
    clock.jump(timedelta(days=services.settings.new_workspace_days))
    assert [bakery.text().trouble for _ in range(3)] == [""] * 3


def test_a_call_that_goes_on_counts_ten_minutes(bakery):
    bakery.world.faults.add("drop")
    bakery.call()
    assert bakery.spent() == 2 * 10 * MINUTE


@pytest.mark.parametrize("limits", [{"countries": ("US", "SE")}])
def test_a_country_that_a_workspace_never_texted_waits_for_an_operator(bakery, services, refused):
    assert refused(to=SWEDEN) == "not_permitted"
    assert refused(to=SWEDEN) == "not_permitted"
    assert ("new_destination", f"workspace:{bakery.workspace_id}") in bakery.alerts()
    with services.sessions.begin() as session:
        [asked] = allowances.asked_for(session)
        allowances.allow(session, asked.workspace_id, asked.country)
        assert allowances.asked_for(session) == []
    assert bakery.text(to=SWEDEN).trouble == ""


def test_a_paused_workspace_sends_nothing_until_the_pause_is_lifted(bakery, services, refused):
    with services.sessions.begin() as session:
        allowances.pause(session, bakery.workspace_id)
    assert refused() == "paused"
    assert bakery.call().outcome is Outcome.MISSED
    with services.sessions.begin() as session:
        allowances.lift(session, bakery.workspace_id)
    assert bakery.text().trouble == ""


def test_incoming_calls_and_texts_reach_a_paused_workspace(bakery, services, world, work):
    with services.sessions.begin() as session:
        allowances.pause(session, bakery.workspace_id)
        number = session.scalars(select(PhoneNumber.number)).one()
    world.phone(BAKER).answers = "press:1"
    world.call(CALLER, number)
    world.text(CALLER, number, "Are you open?")
    work()
    with services.sessions() as session:
        assert session.scalars(select(Call.outcome)).one() is Outcome.ANSWERED
        assert session.scalars(select(Message.text)).one() == "Are you open?"


def test_phones_and_forwards_saved_before_do_not_ring(bakery, services):
    plan = replace(usual(), forwarding=Forwarding("+8801711234567", on=True))
    with services.sessions.begin() as session:
        session.add(Phone(line_id=bakery.line_id, number="+881612345678"))
        session.add(CallPlan(line_id=bakery.line_id, document=written(plan)))
        arrives = CallArrived("CA1", CALLER, session.scalars(select(PhoneNumber.number)).one())
    with services.sessions() as session:
        [ring] = answer_call(session.connection(), services, "twilio", arrives, Carried())
    assert ring.numbers == (BAKER,)
