"""The page of how calls show: sent once the business is registered, with the state of each part and number."""

import pytest

from service.registration.submitting import begin, fee_to_begin
from service.schedule.poll_registrations import ready_numbers
from tests.factories import a_business
from tests.registering import passing_days

ANSWERS = {"caller_name": "Alices Bakery", "employees": "4", "calls_a_day": "20"}


@pytest.fixture
def let_days_pass(services, world, clock, work):
    return passing_days(services, world, clock, work)


@pytest.fixture
def approved(services, line, work, let_days_pass):
    with services.sessions.begin() as session:
        business = a_business(session, line.workspace_id)
        begin(session, services, business, fee_to_begin(services, business))
    work()
    let_days_pass(4)


def test_before_the_business_is_registered_it_says_so(alice, line):
    page = alice.get("caller_name.show")
    assert page.says("You can set this once your business is registered.")
    assert not page.select("[name=caller_name]")


def test_it_is_sent_and_shows_where_each_part_and_number_stands(alice, approved, services, let_days_pass, work):
    page = alice.get("caller_name.show")
    assert page.kept("caller_name") == "Alices Bakery"
    page = alice.submit(button="Send", **ANSWERS)
    assert page.says("Signed calls Being checked")
    work()
    let_days_pass(5)
    ready_numbers(services)
    work()
    page = alice.get("caller_name.show")
    assert page.says("Your name On")
    assert not page.select("[name=caller_name]"), "nothing is left to send"
    assert [cell.text for cell in page.select("tbody td")][1:] == ["On", "On", "On"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"caller_name": "7 Stars"}, "caller_name"),
        ({"employees": "some"}, "employees"),
        ({"calls_a_day": "0"}, "calls_a_day"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(alice, approved, typed, field):
    alice.get("caller_name.show")
    assert set(alice.submit(status=422, button="Send", **ANSWERS | typed).wrong()) == {field}
    assert alice.get("caller_name.show").says("Not set")


def test_only_owners_and_admins_set_it(bob):
    bob.get("caller_name.show", status=403)
