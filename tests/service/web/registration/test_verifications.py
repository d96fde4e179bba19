"""Toll-free numbers are verified by themselves: a page says where each stands, and what was refused is corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.numbers import Sought
from provisioning.contract.porting import NumberKind
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.registration.models import Registration, Subject
from service.registration.submitting import begin, fee_to_begin
from service.schedule.poll_registrations import ready_numbers
from tests.factories import a_business
from tests.registering import passing_days


@pytest.fixture
def let_days_pass(services, world, clock, work):
    return passing_days(services, world, clock, work)


@pytest.fixture
def toll_free(services, line, work, let_days_pass):
    """An approved business gets a toll-free number, which is sent to be verified: `toll_free(legal_name="…")`."""

    def make(**changes):
        numbers = services.network("twilio").numbers
        [free, *_] = numbers.choices(Sought("US", NumberKind.TOLL_FREE))
        owned = numbers.buy(free.number, "toll-free", services.routing("twilio"))
        with services.sessions.begin() as session:
            business = a_business(session, line.workspace_id, **changes)
            begin(session, services, business, fee_to_begin(services, business))
        work()
        let_days_pass(4)
        held = {"role": NumberRole.ADDITIONAL, "standing": Standing.HELD, "carrier": "twilio"}
        with services.sessions.begin() as session:
            session.add(PhoneNumber(line_id=line.id, number=owned.number, reference=owned.reference, **held))
        ready_numbers(services)
        work()
        return owned

    return make


@pytest.fixture
def verification(services):
    def read():
        with services.sessions() as session:
            return session.scalars(select(Registration).where(Registration.subject == Subject.TOLL_FREE)).one()

    return read


def test_the_page_says_where_each_stands_and_it_texts_once_it_is_verified(
    alice, services, toll_free, let_days_pass, work
):
    owned = toll_free()
    assert alice.get("registration.show").says("Toll-free numbers")
    assert alice.page.says("In carrier review, usually for a week")
    let_days_pass(5)
    ready_numbers(services)
    assert alice.get("registration.show").says("Texting is on")
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber).where(PhoneNumber.number == owned.number)).one()
    assert number.texts_since


def test_a_refusal_is_told_and_corrected_within_its_week_for_nothing(
    alice, world, toll_free, let_days_pass, work, mailbox
):
    toll_free(legal_name="Alice's Bakery #30445 LLC", trade_name="Alice's Bakery")
    let_days_pass(5)
    assert mailbox.to("alice@bakery.example")[-1].subject.startswith("Please correct")
    link = alice.get("registration.show").select_one("a[href*='/texting/toll-free/']")
    page = alice.open(link["href"])
    assert page.says("it keeps its place in line")
    assert page.says("Sending it costs nothing.")
    page = alice.submit(button="Send the registration", legal_name="Alice's Bakery LLC", agreed="true")
    assert page.says("In carrier review")
    work()
    [kept] = world.state.verifications.values()
    assert kept.fields["business_name"] == "Alice's Bakery LLC"
    let_days_pass(5)
    assert alice.get("registration.show").says("Texting is on")


def test_what_is_missing_is_asked_for_and_nothing_is_sent(alice, toll_free, let_days_pass, verification):
    owned = toll_free(legal_name="Alice's Bakery #30445 LLC", trade_name="Alice's Bakery")
    let_days_pass(5)
    alice.get("verifications.show", reference=owned.reference)
    page = alice.submit(status=422, button="Send the registration", street="")
    assert set(page.wrong()) == {"street", "agreed"}
    assert verification().stage == "refused"


def test_one_that_was_still_being_ported_is_sent_again_after_a_day(
    services, world, toll_free, verification, let_days_pass, work, clock
):
    owned = toll_free()
    world.registry.verify_toll_free(owned.number, "TWILIO_REJECTED", 30879)
    let_days_pass(1)
    assert verification().stage == "refused"
    clock.jump(timedelta(days=1))
    ready_numbers(services)
    work()
    assert verification().stage in {"checking", "in_review"}
    let_days_pass(5)
    assert verification().stage == "approved"


def test_a_number_that_needs_nothing_leads_to_the_page_of_all(alice, toll_free):
    owned = toll_free()
    assert alice.get("verifications.show", reference=owned.reference).heading() != "Register for texting"
    assert alice.path == "/texting"


def test_strangers_and_members_do_not_see_it(alice, bob, charlie, toll_free):
    owned = toll_free()
    charlie.get("verifications.show", reference=owned.reference, status=404)
    bob.get("verifications.show", reference=owned.reference, status=403)
