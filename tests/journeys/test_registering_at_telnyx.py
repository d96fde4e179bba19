"""A business registers at the second carrier, and texts to the United States leave that were refused before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.messaging import MessageStatus
from provisioning.contract.registration import Stage
from sandbox.telnyx.ten_dlc import BRAND, CAMPAIGN
from service.errors import Conflict
from service.inbox import writing
from service.inbox.models import Message
from service.lines.models import Line, PhoneNumber
from service.registration.models import Business, Registration, Subject
from service.registration.submitting import begin, fee_to_begin, try_again
from service.schedule.poll_registrations import ready_numbers
from tests.factories import CALLER, a_business, a_caller, a_line


@pytest.fixture
def carriers(second_carrier):
    return second_carrier


@pytest.fixture
def number(services, work):
    """The number of a business that has not registered."""
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber.number)).one()


@pytest.fixture
def register(services, number, work):
    """Have the business registered with these answers; its fee in cents."""

    def register(**answers):
        with services.sessions.begin() as session:
            business = a_business(session, session.scalars(select(Line.workspace_id)).one(), **answers)
            fee = fee_to_begin(services, business)
            begin(session, services, business, fee)
        work()
        return fee

    return register


@pytest.fixture
def let_minutes_pass(services, work, let_pass):
    """The carrier decides, each minute once, and tells us by callbacks alone."""

    def let_minutes_pass(minutes):
        for _ in range(minutes):
            let_pass(60)
            work()
        ready_numbers(services)
        work()

    return let_minutes_pass


def stages(services):
    with services.sessions() as session:
        return {one.subject: one.stage for one in session.scalars(select(Registration))}


def write(services, text):
    with services.sessions.begin() as session:
        conversation = a_caller(session, session.scalars(select(Line)).one())
        writing.write(session, conversation, text, None)


def test_a_text_that_was_refused_leaves_once_the_business_is_registered(
    services, number, register, let_minutes_pass, work, world
):
    with pytest.raises(Conflict, match="once carriers have approved your business"):
        write(services, "Too early.")
    assert register() == 1950
    let_minutes_pass(8)
    assert set(stages(services).values()) == {Stage.APPROVED}
    let_minutes_pass(1)
    write(services, "Your cake is ready.")
    work()
    let_minutes_pass(1)
    with services.sessions() as session:
        assert session.scalars(select(Message.status)).one() is MessageStatus.DELIVERED
    assert [text.body for text in world.phone(CALLER).texts] == ["Your cake is ready."]


def test_what_is_refused_is_corrected_and_sent_again(services, register, let_minutes_pass, work, world):
    register(tax_id="12-3450795")
    let_minutes_pass(1)
    with services.sessions.begin() as session:
        refused = session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one()
        assert (refused.stage, [one["field"] for one in refused.objections]) == (Stage.REFUSED, ["tax_id"])
        session.scalars(select(Business)).one().tax_id = "12-3456789"
        try_again(session, refused, 0)
    work()
    let_minutes_pass(8)
    assert stages(services)[Subject.PROGRAM] is Stage.APPROVED
    assert len([one for one in world.state.kept.values() if one.kind == BRAND]) == 1


@pytest.mark.parametrize(("lost", "at"), [("*/10dlc/brand", 1), ("*/10dlc/campaignBuilder", 0)])
def test_a_fee_is_paid_once_though_an_answer_was_lost(services, register, journey, world, lost, at):
    world.faults.add("lose-after", path=lost, count=1).skip = at  # businesses are listed before
    register()
    journey.pass_time(timedelta(minutes=30), steps=10)
    kinds = [one.kind for one in world.state.kept.values()]
    assert (kinds.count(BRAND), kinds.count(CAMPAIGN)) == (1, 1)
    assert stages(services)[Subject.PROGRAM] is Stage.APPROVED
