"""The porting desk sees all registrations for texting, and of each what was sent, answered and paid."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import Workspace
from service.alerts import AlertKind, alert
from service.registration.models import Registration, Subject
from service.registration.standing import standing
from service.registration.submitting import begin, fee_to_begin
from tests.factories import OWN, a_business, a_draft
from tests.registering import passing_days


@pytest.fixture
def let_days_pass(services, world, clock, work):
    return passing_days(services, world, clock, work)


@pytest.fixture
def sent(services, line, work):
    """The bakery has sent its registration, with an EIN that the registry refuses."""
    with services.sessions.begin() as session:
        business = a_business(session, line.workspace_id, tax_id="12-3450795", slug="alices-bakery")
        begin(session, services, business, fee_to_begin(services, business))
    work()
    return line.workspace_id


def test_the_list_has_what_is_not_finished_and_is_filtered_by_state(operator, sent, let_days_pass):
    assert operator.get("desk.show").select_one("a[href='/desk/registrations/']")
    page = operator.get("registrations.listing")
    assert page.says("Alice's Bakery")
    assert page.says("Business is being checked")
    let_days_pass(1)
    assert operator.get("registrations.listing", state="refused").says("30795")
    assert operator.get("registrations.listing", state="registered").says("None.")
    assert operator.get("registrations.listing", state="no such state").says("Refused")


@pytest.fixture
def another_sent(services, sent, clock):
    """Another business has sent its registration a minute later."""
    clock.jump(timedelta(minutes=1))
    with services.sessions.begin() as session:
        session.add(Workspace(name="Bob's Plumbing"))
        session.flush()
        business = a_business(session, session.scalars(select(Workspace.id).order_by(Workspace.id.desc())).first())
        begin(session, services, business, fee_to_begin(services, business))


def names(page):
    return [one.text for one in page.select("tbody a")]


def test_the_longest_waiting_stands_first(operator, another_sent):
    assert names(operator.get("registrations.listing")) == ["Alice's Bakery", "Bob's Plumbing"]


def test_the_list_is_on_pages_that_keep_the_state(operator, another_sent, monkeypatch):
    for module in ("service.desk.registrations", "service.web.desk.registrations"):
        monkeypatch.setattr(f"{module}.PER_PAGE", 1)
    first = operator.get("registrations.listing", state="checking")
    assert names(first) == ["Alice's Bakery"]
    last = operator.open(first.select_one("a[rel=next]")["href"])
    assert names(last) == ["Bob's Plumbing"]
    assert last.select_one("option[selected]")["value"] == "checking"
    assert not last.select_one("a[rel=next]")


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "none"])
def test_a_page_that_is_not_there_is_no_error(operator, sent, page):
    assert operator.get("registrations.listing", page=page).says("Texting registrations")


def test_the_page_of_one_tells_what_was_sent_answered_and_paid(operator, sent, let_days_pass):
    let_days_pass(1)
    page = operator.get("registrations.show", workspace_id=sent)
    assert page.says("30795")
    assert page.says("The customer corrects it")
    assert page.says("$4.50")
    assert page.says("••-•••0795")
    assert not page.says("12-3450795")
    assert page.select_one("a[href='/b/alices-bakery']")


def test_a_toll_free_number_has_a_row_of_its_own(operator, services, sent):
    with services.sessions.begin() as session:
        business = standing(session, sent).waits_for.business
        session.add(
            Registration(business=business, subject=Subject.TOLL_FREE, carrier="twilio", tag="free", number="PN1")
        )
    assert operator.get("registrations.listing").says("Toll-free number")


def test_its_transfers_and_its_alerts_are_linked(operator, services, sent, line):
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
        alert(session, AlertKind.REGISTRATION_NEEDS_STAFF, f"workspace:{sent}", codes=["30795"])
        transfer = f"/ports/{project.public_id}"
    assert operator.get("desk.show").select_one(f"a[href='/desk/registrations/{sent}']")
    links = [link["href"] for link in operator.get("registrations.show", workspace_id=sent).select("main a")]
    assert any(transfer in link for link in links)


def test_a_business_that_has_not_begun_is_not_found(operator, line):
    operator.get("registrations.show", workspace_id=line.workspace_id, status=404)


def test_customers_see_nothing_of_it(alice, sent):
    alice.get("registrations.listing", status=404)
    alice.get("registrations.show", workspace_id=sent, status=404)
