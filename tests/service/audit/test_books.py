"""The audit compares the carrier's records with our rows and describes each difference in a sentence."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from provisioning.contract.numbers import Wanted
from service.alerts import Alert
from service.audit.books import UNDER_WAY, unexplained
from service.history.entries import Entry
from service.history.models import HistoryImport, ImportedRow
from service.history.sides import Placed
from service.history.taking import take
from service.inbox.models import Conversation, Direction, Message
from service.inbox.writing import write
from service.porting import projects
from service.porting.models import CarrierOrder, PortNumber
from service.porting.states import State
from service.schedule.audit_carriers import audit_carriers
from service.schedule.timetable import JOBS
from service.time import now
from tests.factories import CALLER, CUSTOMER
from tests.journeys.journey import Journey

PLAIN = "+12125552000"
SETTLED = UNDER_WAY + timedelta(minutes=1)


@pytest.fixture
def journey(services, world, clock, work, story):
    """A customer with a temporary number who has filed a port, and has had a text and answered it."""
    journey = Journey(services, world, clock, work, story)
    journey.temporary = journey.sign_up()
    journey.file(PLAIN)

    def talk():
        world.text(CALLER, journey.temporary, "Are you open?")
        work()
        with services.sessions.begin() as session:
            write(session, session.scalars(select(Conversation)).one(), "Until six.", None)
        work()
        clock.jump(timedelta(seconds=10))
        work()

    story.come_to(talk)
    return journey


@pytest.fixture
def found(services, clock, work):
    """The differences that the audit finds once everything due is done."""

    def found():
        clock.jump(SETTLED)
        work()
        return unexplained(services, services.home)

    return found


def the(services, kind):
    with services.sessions() as session:
        return session.scalars(select(kind).order_by(kind.id)).first()


def change(services, kind, **values):
    with services.sessions.begin() as session:
        session.execute(update(kind).values(values))


def test_nothing_is_unexplained_while_a_port_is_under_way(journey, found):
    journey.pass_time(timedelta(minutes=5))
    assert found() == []


def test_nothing_is_unexplained_after_a_journey(journey, world, found):
    journey.pass_time(timedelta(seconds=10))
    world.sign(PLAIN, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    journey.pass_time_until(journey.committed() + timedelta(minutes=1))
    journey.pass_time(timedelta(minutes=15), steps=15)
    assert found() == []
    journey.prove(PLAIN)
    assert journey.state() == State.LIVE
    journey.pass_time(timedelta(minutes=30))
    assert found() == []


def test_nothing_is_unexplained_after_a_cancel(journey, found):
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=10), steps=2)
    assert journey.state() == State.CANCELED
    assert found() == []


def test_what_has_only_just_happened_is_left_for_the_next_audit(services, world, journey, clock, found):
    world.faults.add("drop")
    world.text(CALLER, journey.temporary, "Hello")
    clock.jump(timedelta(minutes=1))
    assert unexplained(services, services.home) == []
    assert len(found()) == 1


def test_a_number_at_the_carrier_that_nobody_knows_is_found(services, journey, found):
    numbers = services.network(services.home).numbers
    bought = numbers.search(Wanted("US", "415"))[0].number
    numbers.buy(bought, "of-somebody-else", services.routing(services.home))
    assert found() == [f"Number {bought} is at {services.home} and in no row of ours."]


def test_a_number_of_ours_that_is_gone_at_the_carrier_is_found(services, journey, found):
    numbers = services.network(services.home).numbers
    numbers.release(numbers.find(journey.temporary).reference)
    assert found() == [f"Number {journey.temporary} is held by a line and not at {services.home}."]


def test_a_text_that_came_in_and_that_we_miss_is_found(services, world, journey, found):
    world.faults.add("drop")
    missed = world.text(CALLER, journey.temporary, "Hello")
    assert found() == [f"Text {missed.sid} came in at {services.home} and is in no inbox."]


def test_a_text_in_an_inbox_that_never_came_in_is_found(services, world, journey, found):
    reference = the(services, Message).reference
    del world.state.messages[reference]
    assert found() == [f"Text {reference} is in an inbox and never came in at {services.home}."]


def test_texts_brought_from_another_service_are_not_looked_for_at_the_carrier(services, journey, found):
    with services.sessions.begin() as session:
        talk = session.scalars(select(Conversation)).one()
        work = HistoryImport(workspace_id=talk.line.workspace_id, line_id=talk.line_id)
        session.add(work)
        session.flush()
        text = Entry(direction="in", sender=CALLER, recipient=journey.temporary, text="Before")
        take(session, work, [Placed(text, Direction.IN, CALLER, journey.temporary, now())], 10)
    assert the(services, ImportedRow).message_id
    assert found() == []


def test_a_text_to_a_number_of_nobodys_is_nobodys(services, world, journey, found):
    numbers = services.network(services.home).numbers
    nobodys = numbers.search(Wanted("US", "415"))[0].number
    numbers.buy(nobodys, "of-somebody-else", services.routing(services.home))
    world.text(CALLER, nobodys, "Hello")
    assert not any(sentence.startswith("Text") for sentence in found())


@pytest.mark.parametrize("recipient", [CALLER, CUSTOMER], ids=["out of the inbox", "about a port"])
def test_texts_that_only_one_side_says_have_left_are_found(services, world, journey, found, recipient):
    sent = next(text for text in world.state.messages.values() if text.to == recipient)
    ours = sent.sid
    del world.state.messages[sent.sid]
    sent.sid = f"SM{7:032}"
    world.state.messages[sent.sid] = sent
    assert found() == [
        f"Text {sent.sid} left {services.home} and is in no row of ours.",
        f"Text {ours} counts as sent and never left {services.home}.",
    ]


def test_a_port_whose_state_the_carrier_sees_otherwise_is_found(services, journey, found):
    change(services, PortNumber, state=State.LIVE)
    reference = the(services, CarrierOrder).reference
    assert found() == [
        f"Number {PLAIN} of order {reference} is live with us and awaiting_signature at {services.home}."
    ]


def test_an_order_that_only_the_carrier_knows_is_found(services, world, journey, found):
    stranger = world.port_for(PLAIN).sid
    change(services, CarrierOrder, reference=f"KW{0:032}")
    assert found() == [
        f"Order {stranger} is at {services.home} and in no row of ours.",
        f"Order KW{0:032} is in a row of ours and not at {services.home}.",
    ]


def test_operators_are_told_daily_and_once(services, world, journey, work, clock):
    world.faults.add("drop")
    missed = world.text(CALLER, journey.temporary, "Hello")
    clock.jump(SETTLED)
    for _ in range(2):
        audit_carriers(services)
        work()
    told = the(services, Alert)
    assert (told.kind, told.about, told.details["count"]) == ("books_differ", services.home, 1)
    assert missed.sid in told.details["differences"][0]
    assert [job.every.days for job in JOBS if job.run is audit_carriers] == [1]


def test_the_command_is_silent_on_a_good_day_and_fails_on_others(app, services, world, journey, found):
    command = app.test_cli_runner()
    assert found() == []
    assert command.invoke(args=["audit"]).exit_code == 0
    numbers = services.network(services.home).numbers
    numbers.release(numbers.find(journey.temporary).reference)
    result = command.invoke(args=["audit"])
    assert (result.exit_code, result.output) == (
        1,
        f"Number {journey.temporary} is held by a line and not at {services.home}.\n",
    )
    world.faults.add("outage")
    result = command.invoke(args=["audit"])
    assert result.exit_code == 1
    assert "its books were not compared" in result.output
