"""Which calls and texts prove a ported number, by their sender and by the state of our registration."""

import pytest
from sqlalchemy import select

from service.cutover.models import StepName
from service.cutover.old_service import ending_of
from service.cutover.proof import Leg, Proof, record_proof
from service.cutover.rows import steps_of
from service.cutover.steps import advance
from service.lines.inventory import numbers_of
from service.lines.models import PhoneNumber
from service.porting.states import State
from tests.conftest import PLATFORM_NUMBER, REGISTERED
from tests.factories import CALLER

LEGS = (StepName.PROVE_VOICE, StepName.PROVE_TEXTS, StepName.PROVE_SENDING)


def come_in(session, services, number, sender):
    for leg in (Leg.VOICE, Leg.PICTURES, Leg.SENDING):
        record_proof(session, services, Proof(number.number, leg, f"{leg}-{sender}", sender))


def complete(session, services, number):
    steps = steps_of(session, services, number)
    return [steps[name].complete for name in LEGS]


def state(session, services, number):
    return number.state


def missing(session, services, number):
    return [name for waiting in ending_of(session, services, number.project).waiting for name in waiting.missing]


def neighbour(session, services, number):
    """Another number that we hold at the same carrier."""
    return next(one.number for one in numbers_of(session, number.project.line_id) if one.number != number.number)


def test_what_comes_from_a_number_of_ours_at_the_same_carrier_proves_nothing(do, work):
    do(come_in, do(neighbour))
    do(come_in, PLATFORM_NUMBER)
    work()
    assert do(complete) == [False, False, False]
    assert do(missing) == list(LEGS)
    assert do(state) is State.PORTED


def test_what_comes_from_another_network_replaces_our_test_and_is_not_replaced_by_one(do, work):
    do(come_in, PLATFORM_NUMBER)
    do(come_in, CALLER)
    do(come_in, PLATFORM_NUMBER)
    work()
    assert do(lambda session, services, number: steps_of(session, services, number)[LEGS[0]].far_end) == CALLER
    assert do(state) is State.LIVE


def test_a_number_of_ours_at_another_carrier_is_another_network(do, services):
    def elsewhere(session, services, number):
        session.scalars(select(PhoneNumber).where(PhoneNumber.number == do_neighbour)).one().carrier = "another"

    do_neighbour = do(neighbour)
    do(elsewhere)
    do(come_in, do_neighbour)
    assert do(complete) == [True, True, True]


class TestWithoutAnApprovedRegistration:
    @pytest.fixture(params=[None, "IN_PROGRESS", "FAILED"])
    def campaign(self, request, world, story):
        """The status of the registration of our texts."""
        story.tell(lambda: world.registry.decide_campaign(REGISTERED, request.param), request.param)

    @pytest.fixture
    def arrived(self, campaign, arrived):
        return arrived

    def test_calls_are_proven_and_done_is_not_said_until_texts_may_leave(
        self, do, world, campaign, services, work, arrived
    ):
        do(come_in, CALLER)
        work()
        assert do(complete) == [True, True, True]
        assert do(missing) == [StepName.ENROL_TEXTS, StepName.CHANGE_SENDER]
        assert do(state) is State.PORTED
        world.registry.decide_campaign(REGISTERED, "VERIFIED")
        advance(services, arrived)
        assert do(state) is State.LIVE
