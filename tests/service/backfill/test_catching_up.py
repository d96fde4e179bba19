"""Callbacks missed in an outage of ours are caught up with once, and an operator is alerted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.numbers import Wanted
from service.alerts import Alert
from service.arrivals import ProcessedText
from service.backfill.catching_up import OUTAGE, OVERLAP, SETTLING, catch_up
from service.carrier_cursors import Cursor
from service.carrier_errors import carrier_errors
from service.inbox.models import Call, Message, Outcome
from service.lines.inventory import numbers_of
from service.optouts import stopped
from service.porting.models import CarrierOrder
from service.porting.states import State
from service.queue import connection_of
from service.unannounced import LATE, Silence, Unannounced, count_unannounced
from tests.factories import CALLER, a_line
from tests.journeys.journey import Journey

PLAIN = "+12125552000"


@pytest.fixture
def number(services, work):
    """A line's own number."""
    with services.sessions.begin() as session:
        line_id = a_line(session, services).id
    work()
    with services.sessions() as session:
        return numbers_of(session, line_id)[0].number


@pytest.fixture
def look(services, work, clock):
    """Catch up with the carrier, after the delay within which callbacks may still come."""

    def look():
        clock.jump(SETTLING + timedelta(seconds=1))
        catch_up(services, carrier=services.home)
        work()

    return look


@pytest.fixture
def journey(services, world, clock, work):
    return Journey(services, world, clock, work)


def rows(services, kind):
    with services.sessions() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def texts(services):
    return [message.text for message in rows(services, Message)]


def test_texts_of_an_outage_come_in_afterwards_oldest_first_and_once(services, world, clock, number, look):
    look()
    world.faults.add("drop")
    for minute in range(5):
        world.text(CALLER, number, f"text {minute}")
        clock.jump(timedelta(minutes=6))
    world.faults.clear()
    assert texts(services) == []
    for _ in range(3):
        look()
    assert texts(services) == [f"text {minute}" for minute in range(5)]


def test_a_text_keeps_the_time_at_which_it_came_to_the_carrier(services, world, clock, number, look):
    world.faults.add("drop")
    world.text(CALLER, number, "Hello")
    came = clock.now()
    clock.jump(timedelta(hours=3))
    look()
    assert rows(services, Message)[0].at == came


def test_a_call_that_came_before_its_number_was_routed_is_a_missed_call(services, world, clock, number, look):
    [held] = [each for each in world.state.numbers.values() if each.phone_number == number]
    routed, held.settings["voice_url"], held.settings["status_callback"] = held.settings["voice_url"], "", ""
    world.call(CALLER, number)
    came, held.settings["voice_url"] = clock.now(), routed
    clock.jump(timedelta(minutes=3))
    for _ in range(2):
        look()
    [call] = rows(services, Call)
    assert (call.outcome, call.at, call.number) == (Outcome.MISSED, came, number)
    with services.sessions() as session:
        assert count_unannounced(session)[Silence.TEXT] == 0


def test_a_call_that_ended_while_we_were_away_does_not_ring_for_ever(services, world, number, work, look):
    world.faults.add("drop", path="*/webhooks/*/call-status")
    world.call(CALLER, number)
    work()
    assert [call.outcome for call in rows(services, Call)] == [Outcome.RINGING]
    look()
    assert [call.outcome for call in rows(services, Call)] == [Outcome.MISSED]


def test_a_missed_text_counts_as_missed_and_one_that_was_told_does_not(services, world, clock, work, number, look):
    world.text(CALLER, number, "told")
    work()
    world.faults.add("drop")
    world.text(CALLER, number, "untold")
    look()
    clock.jump(LATE + timedelta(seconds=1))
    with services.sessions() as session:
        assert count_unannounced(session) == {Silence.TEXT: 1, Silence.ORDER: 0}


def test_a_callback_that_comes_after_all_is_not_counted_and_brings_nothing_twice(
    services, world, clock, work, number, look
):
    world.faults.add("delay", seconds=180)
    world.text(CALLER, number, "late")
    look()
    assert texts(services) == ["late"]
    clock.jump(timedelta(minutes=10))
    work()
    assert texts(services) == ["late"]
    with services.sessions() as session:
        assert count_unannounced(session) == {Silence.TEXT: 0, Silence.ORDER: 0}


def test_a_text_that_has_only_just_come_is_left_to_its_callback(services, world, number):
    world.faults.add("drop")
    world.text(CALLER, number, "just now")
    catch_up(services, carrier=services.home)
    assert texts(services) == []


def test_a_text_to_our_own_number_is_heeded_once(services, world, look):
    world.faults.add("drop")
    world.text(CALLER, services.settings.platform_number, "STOP")
    for _ in range(3):
        look()
    with services.sessions() as session:
        assert stopped(session, CALLER)
    assert len(rows(services, ProcessedText)) == 1


def test_an_answered_question_to_our_own_number_does_not_come_back_to_the_operators(services, world, clock, look):
    world.faults.add("drop")
    world.text(CALLER, services.settings.platform_number, "Who is this?")
    look()
    with services.sessions.begin() as session:
        session.scalars(select(Alert).where(Alert.kind == "text_to_platform")).one().seen_at = clock.now()
    look()
    assert next(alert for alert in rows(services, Alert) if alert.kind == "text_to_platform").seen_at


