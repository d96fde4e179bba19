"""The rows of a cutover are made once, though a page, the clock and a worker may need them at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from service.cutover.models import Cutover, CutoverStep
from service.cutover.rows import cutover_of, steps_of
from service.porting.models import PortNumber
from tests.factories import OWN, a_draft, a_line
from tests.service.cutover.locks import until_blocked


@pytest.fixture
def number_id(services, clock):
    with services.sessions.begin() as session:
        return a_draft(session, a_line(session, services), OWN).numbers[0].id


def met(services, number_id):
    """The rows that another transaction reads at the same moment."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, number_id)
        return cutover_of(session, number).id, [step.id for step in steps_of(session, services, number).values()]


def test_two_who_meet_a_number_at_once_find_the_same_rows(services, number_id):
    with ThreadPoolExecutor(1) as elsewhere:
        with services.sessions.begin() as session:
            number = session.get_one(PortNumber, number_id)
            cutover_of(session, number)
            steps_of(session, services, number)
            second = elsewhere.submit(met, services, number_id)
            until_blocked(services)
        cutover, steps = second.result(timeout=10)
    with services.sessions() as session:
        assert session.scalars(select(Cutover.id)).all() == [cutover]
        assert sorted(session.scalars(select(CutoverStep.id))) == sorted(steps)
