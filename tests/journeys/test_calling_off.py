"""Cancels and changes at odd moments: the carrier ends with exactly the orders that are wanted."""

from datetime import timedelta

from sandbox.porting.records import NumberStatus
from service.notifications.models import NoticeKind
from service.porting import projects
from service.porting.asking import ask_carrier
from service.porting.queries import canceled_orders_to_ask
from service.porting.states import State
from service.schedule.poll_carriers import WATCHED_AFTER_CANCELING
from tests.factories import GOOD_ACCOUNT_NUMBER

PLAIN = "+12125552000"
WRONG_ACCOUNT = "+14155553156"


def carriers_word(world, number):
    """Where each request of a number is at the carrier, oldest first."""
    items = [item for port in world.state.port_ins.values() for item in port.numbers if item.phone_number == number]
    return [item.status.value for item in items]


def correct(journey):
    """The customer corrects it, and the carrier lets the earlier order go; the clock of ours asks nothing meanwhile."""
    journey.ask(projects.correct, {"account_number": GOOD_ACCOUNT_NUMBER})
    journey.work()
    journey.clock.jump(timedelta(minutes=5))
    journey.work()


def test_what_the_carrier_did_not_take_is_canceled_at_once(journey, world):
    journey.sign_up()
    world.faults.add("error", path="*/Porting/PortIn", status=400, count=1)
    journey.file(PLAIN)
    assert journey.state() == State.ACTION_REQUIRED
    journey.ask(projects.cancel)
    journey.work()
    assert journey.state() == State.CANCELED
    assert journey.told()[-1] == NoticeKind.CANCELED


def test_what_the_carrier_does_not_take_after_it_was_called_off_is_canceled(journey, world):
    journey.sign_up()
    world.faults.add("lose-before", path="*/Porting/PortIn", count=1)
    journey.file(PLAIN)
    journey.ask(projects.cancel)
    assert journey.state() == State.CANCEL_REQUESTED
    world.faults.add("error", path="*/Porting/PortIn", status=400, count=1)
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert journey.state() == State.CANCELED


def test_an_order_that_turns_up_after_it_was_called_off_is_canceled_at_the_carrier(journey, world):
    journey.sign_up()
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    journey.file(PLAIN)
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=5), steps=3)
    assert carriers_word(world, PLAIN) == ["canceled"]
    assert journey.state() == State.CANCELED


def test_a_correction_that_is_called_off_while_it_is_being_filed_is_canceled_at_the_carrier(journey, world):
    journey.sign_up()
    journey.be_rejected(WRONG_ACCOUNT)
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    correct(journey)
    assert len(carriers_word(world, WRONG_ACCOUNT)) == 2
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=5), steps=3)
    assert carriers_word(world, WRONG_ACCOUNT) == ["canceled", "canceled"]
    assert journey.state() == State.CANCELED


def test_a_correction_that_nobody_has_begun_to_file_is_canceled_at_once(journey, world):
    journey.sign_up()
    journey.be_rejected(WRONG_ACCOUNT)
    world.faults.add("throttle", path="*/Porting/PortIn", count=1)
    correct(journey)
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(minutes=5), steps=3)
    assert carriers_word(world, WRONG_ACCOUNT) == ["canceled"]
    assert journey.state() == State.CANCELED


def test_a_cancel_that_waits_for_its_next_try_holds_up_no_news_of_a_number_that_comes_after_all(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    world.faults.add("error", path="*/Porting/PortIn/*", count=1)
    journey.ask(projects.cancel)
    journey.work(failing=True)
    world.complete(PLAIN, PLAIN)
    journey.work()
    assert journey.state() == State.PORTED


def test_another_day_is_filed_though_news_of_the_earlier_order_comes_in_that_moment(journey, world):
    journey.sign_up()
    journey.file(PLAIN)
    journey.clock.jump(timedelta(seconds=10))
    journey.work()
    journey.ask(projects.reschedule, None)
    world.sign(PLAIN, "Alice Baker")
    journey.clock.jump(timedelta(minutes=30))
    world.run_due()
    ask_carrier(journey.services, order_id=1)
    assert journey.state() != State.SUBMITTING
    journey.work()
    journey.clock.jump(timedelta(minutes=5))
    journey.work()
    assert carriers_word(world, PLAIN) == ["canceled", "in_review"]
    assert journey.state() == State.IN_REVIEW
    assert NoticeKind.CANCELED not in journey.told()


def test_an_order_that_ends_before_we_have_ever_seen_it_has_ended(journey, world):
    journey.sign_up()
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    journey.file(PLAIN)
    world.cancel_number(PLAIN, PLAIN)
    journey.pass_time(timedelta(minutes=1), steps=2)
    assert journey.state() == State.CANCELED


def test_a_number_that_comes_after_a_granted_cancel_is_noticed_without_any_callback(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(days=1), steps=4)
    assert journey.state() == State.CANCELED
    world.faults.add("drop")
    order = world.port_for(PLAIN)
    order.numbers[0].status = NumberStatus.PORT_PENDING
    world.complete(order.sid, PLAIN)
    journey.pass_time(timedelta(days=1, hours=2), steps=2)
    assert journey.state() == State.PORTED


def test_an_order_that_was_canceled_long_ago_is_left_in_peace(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(days=1), steps=4)
    journey.clock.jump(WATCHED_AFTER_CANCELING)
    with journey.services.sessions() as session:
        before = journey.clock.now()
        assert canceled_orders_to_ask(session, before=before, watched=WATCHED_AFTER_CANCELING) == []