def test_a_text_on_a_number_of_nobodys_does_not_keep_the_others_out(services, world, work, number, look):
    numbers = services.network(services.home).numbers
    nobodys = numbers.search(Wanted("US", "415"))[0].number
    numbers.buy(nobodys, "of-somebody-else", services.routing(services.home))
    world.faults.add("drop")
    world.text(CALLER, nobodys, "not ours")
    world.text(CALLER, number, "ours")
    look()
    assert texts(services) == ["ours"]


def test_port_states_of_an_outage_are_asked_for_at_once(services, world, clock, work, journey, look):
    journey.sign_up()
    journey.file(PLAIN)
    journey.pass_time(timedelta(seconds=10))
    world.faults.add("drop")
    world.sign(PLAIN, "Alice Baker")
    clock.jump(OUTAGE + timedelta(hours=4))
    work()
    assert journey.state() == State.AWAITING_SIGNATURE
    look()
    assert journey.state() == State.SCHEDULED
    clock.jump(LATE + timedelta(seconds=1))
    with services.sessions() as session:
        assert count_unannounced(session)[Silence.ORDER] == 1


def test_a_port_whose_every_callback_came_misses_none(services, journey):
    journey.sign_up()
    journey.schedule(PLAIN)
    journey.pass_time_until(journey.committed() + timedelta(minutes=2))
    journey.pass_time(timedelta(minutes=30))
    assert journey.state() == State.PORTED
    with services.sessions() as session:
        assert count_unannounced(session) == {Silence.TEXT: 0, Silence.ORDER: 0}


def test_an_order_nobody_here_filed_is_shown_to_an_operator_once(services, world, clock, journey, look):
    journey.sign_up()
    journey.file(PLAIN)
    with services.sessions.begin() as session:
        session.scalars(select(CarrierOrder)).one().reference = "KW" + "0" * 32
    stranger = world.port_for(PLAIN).sid
    look()
    with services.sessions.begin() as session:
        # a retry waits in real time
        connection_of(session).execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    look()
    with services.sessions.begin() as session:
        told = select(Alert).where(Alert.kind == "callback_for_unknown_order", Alert.about.endswith(stranger))
        session.scalars(told).one().seen_at = clock.now()
    look()
    with services.sessions() as session:
        assert session.scalars(told).one().seen_at


def test_a_carrier_that_gives_no_answer_is_asked_for_the_same_again(services, world, clock, number, look):
    look()
    reached = rows(services, Cursor)[0].reached_at
    world.faults.add("drop")
    world.text(CALLER, number, "Hello")
    world.faults.add("outage", lasting=3600)
    clock.jump(timedelta(minutes=30))
    look()
    failing = rows(services, Cursor)[0]
    assert (failing.reached_at, bool(failing.failing_since)) == (reached, True)
    clock.jump(OVERLAP + timedelta(hours=2))
    look()
    assert texts(services) == ["Hello"]
    assert rows(services, Cursor)[0].failing_since is None


def test_errors_of_a_carrier_are_counted_by_kind(services, world, look):
    world.faults.add("outage", lasting=3600)
    look()
    with services.sessions() as session:
        assert carrier_errors(session) == {"unavailable": 1, "refused": 0, "conflict": 0, "broken": 0}


def test_a_text_that_cannot_be_taken_in_is_shown_to_an_operator_and_the_rest_comes_in(services, world, number, look):
    world.faults.add("drop")
    world.text(CALLER, number, "x" * 20)
    world.text(CALLER, number, "fine")
    with services.sessions.begin() as session:
        connection_of(session).execute("ALTER TABLE messages ADD CONSTRAINT too_long CHECK (length(text) < 10)")
    try:
        look()
    finally:
        with services.sessions.begin() as session:
            connection_of(session).execute("ALTER TABLE messages DROP CONSTRAINT too_long")
    assert texts(services) == ["fine"]
    assert "text_not_taken_in" in [alert.kind for alert in rows(services, Alert)]


def test_a_text_that_cannot_be_read_is_shown_once_and_keeps_no_other_out(services, world, clock, number, look):
    world.faults.add("drop")
    odd = world.text(CALLER, number, "from nobody")
    world.text(CALLER, number, "fine")
    odd.from_ = None
    look()
    assert texts(services) == ["fine"]
    shown = select(Alert).where(Alert.kind == "text_not_taken_in")
    with services.sessions.begin() as session:
        [alert] = session.scalars(shown)
        assert alert.about == f"{services.home}:{odd.sid}"
        alert.seen_at = clock.now()
    look()
    with services.sessions() as session:
        assert session.scalars(shown).one().seen_at
    assert rows(services, Cursor)[0].failing_since is None


def test_what_was_missed_is_a_row_with_the_carriers_reference(services, world, number, look):
    world.faults.add("drop")
    sent = world.text(CALLER, number, "Hello")
    look()
    assert [(row.silence, row.reference) for row in rows(services, Unannounced)] == [(Silence.TEXT, sent.sid)]
