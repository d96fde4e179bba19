"""The desk writes hints about old operators, which customers read before they send a transfer."""

import pytest

from service.lines.models import Line
from service.porting.models import PortProject
from tests.factories import OWN, a_draft

WORDS = "Verizon rejects account numbers with dashes. Leave them out."


@pytest.fixture
def draft(services, line):
    """Alice's draft of a number at Verizon."""
    with services.sessions.begin() as session:
        project = a_draft(session, session.get_one(Line, line.id), OWN)
        project.operator, project.account_number = "Verizon Wireless", "12-34"
        return project.public_id


@pytest.fixture
def written(operator):
    operator.get("hints.show")
    return operator.submit(provider="Verizon", field="account_number", signs="-", in_en=WORDS)


def test_a_hint_is_read_by_the_customers_it_is_about(written, alice, draft, services):
    assert written.says(WORDS)
    assert alice.get("review.show", public_id=draft).says(WORDS)
    with services.sessions.begin() as session:
        session.query(PortProject).filter_by(public_id=draft).one().account_number = "1234"
    assert not alice.get("review.show", public_id=draft).says(WORDS)


def test_a_hint_is_changed_and_removed(written, operator):
    operator.open(written.select_one("li a.btn")["href"])
    page = operator.submit(in_en="Leave the dashes out.", in_sv="Utan bindestreck.")
    assert page.says("Leave the dashes out.")
    page = operator.open(page.select_one("li a.btn")["href"])
    assert page.select_one("#in_sv").text == "Utan bindestreck."
    operator.get("hints.show")
    assert operator.submit(button="Remove Verizon").says("None.")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"in_en": ""}, "Write it in English: everyone reads that who has no other."),
        ({"provider": ""}, "Enter the provider’s name."),
        ({"field": "no such"}, "Choose one of these."),
    ],
)
def test_a_hint_that_lacks_something_is_refused(operator, typed, told):
    operator.get("hints.show")
    page = operator.submit(status=422, **{"provider": "Verizon", "in_en": WORDS, "field": "", **typed})
    assert page.says(told)


def test_customers_do_not_see_the_page(alice, written):
    alice.get("hints.show", status=404)


def test_a_hint_that_is_gone_is_not_found(operator):
    operator.get("hints.edit", hint_id=7, status=404)
