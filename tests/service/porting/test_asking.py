"""Asking carriers whether numbers are portable."""

import pytest
from sqlalchemy import select

from provisioning.contract.porting import Verdict
from service.porting import drafts
from service.porting.models import PortNumber
from service.queue import connection_of
from tests.factories import a_draft, a_line

NUMBERS = ("+12125552000", "+12125552001", "+12125552002")


@pytest.fixture
def asked(services, work):
    """Have the carrier asked about the numbers of a draft."""

    def asked():
        with services.sessions.begin() as session:
            drafts.add_numbers(session, a_draft(session, a_line(session, services)), NUMBERS)
        work()

    return asked


@pytest.fixture
def verdicts(services):
    def verdicts():
        with services.sessions() as session:
            return list(session.scalars(select(PortNumber.verdict).order_by(PortNumber.id)))

    return verdicts


def test_asking_that_the_carrier_had_enough_of_is_taken_up_again_and_gives_its_verdict(
    services, world, work, asked, verdicts
):
    """429 at the second of three: the first keeps its answer and is not asked about again."""
    throttle = world.faults.add("throttle", path=f"*/Portability/PhoneNumber/*{NUMBERS[1][1:]}")
    asked()
    assert (throttle.struck, verdicts()) == (1, [Verdict.YES, Verdict.UNKNOWN, Verdict.UNKNOWN])

    world.faults.clear()
    not_again = world.faults.add("throttle", path=f"*/Portability/PhoneNumber/*{NUMBERS[0][1:]}")
    with services.sessions.begin() as session:
        # a retry waits in real time
        connection_of(session).execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    work()
    assert (not_again.struck, verdicts()) == (0, [Verdict.YES] * 3)
