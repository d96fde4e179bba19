"""A business is registered once, paid for once, and tells its owner what to mend."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.carriers import twilio
from provisioning.contract.registration import BusinessKind, Mender, Stage
from service.alerts import Alert, AlertKind
from service.audit.registrations import differences
from service.errors import Conflict
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.registration.asking_owner import ask_owner_again
from service.registration.callers import offered
from service.registration.fees import fees_of
from service.registration.learning import ask_about_registration
from service.registration.models import Registration, Subject, Submission
from service.registration.standing import State, standing
from service.registration.submitting import (
    begin,
    fee_to_begin,
    fee_to_try_again,
    registration_of,
    submit_program,
    try_again,
)
from service.schedule.poll_registrations import poll_registrations
from service.spending.allowances import pause
from tests.conftest import CARRIER_SETTINGS
from tests.factories import CUSTOMER, a_business, a_line
from tests.lesser_carrier import Delayed, without

REGISTRY = "+19152782000"


def fees(world):
    return [fee.reason for fee in world.registry.fees if fee.reason != "month"]


def paid(services):
    with services.sessions() as session:
        return sum(session.scalars(select(Submission.paid)))


def costs_again(services, workspace_id):
    with services.sessions() as session:
        return fee_to_try_again(services, standing(session, workspace_id).waits_for)


def test_a_workspace_that_told_nothing_has_not_begun(stands, services):
    with services.sessions.begin() as session:
        workspace_id = a_line(session, services).workspace_id
    assert stands(workspace_id).state is State.NOT_BEGUN


def test_a_business_is_checked_then_with_the_carrier_and_registered(
    services, world, register, stands, let_days_pass, clock, work
):
    workspace_id = register()
    assert stands(workspace_id).state is State.CHECKING
    clock.jump(timedelta(minutes=5))
    poll_registrations(services)
    work()
    assert stands(workspace_id).state is State.WITH_CARRIER
    let_days_pass(16)
    assert stands(workspace_id).state is State.REGISTERED
    assert fees(world) == ["brand", "review"]
    assert paid(services) == 450 + 1500


def test_what_it_texts_is_submitted_though_it_is_approved_in_the_moment_its_pool_opens(services):
    with services.sessions.begin() as session:
        business = a_business(session, a_line(session, services).workspace_id)
        begin(session, services, business, 0)
        business_id = business.id

    def happens(session, subject, **changes):
        registration = registration_of(session, business_id, subject)
        for name, value in changes.items():
            setattr(registration, name, value)
        submit_program(session, registration.business)

    def pool_opens():
        with services.sessions.begin() as session:
            happens(session, Subject.POOL, stage=Stage.APPROVED, reference="MG1")

    with ThreadPoolExecutor(1) as other:
        with services.sessions.begin() as session:
            happens(session, Subject.BUSINESS, stage=Stage.APPROVED)
            opening = other.submit(pool_opens)
            time.sleep(0.2)  # the pool's transaction waits for this one
        opening.result(timeout=10)
    with services.sessions() as session:
        assert registration_of(session, business_id, Subject.PROGRAM)


def test_two_businesses_are_registered_and_one_of_them_refused_and_mended(
    services, world, register, mend, stands, let_days_pass
):
    bakery, plumber = register(), register(legal_name="Bob's Plumbing LLC", terms_url="")
    let_days_pass(16)
    assert stands(bakery).state is State.REGISTERED
    refused = stands(plumber)
    assert (refused.state, refused.fields) == (State.REFUSED, {"terms_url"})
    assert costs_again(services, plumber) == 1500
    mend(plumber, terms_url="https://plumber.example/terms")
    assert stands(plumber).state is State.WITH_CARRIER
    let_days_pass(16)
    assert (stands(bakery).state, stands(plumber).state) == (State.REGISTERED, State.REGISTERED)
    assert sorted(fees(world)) == ["brand", "brand", "review", "review", "review"]
    assert paid(services) == sum(fee.cents for fee in world.registry.fees if fee.reason != "month")
    registered = [service for service in world.state.services.values() if service.campaign and service.campaign.brand]
    assert len({service.campaign.brand for service in registered}) == 2


def test_what_is_missing_costs_nothing_and_opens_its_fields(world, register, mend, stands, let_days_pass):
    workspace_id = register(tax_id="123")
    assert (stands(workspace_id).state, stands(workspace_id).fields) == (State.REFUSED, {"tax_id"})
    assert fees(world) == []
    mend(workspace_id, tax_id="12-3456789")
    assert stands(workspace_id).state is State.CHECKING
    let_days_pass(1)
    assert stands(workspace_id).state is State.WITH_CARRIER


def test_a_refused_business_is_corrected_for_nothing(world, services, register, mend, stands, let_days_pass):
    workspace_id = register(tax_id="12-3450795")
    let_days_pass(1)
    refused = stands(workspace_id)
    assert (refused.state, refused.fields) == (State.REFUSED, {"tax_id"})
    assert costs_again(services, workspace_id) == 0
    mend(workspace_id, tax_id="12-3456789")
    let_days_pass(16)
    assert stands(workspace_id).state is State.REGISTERED
    assert fees(world) == ["brand", "review"]


def test_the_owner_of_a_sole_proprietorship_answers_a_text(
    services, world, register, stands, let_days_pass, clock, work
):
    workspace_id = register(kind=BusinessKind.SOLE_PROPRIETOR, tax_id=None, owner_mobile=CUSTOMER)
    clock.jump(timedelta(minutes=10))
    poll_registrations(services)
    work()
    assert stands(workspace_id).state is State.AWAITS_OWNER
    world.text(CUSTOMER, REGISTRY, "YES")
    let_days_pass(1)
    assert stands(workspace_id).state is State.WITH_CARRIER


def test_an_owner_who_answers_late_is_told_and_has_the_text_sent_again(
    services, world, register, stands, let_days_pass, work, mailbox
):
    workspace_id = register(kind=BusinessKind.SOLE_PROPRIETOR, tax_id=None, owner_mobile=CUSTOMER)
    let_days_pass(2)
    late = stands(workspace_id)
    assert (late.state, [one.code for one in late.objections]) == (State.AWAITS_OWNER, ["30752"])
    assert mailbox.to("alice@bakery.example")[-1].subject.startswith("Have the text to the owner")
    world.text(CUSTOMER, REGISTRY, "YES")
    let_days_pass(1)
    assert stands(workspace_id).state is State.AWAITS_OWNER, "a YES after the day is not taken"
    with services.sessions.begin() as session:
        ask_owner_again(session, workspace_id)
    work()
    assert [text.from_ for text in world.phone(CUSTOMER).texts].count(REGISTRY) == 2
    world.text(CUSTOMER, REGISTRY, "YES")
    let_days_pass(1)
    assert stands(workspace_id).state is State.WITH_CARRIER


def test_an_owner_who_has_answered_meanwhile_is_not_texted_again(services, world, register, stands, clock, work):
    workspace_id = register(kind=BusinessKind.SOLE_PROPRIETOR, tax_id=None, owner_mobile=CUSTOMER)
    clock.jump(timedelta(minutes=10))
    poll_registrations(services)
    work()
    world.text(CUSTOMER, REGISTRY, "YES")
    with services.sessions.begin() as session:
        ask_owner_again(session, workspace_id)
    work()
    assert stands(workspace_id).state is State.WITH_CARRIER
    with services.sessions.begin() as session, pytest.raises(Conflict):
        ask_owner_again(session, workspace_id)


def test_beginning_twice_is_beginning_once(services, world, work):
    with services.sessions.begin() as session:
        business = a_business(session, a_line(session, services).workspace_id)
        for _ in range(2):
            begin(session, services, business, fee_to_begin(services, business))
    work()
    assert fees(world) == ["brand"]


def test_what_was_not_refused_is_not_sent_again(services, register, stands):
    workspace_id = register()
    with services.sessions.begin() as session, pytest.raises(Conflict):
        try_again(session, standing(session, workspace_id).waits_for, 0)


def test_two_clicks_on_another_try_are_one(services, world, register, stands, let_days_pass, work):
    workspace_id = register(terms_url="")
    let_days_pass(16)
    with services.sessions.begin() as session:
        refused = standing(session, workspace_id).waits_for
        refused.business.terms_url = "https://bakery.example/terms"
        try_again(session, refused, 1500)
        with pytest.raises(Conflict):
            try_again(session, refused, 1500)
    work()
    assert fees(world) == ["brand", "review", "review"]


def test_a_code_that_nobody_knows_goes_to_our_staff_in_the_carriers_words(
    services, world, register, stands, let_days_pass
):
    workspace_id = register()
    [brand] = world.state.brands
    world.registry.decide_brand(brand, "FAILED", 39999)
    let_days_pass(1)
    [objection] = stands(workspace_id).objections
    assert (objection.code, objection.mender) == ("39999", Mender.OPERATOR)
    assert objection.text
    with services.sessions() as session:
        found = session.scalars(select(Alert).where(Alert.kind == AlertKind.REGISTRATION_NEEDS_STAFF)).one()
    assert (found.about, found.details["codes"]) == (f"workspace:{workspace_id}", ["39999"])


def test_a_suspended_business_is_shown_and_our_staff_are_alerted(services, world, register, stands, let_days_pass):
    workspace_id = register()
    let_days_pass(16)
    [brand] = world.state.brands
    world.registry.decide_brand(brand, "SUSPENDED")
    let_days_pass(2)
    assert stands(workspace_id).state is State.SUSPENDED
    with services.sessions() as session:
        assert session.scalars(select(Alert.kind)).all() == [AlertKind.REGISTRATION_NEEDS_STAFF]


def test_what_the_carrier_has_no_more_is_gone(services, world, register, stands, let_days_pass):
    workspace_id = register()
    world.state.brands.clear()
    let_days_pass(1)
    with services.sessions() as session:
        who = session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one()
    assert who.stage is Stage.GONE
    assert stands(workspace_id).state is State.SUSPENDED


def test_a_tax_number_is_sealed_and_shown_by_its_last_digits(services, register):
    workspace_id = register(tax_id="12-3456789")
    with services.sessions() as session:
        business = standing(session, workspace_id).waits_for.business
        raw = session.connection().exec_driver_sql("SELECT tax_id FROM businesses").scalar()
        assert business.last_of_tax_id == "6789"
    assert b"3456789" not in bytes(raw)
    assert "3456789" not in repr(business)


@pytest.fixture(params=["no profile of ours", "not offered"])
def registers_nothing(request, services, to_carrier):
    """Our services with a carrier that registers no business for us."""
    bare = twilio.build({**CARRIER_SETTINGS, "TWILIO_PRIMARY_PROFILE_SID": ""}, to_carrier)
    if request.param == "not offered":
        return replace(services, carriers=without({"twilio": bare}, "registration", "caller_trust"))
    return replace(services, carriers={"twilio": bare})


def test_a_carrier_that_registers_nothing_says_so(services, registers_nothing):
    with services.sessions.begin() as session:
        business = a_business(session, a_line(session, services).workspace_id)
        assert fees_of(registers_nothing, "twilio", business.kind) == {}
        assert offered(registers_nothing, business) == []
        with pytest.raises(Conflict, match="can’t register"):
            begin(session, registers_nothing, business, 0)
    assert list(differences(registers_nothing, "twilio")) == []


def test_a_paused_workspace_registers_nothing(services, world):
    with services.sessions.begin() as session:
        business = a_business(session, a_line(session, services).workspace_id)
        pause(session, business.workspace_id)
        with pytest.raises(Conflict, match="paused"):
            begin(session, services, business, 1950)


def test_a_carrier_that_takes_one_a_second_is_asked_again(services, world, register, monkeypatch, let_days_pass):
    paced = replace(world.exchange.delays, between_registrations=timedelta(hours=1))
    monkeypatch.setattr(world.exchange, "delays", paced)
    register()
    register(legal_name="Bob's Plumbing LLC")
    assert fees(world) == ["brand"]
    with services.sessions() as session:
        kind = LedgerEntry.kind == EntryKind.REGISTER_BUSINESS
        turned_away = session.scalars(select(LedgerEntry).where(kind).order_by(LedgerEntry.id)).all()[-1]
    assert turned_away.progress is Progress.READY


def test_news_of_the_try_before_is_not_taken_for_news_of_the_next(services, register, stands, let_days_pass, work):
    workspace_id = register(terms_url="")
    let_days_pass(16)
    with services.sessions.begin() as session:
        refused = standing(session, workspace_id).waits_for
        refused.business.terms_url = "https://bakery.example/terms"
        try_again(session, refused, 1500)
    ask_about_registration(services, registration_id=refused.id)
    assert stands(workspace_id).state is State.WITH_CARRIER
    work()
    ask_about_registration(services, registration_id=refused.id)
    assert stands(workspace_id).state is State.WITH_CARRIER


def test_a_question_whose_answer_comes_after_the_clock_was_wound_is_put_again(services, register, clock, work):
    """Else the answer of two weeks ago would count for an hour; a demo on a busy machine waited for that in vain."""
    register()
    with services.sessions() as session:
        registration_id = session.scalars(select(Registration.id).where(Registration.reference != "")).first()
    name, carrier = next(iter(services.carriers.items()))
    late = Delayed(carrier.network.registration, lambda: clock.jump(timedelta(days=14)))
    delayed = {**services.carriers, name: replace(carrier, network=replace(carrier.network, registration=late))}
    ask_about_registration(replace(services, carriers=delayed), registration_id=registration_id)
    with services.sessions() as session:
        asked_at = session.get_one(Registration, registration_id).asked_at
    assert clock.now() - asked_at >= timedelta(days=14)
