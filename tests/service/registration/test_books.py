"""What is registered at the carrier is known here and the reverse, and no business is paid for twice."""

from dataclasses import replace

import pytest
import requests
from sqlalchemy import select

from service.audit.registrations import differences
from service.doctor import carrier as doctor
from service.doctor.findings import Patient, Verdict
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.registration.models import Registration, Subject
from tests.factories import a_line


@pytest.fixture
def found(services):
    return lambda: list(differences(services, "twilio"))


@pytest.fixture
def doctors_word(services):
    """What the doctor says of businesses, in an installation for one or for many: `doctors_word(single=False)`."""

    def say(*, single):
        examined = replace(services, settings=replace(services.settings, single_business=single))
        with requests.Session() as nobody:
            finding = doctor.businesses(Patient(examined, nobody), "twilio")
        return finding.verdict, finding.what

    return say


def test_good_books_have_no_differences(register, found):
    register()
    assert found() == []


def test_a_business_that_only_the_carrier_has_is_named(services, world, register, found):
    register()
    [brand] = world.state.brands
    with services.sessions.begin() as session:
        session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one().reference = ""
    assert found() == [f"Business {brand} is registered at twilio and in no row of ours."]


def test_one_whose_answer_is_awaited_is_not(services, register, found):
    register()
    with services.sessions.begin() as session:
        session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one().reference = ""
        kind = LedgerEntry.kind == EntryKind.REGISTER_BUSINESS
        session.scalars(select(LedgerEntry).where(kind)).one().progress = Progress.TRYING
    assert found() == []


def test_a_business_that_only_we_have_is_named(world, register, found):
    register()
    [brand] = world.state.brands
    world.state.brands.clear()
    assert found() == [f"Business {brand} counts as registered and is not at twilio."]


def test_a_pool_that_only_the_carrier_has_is_named(services, register, found):
    register()
    with services.sessions.begin() as session:
        row = session.scalars(select(Registration).where(Registration.subject == Subject.POOL)).one()
        pool, row.reference = row.reference, ""
    assert found() == [f"Pool {pool} is open at twilio and in no row of ours."]


def test_a_pool_that_only_we_have_is_named(services, world, register, found):
    register()
    with services.sessions() as session:
        pool = session.scalars(select(Registration.reference).where(Registration.subject == Subject.POOL)).one()
    del world.state.services[pool]
    assert found() == [f"Pool {pool} counts as open and is not at twilio: its numbers cannot text."]


def test_two_pools_of_one_business_are_named(services, world, register, found):
    register()
    with services.sessions() as session:
        pool = session.scalars(select(Registration.reference).where(Registration.subject == Subject.POOL)).one()
    world.state.services[f"MG{'1' * 32}"] = replace(world.state.services[pool], sid=f"MG{'1' * 32}")
    assert "One business has more than one pool: " + ", ".join(sorted([pool, f"MG{'1' * 32}"])) + "." in found()


def test_a_business_that_was_entered_by_hand_is_left_out(world, register, found):
    register()
    [brand] = world.state.brands.values()
    by_hand = replace(world.state.profiles[brand.a2p_profile], sid=f"BU{'2' * 32}", friendly_name="Portline")
    world.state.profiles[by_hand.sid] = by_hand
    world.state.brands[f"BN{'2' * 32}"] = replace(brand, sid=f"BN{'2' * 32}", a2p_profile=by_hand.sid)
    assert found() == []


def test_two_brands_of_one_business_are_an_alarm(world, register, found, doctors_word):
    register()
    [brand] = world.state.brands.values()
    twin = replace(brand, sid=f"BN{'1' * 32}")
    world.state.brands[twin.sid] = twin
    both = ", ".join(sorted([brand.sid, twin.sid]))
    assert f"One business is registered more than once: {both}." in found()
    assert doctors_word(single=False) == (
        Verdict.PROBLEM,
        f"One business is registered more than once: {both}.",
    )


def test_several_businesses_under_one_registration_are_noted(services, doctors_word):
    with services.sessions.begin() as session:
        a_line(session, services)
    assert doctors_word(single=True)[0] is Verdict.OK
    with services.sessions.begin() as session:
        a_line(session, services)
    assert doctors_word(single=True) == (
        Verdict.NOTE,
        "2 businesses text under one registration, which American operators forbid.",
    )


def test_numbers_that_have_not_moved_are_noted(register, doctors_word):
    register()
    verdict, what = doctors_word(single=False)
    assert (verdict, what.startswith("Text under the installation's registration still: +1…")) == (Verdict.NOTE, True)


def test_the_command_refuses_a_day_before_the_texts_are_registered(app, register):
    workspace_id = register()
    result = app.test_cli_runner().invoke(args=["move-texts", str(workspace_id), "2026-03-20"])
    assert result.exit_code == 1
    assert "not registered yet" in result.output


def test_the_command_says_what_does_not_work_meanwhile(app, register, let_days_pass):
    workspace_id = register()
    let_days_pass(16)
    result = app.test_cli_runner().invoke(args=["move-texts", str(workspace_id), "2026-03-20"])
    assert result.exit_code == 0
    assert "Calls and incoming texts go on." in result.output
