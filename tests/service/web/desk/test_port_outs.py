"""Our staff enter requests of which carriers tell them by mail, and what became of them."""

import pytest
from sqlalchemy import select

from service.port_outs.models import PortOut, PortOutState
from tests.service.port_outs.conftest import NEW_OPERATOR


@pytest.fixture
def entered(operator, line, services):
    operator.get("port_outs.listing")
    operator.submit(number=line.numbers[0].number, operator=NEW_OPERATOR, leaves_on="2026-03-09")
    return lambda: _state(services)


def _state(services):
    with services.sessions() as session:
        return session.scalars(select(PortOut)).one().state


@pytest.fixture
def line(services, line):
    with services.sessions() as session:
        merged = session.merge(line)
        assert merged.numbers
        session.expunge_all()
    return merged


@pytest.mark.parametrize(
    ("button", "state"),
    [("The carrier refused it", PortOutState.REFUSED), ("It was withdrawn", PortOutState.WITHDRAWN)],
)
def test_a_request_is_entered_and_ends(operator, entered, button, state):
    assert operator.page.says(NEW_OPERATOR)
    assert entered() is PortOutState.DISPUTED, "the number is locked"
    operator.submit(button=button, state=state)
    assert entered() is state
    assert operator.page.says("No other provider asks for a number.")


def test_a_number_of_no_line_is_refused_beside_its_field(operator):
    operator.get("port_outs.listing")
    page = operator.submit(number="(415) 555-0199", status=422)
    assert page.wrong() == {"number": "No line has this number."}


def test_customers_do_not_see_it(alice):
    alice.get("port_outs.listing", status=404)
