"""A number that has just been ported, made without playing the weeks before."""

import pytest

from provisioning.contract.numbers import Wanted
from service.cutover.steps import advance
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now
from tests.factories import a_draft, a_line


@pytest.fixture
def arriving(services, work):
    """The id of a port number that the carrier shows before its port date; a bought number stands in for it."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        numbers = services.network("twilio").numbers
        own = numbers.search(Wanted("US", "212"))[0].number
        numbers.buy(own, "ported", services.routing("twilio"))
        number = a_draft(session, line, own).numbers[0]
        number.state = State.SCHEDULED
        session.flush()
        number_id = number.id
    work()
    return number_id


@pytest.fixture
def arrived(services, arriving):
    """The id of a port number that is here and set up, not proven yet."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arriving)
        number.state, number.ported_at = State.PORTED, now()
    advance(services, arriving)
    return arriving


@pytest.fixture
def do(services, arrived, work):
    """Run a use-case on that number: `do(use_case, …)`."""

    def do_it(use_case, *more):
        with services.sessions.begin() as session:
            return use_case(session, services, session.get_one(PortNumber, arrived), *more)

    return do_it
