"""Ports by the second carrier, which makes drafts of a filing: from filed to ported, and what may be lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.order_comments import TelnyxOrderComments
from provisioning.carriers.telnyx.porting import TelnyxPorting
from provisioning.carriers.telnyx.settings import Settings
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.carrier import Carrier
from provisioning.http import Outgoing
from sandbox.exchange import TELNYX_KEY
from sandbox.telnyx.keys import public_key
from service.accounts.models import User
from service.alerts import Alert, AlertKind
from service.desk.acts import comment_on_order
from service.desk.carrier_change import ask_other_carrier
from service.desk.log import DeskAct, DeskEntry
from service.errors import Invalid
from service.notifications.models import NoticeKind
from service.porting import projects
from service.porting.asking import ask_about
from service.porting.models import CarrierOrder, Cause, PortNumber, PortProject
from service.porting.order_comments import OrderComment
from service.porting.states import Command, State
from service.porting.transitions import Transition, transition_together
from tests.conftest import SANDBOX
from tests.factories import OWN, sign_letters
from tests.journeys.journey import SigningJourney

ANOTHER = "+18007362672"
TOLL_FREE, SPLIT_AT_ONCE, SPLIT_LATER = "+18007362671", "+18007364502", "+18007364503"


@pytest.fixture
def carriers(carriers, to_carrier):
    """Numbers cannot live at the second carrier yet, so it brings in what the first leaves to its staff."""
    settings = Settings(TELNYX_KEY, public_key(TELNYX_KEY), base_url=SANDBOX)
    client = Client(Outgoing(to_carrier, settings.base_url), settings)
    porting = TelnyxPorting(client, Targets(client, ""), lambda subject: f"http://nobody.test/{subject}")
    comments = TelnyxOrderComments(client)
    return carriers | {
        "telnyx": Carrier("telnyx", porting, network=None, rehearsal=True, comments=comments, title="Telnyx")
    }


@pytest.fixture
def journey(services, world, clock, work, story):
    return SigningJourney(services, world, clock, work, story)


@pytest.fixture
def again(services, work):
    """Have the jobs that failed tried again, which they are in real time."""

    def again(**how):
        with services.sessions.begin() as session:
            session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        work(**how)

    return again


def waits_for_signature(journey, *numbers):
    journey.sign_up()
    journey.draft(*(numbers or (TOLL_FREE,)))
    journey.ask(projects.submit)
    journey.work()


def sign(journey):
    with journey.services.sessions.begin() as session:
        sign_letters(session, journey.services)


def orders(world):
    return list(world.state.port_orders.values())


def pass_days(journey, days):
    for _ in range(days):
        journey.pass_time(timedelta(days=1))


def test_a_number_is_ported_from_filing_to_arrival(journey, world):
    journey.sign_up()
    journey.file(TOLL_FREE)
    assert journey.state() == State.IN_REVIEW
    [order] = orders(world)
    assert (order.numbers, order.status) == ([TOLL_FREE], "in-process")
    journey.pass_time(timedelta(hours=25))
    assert journey.state() == State.SCHEDULED
    journey.pass_time_until(journey.committed())
    journey.pass_time(timedelta(minutes=2), steps=2)
    assert journey.state() == State.PORTED
    assert journey.told()[:3] == [NoticeKind.SUBMITTED, NoticeKind.SIGNATURE_WANTED, NoticeKind.DATE_SET]


def test_a_filing_whose_answer_was_lost_makes_one_order(journey, world):
    journey.sign_up()
    world.faults.add("lose-after", path="*/porting_orders", count=1)
    journey.file(TOLL_FREE)
    journey.pass_time(timedelta(minutes=1))
    assert [order.status for order in orders(world)] == ["in-process"]
    assert journey.state() == State.IN_REVIEW


@pytest.mark.parametrize("path", ["*/documents", "*/actions/confirm"])
def test_a_draft_whose_completing_was_interrupted_goes_on_where_it_stopped(journey, world, work, again, path):
    waits_for_signature(journey)
    lost = world.faults.add("lose-after", path=path, count=1)
    sign(journey)
    work(failing=True)
    again()
    assert lost.struck == 1
    assert [order.status for order in orders(world)] == ["in-process"]
    assert journey.state() == State.IN_REVIEW


def test_a_draft_that_is_canceled_before_it_was_sent_is_deleted(journey, world, work, again):
    waits_for_signature(journey)
    world.faults.add("outage", path="*/documents")
    sign(journey)
    work(failing=True)
    assert (journey.state(), [order.status for order in orders(world)]) == (State.SUBMITTING, ["draft"])
    journey.ask(projects.cancel)
    world.faults.clear()
    again()
    assert (journey.state(), orders(world)) == (State.CANCELED, [])


def call_off(journey, called_off):
    with journey.services.sessions.begin() as session:
        row = session.scalars(select(PortNumber).where(PortNumber.number == called_off)).one()
        transition_together(session, journey.services, [Transition(row, Command.CANCEL)], Cause.CUSTOMER)


def test_a_draft_of_which_one_number_was_called_off_is_deleted_and_the_other_filed_anew(journey, world, work, again):
    waits_for_signature(journey, TOLL_FREE, ANOTHER)
    world.faults.add("outage", path="*/documents")
    sign(journey)
    work(failing=True)
    assert [(order.numbers, order.status) for order in orders(world)] == [([TOLL_FREE, ANOTHER], "draft")]
    call_off(journey, ANOTHER)
    world.faults.clear()
    again()
    journey.sign_letters()
    assert [(order.numbers, order.status) for order in orders(world)] == [([TOLL_FREE], "in-process")]
    assert (journey.state(TOLL_FREE), journey.state(ANOTHER)) == (State.IN_REVIEW, State.CANCELED)
    with journey.services.sessions() as session:
        assert AlertKind.CANCEL_NEEDS_STAFF not in session.scalars(select(Alert.kind)).all()


def test_a_refused_draft_of_which_one_number_was_called_off_is_filed_anew_as_corrected(journey, world):
    journey.sign_up()
    world.faults.add("error", path="*/confirm", count=1, status=422)
    journey.file(TOLL_FREE, ANOTHER)
    assert [order.status for order in orders(world)] == ["draft"]
    call_off(journey, ANOTHER)
    journey.work()
    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    journey.sign_letters()
    assert [(order.numbers, order.status) for order in orders(world)] == [([TOLL_FREE], "in-process")]
    assert (journey.state(TOLL_FREE), journey.state(ANOTHER)) == (State.IN_REVIEW, State.CANCELED)


def test_a_correction_that_the_order_does_not_take_now_waits_for_the_customer_again(journey, world):
    journey.sign_up()
    world.faults.add("error", path="*/confirm", count=1, status=422)
    journey.file(TOLL_FREE)
    world.faults.add("error", path="*/confirm", count=1, status=409)
    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    assert journey.state() == State.ACTION_REQUIRED
    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    assert journey.state() == State.IN_REVIEW


def test_what_is_rejected_is_corrected_and_goes_on_in_the_same_order(journey, world):
    wrong = "+18007363156"
    journey.sign_up()
    journey.file(wrong, account_number="1")
    pass_days(journey, 2)
    assert journey.state() == State.ACTION_REQUIRED
    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    assert journey.state() == State.IN_REVIEW
    pass_days(journey, 2)
    assert journey.state() == State.SCHEDULED
    assert len(orders(world)) == 1


def test_a_draft_that_is_refused_waits_for_the_customer_and_is_sent_as_corrected(journey, world):
    journey.sign_up()
    world.faults.add("error", path="*/confirm", count=1, status=422)
    journey.file(TOLL_FREE)
    assert journey.state() == State.ACTION_REQUIRED
    assert [order.status for order in orders(world)] == ["draft"]
    journey.ask(projects.correct, {"account_number": "1000200030"})
    journey.work()
    assert journey.state() == State.IN_REVIEW
    assert [order.status for order in orders(world)] == ["in-process"]


@pytest.mark.parametrize("lost", ["*/porting_orders", "*/porting_orders/*/actions/confirm"])
def test_a_filing_that_becomes_two_orders_sends_each_once(journey, world, work, again, lost):
    waits_for_signature(journey, TOLL_FREE, SPLIT_AT_ONCE)
    world.faults.add("lose-after", path=lost, count=1)
    sign(journey)
    work(failing=True)
    journey.pass_time(timedelta(seconds=3))
    again()
    assert sorted((order.numbers, order.status) for order in orders(world)) == [
        ([TOLL_FREE], "in-process"),
        ([SPLIT_AT_ONCE], "in-process"),
    ]
    assert {journey.state(number) for number in (TOLL_FREE, SPLIT_AT_ONCE)} == {State.IN_REVIEW}


def test_one_order_of_a_filing_is_refused_and_the_other_goes_on(journey, world):
    journey.sign_up()
    world.faults.add("error", path="*/confirm", count=1, status=422)
    journey.file(TOLL_FREE, SPLIT_AT_ONCE)
    states = {journey.state(number) for number in (TOLL_FREE, SPLIT_AT_ONCE)}
    assert states == {State.ACTION_REQUIRED, State.IN_REVIEW}


def test_an_order_that_is_split_off_is_followed_too(journey, world, services):
    journey.sign_up()
    journey.file(TOLL_FREE, SPLIT_LATER)
    journey.pass_time(timedelta(minutes=10), steps=2)
    references = {order.sid for order in orders(world)}
    assert len(references) == 2
    for reference in references:
        ask_about(services, carrier="telnyx", reference=reference)
    journey.pass_time(timedelta(hours=25))
    assert {journey.state(number) for number in (TOLL_FREE, SPLIT_LATER)} == {State.SCHEDULED}
    with services.sessions() as session:
        assert {order.reference for order in session.scalars(select(CarrierOrder))} == references
        alerts = set(session.scalars(select(Alert.kind)))
    assert alerts.isdisjoint({AlertKind.CALLBACK_FOR_UNKNOWN_ORDER, AlertKind.NUMBER_OF_ANOTHER_ORDER})


def test_the_desk_and_the_carriers_staff_write_to_each_other_about_an_order(journey, world, services, work, again):
    journey.sign_up()
    journey.file(TOLL_FREE)
    lost = world.faults.add("lose-after", path="*/comments", count=1)
    with services.sessions.begin() as session:
        order = session.scalars(select(CarrierOrder)).one()
        author = User(email="dan@desk.example", name="Dan", fs_uniquifier="dan")
        session.add(author)
        session.flush()
        comment_on_order(session, services, order.attempt.project, order, author, "Please ask for a date.")
    work(failing=True)
    again()
    [filed] = orders(world)
    assert (lost.struck, [comment.body for comment in filed.comments]) == (1, ["Please ask for a date."])
    world.port_orders.comment(filed, "We asked, they answer tomorrow.", "admin")
    for _ in range(2):
        ask_about(services, carrier="telnyx", reference=filed.sid)
        work()
    with services.sessions() as session:
        told = [
            (one.text, one.sent_at is None) for one in session.scalars(select(OrderComment).order_by(OrderComment.id))
        ]
    assert told == [("Please ask for a date.", False), ("We asked, they answer tomorrow.", True)]


def test_a_transfer_is_moved_to_another_carrier_once_that_one_takes_it_and_the_old_order_is_canceled(
    journey, world, services, work
):
    journey.sign_up()
    journey.file(OWN)
    with services.sessions.begin() as session:
        dan = User(email="dan@desk.example", name="Dan", fs_uniquifier="dan")
        session.add(dan)
        session.flush()
        project = session.scalars(select(PortProject)).one()
        assert project.numbers[0].order.carrier == "twilio"
        ask_other_carrier(session, services, project, dan.id, "telnyx")
        with pytest.raises(Invalid):
            ask_other_carrier(session, services, project, dan.id, "twilio")
    journey.pass_time(timedelta(minutes=5), steps=3)
    sign(journey)
    journey.pass_time(timedelta(minutes=5), steps=4)
    with services.sessions() as session:
        acts = list(session.scalars(select(DeskEntry.act).order_by(DeskEntry.id)))
        carriers = list(session.scalars(select(CarrierOrder.carrier).order_by(CarrierOrder.id)))
        assert session.scalars(select(PortNumber)).one().order.carrier == "telnyx"
    assert acts == [DeskAct.CARRIER_ASKED, DeskAct.SENT_AGAIN, DeskAct.CARRIER_CHANGED]
    assert carriers == ["twilio", "telnyx"]
