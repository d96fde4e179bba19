"""Faults of porting known from other systems: doubled, late, lost and contradictory news."""

from datetime import timedelta

import pytest
from psycopg import sql
from sqlalchemy import select, text

from provisioning.contract.errors import Unavailable
from sandbox.faults import WebhookSpelling
from service.alerts import Alert
from service.errors import Conflict, IllegalTransition, Invalid
from service.lines.models import NumberRole, PhoneNumber
from service.notifications.models import NoticeKind, Notification
from service.porting import projects
from service.porting.models import CarrierOrder, PortHistory, PortNumber, PortProject
from service.porting.states import State
from service.queue import connection_of
from tests.factories import CALLER, GOOD_ACCOUNT_NUMBER, a_draft, a_line
from tests.journeys.journey import AT_BOTH, Journey

PLAIN = "+12125552000"
ANOTHER = "+12125552001"


def orders(services):
    with services.sessions() as session:
        return list(session.scalars(select(CarrierOrder)))


def alerts(services):
    with services.sessions() as session:
        return list(session.scalars(select(Alert.kind)))


def filed_at(world, number):
    """How many port requests the carrier has for a number."""
    return sum(number in [item.phone_number for item in port.numbers] for port in world.state.port_ins.values())


def test_a_filing_whose_answer_was_lost_makes_one_order(journey, world):
    journey.sign_up()
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    journey.file(PLAIN)
    journey.pass_time(timedelta(minutes=1))
    assert len(orders(journey.services)) == 1
    assert filed_at(world, PLAIN) == 1
    assert journey.state() == State.AWAITING_SIGNATURE


def test_a_callback_that_overtakes_the_answer_to_our_own_filing_is_not_lost(journey, world):
    journey.sign_up()
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    journey.file(PLAIN)
    kw = world.port_for(PLAIN).sid
    journey.pass_time(timedelta(minutes=1))
    assert [order.reference for order in orders(journey.services)] == [kw]


@AT_BOTH
def test_lost_callbacks_are_made_up_for_by_polling(journey, world):
    journey.sign_up()
    world.faults.add("drop")
    journey.file(PLAIN)
    journey.pass_time(timedelta(days=1, hours=1))
    if journey.state() == State.AWAITING_SIGNATURE:
        world.sign(PLAIN, "Alice Baker")
        journey.pass_time(timedelta(days=1, hours=1))
    assert journey.state() == State.SCHEDULED
    journey.pass_time_until(journey.committed() - timedelta(hours=30))
    journey.pass_time_until(journey.committed() + timedelta(minutes=5))
    journey.pass_time(timedelta(minutes=10), steps=2)
    assert journey.state() == State.PORTED


@AT_BOTH
def test_doubled_callbacks_tell_the_customer_once(journey, world):
    journey.sign_up()
    world.faults.add("double")
    journey.schedule(PLAIN)
    journey.pass_time(timedelta(minutes=1))
    told = journey.told()
    assert told[:3] == [NoticeKind.SUBMITTED, NoticeKind.SIGNATURE_WANTED, NoticeKind.DATE_SET]
    assert len(journey.texts()) == len(told) == len(set(told))


@AT_BOTH
def test_forged_callbacks_change_nothing(journey, world):
    journey.sign_up()
    before = _received(journey)
    world.faults.add("forge")
    journey.file(PLAIN)
    journey.clock.jump(timedelta(seconds=10))
    journey.work()
    assert journey.state() == State.IN_REVIEW
    assert _received(journey) == before


def _received(journey):
    with journey.services.sessions() as session:
        return session.execute(text("SELECT count(*) FROM received")).scalar()


@pytest.mark.parametrize("spelling", list(WebhookSpelling))
def test_the_carriers_words_are_understood_in_any_spelling(journey, world, spelling):
    journey.sign_up()
    world.faults.webhook_spelling = spelling
    journey.schedule(PLAIN)


def test_a_date_that_moves_is_told_with_the_old_and_the_new_one(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    later = journey.committed().date() + timedelta(days=7)
    world.move_date(PLAIN, later)
    journey.work()
    assert journey.told()[-1] == NoticeKind.DATE_MOVED
    assert journey.state() == State.SCHEDULED


def test_a_date_that_is_withdrawn_is_told_and_another_one_is_waited_for(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN)
    world.withdraw_date(PLAIN)
    journey.work()
    assert journey.told()[-1] == NoticeKind.DATE_WITHDRAWN
    assert journey.state() == State.WITH_LOSING_CARRIER


def test_a_signature_that_is_never_given_is_reminded_of_and_runs_out(journey):
    journey.sign_up()
    journey.file(PLAIN)
    journey.pass_time(timedelta(seconds=10))
    for _ in range(5):
        journey.pass_time(timedelta(days=1))
    assert journey.told().count(NoticeKind.SIGNATURE_REMINDER) == 3
    journey.pass_time(timedelta(days=26))
    assert journey.state() == State.EXPIRED
    assert journey.told()[-1] == NoticeKind.EXPIRED


def test_a_number_that_cannot_be_moved_is_refused_before_anything_is_filed(journey, world):
    journey.sign_up()
    with pytest.raises(Invalid) as refusal:
        journey.file("+12125552130")
    assert "number" in refusal.value.fields
    assert world.state.port_ins == {}


def test_a_draft_with_something_missing_is_refused_field_by_field_and_nothing_is_sent(journey, world):
    journey.sign_up()
    with pytest.raises(Invalid) as refusal:
        journey.file(PLAIN, street="", authorized_person="", agreed_at=None)
    assert set(refusal.value.fields) == {"street", "authorized_person", "agreed"}
    assert journey.state() == State.DRAFT
    assert world.state.port_ins == {}


def test_a_mobile_number_wants_account_number_and_pin(journey):
    journey.sign_up()
    with pytest.raises(Invalid) as refusal:
        journey.file("+12125553100", account_number="")
    assert set(refusal.value.fields) == {"account_number", "pin"}


@AT_BOTH
def test_nothing_is_sent_twice(journey):
    journey.sign_up()
    journey.file(PLAIN)
    with pytest.raises(IllegalTransition):
        journey.ask(projects.submit)


def test_a_number_that_another_customer_is_moving_is_refused(journey, services, world, clock, work):
    other = Journey(services, world, clock, work)
    for customer in (journey, other):
        customer.sign_up()
        customer.draft(PLAIN)
    journey.ask(projects.submit)
    with pytest.raises(Conflict):
        other.ask(projects.submit)
    journey.work()
    assert filed_at(world, PLAIN) == 1


def test_a_temporary_number_of_ours_cannot_be_brought_in(journey, services):
    temporary = journey.sign_up()
    with services.sessions.begin() as session, pytest.raises(Invalid):
        a_draft(session, a_line(session, services), temporary)


def test_what_was_never_filed_is_canceled_at_once(journey, world):
    journey.sign_up()
    journey.draft(PLAIN)
    journey.ask(projects.submit)
    journey.ask(projects.cancel)
    journey.work()
    assert journey.state() == State.CANCELED
    assert world.state.port_ins == {}


def test_a_cancel_is_done_when_the_carrier_says_so(journey, world):
    journey.sign_up()
    journey.file("+12125554402")
    journey.pass_time(timedelta(seconds=10))
    journey.ask(projects.cancel)
    journey.work()
    assert journey.state() == State.CANCEL_REQUESTED
    assert NoticeKind.CANCELED not in journey.told()
    world.grant_cancel("+12125554402")
    journey.work()
    assert journey.state() == State.CANCELED
    assert journey.told()[-1] == NoticeKind.CANCELED


def test_a_cancel_within_two_days_of_the_date_is_refused_with_the_reason(journey):
    journey.sign_up()
    journey.schedule(PLAIN)
    journey.pass_time_until(journey.committed() - timedelta(hours=47))
    with pytest.raises(Conflict, match="too late"):
        journey.ask(projects.cancel)
    assert journey.state() == State.SCHEDULED


def test_a_number_that_comes_although_it_was_canceled_is_set_up_and_shown_to_an_operator(journey, world):
    journey.sign_up()
    journey.schedule("+12125554403")
    journey.ask(projects.cancel)
    journey.work()
    journey.pass_time(timedelta(minutes=12), steps=3)
    assert journey.state() == State.PORTED
    assert "look_at_port" in alerts(journey.services)
    with journey.services.sessions() as session:
        ported = session.scalar(select(PhoneNumber).where(PhoneNumber.number == "+12125554403"))
    assert ported.role is NumberRole.PRIMARY


def test_one_canceled_number_neither_cancels_nor_completes_the_others(journey, world):
    journey.sign_up()
    journey.schedule(PLAIN, "+12125554205")
    journey.pass_time_until(journey.committed() + timedelta(minutes=1))
    journey.pass_time(timedelta(minutes=2))
    assert journey.state(PLAIN) == State.PORTED
    assert journey.state("+12125554205") == State.CANCELED
    assert NoticeKind.DONE not in journey.told()


def test_every_number_of_a_rejected_order_is_told_of_by_itself(journey, world):
    journey.sign_up()
    journey.file(PLAIN, ANOTHER, "+12125552156")
    journey.pass_time(timedelta(seconds=10))
    world.sign(PLAIN, "Alice Baker")
    journey.pass_time(timedelta(hours=5))
    assert journey.state("+12125552156") == State.ACTION_REQUIRED
    assert journey.state(PLAIN) == journey.state(ANOTHER) == State.SCHEDULED


def test_a_number_the_carrier_shows_only_later_is_found_and_set_up(journey, world):
    journey.sign_up()
    journey.schedule("+12125554202")
    journey.pass_time_until(journey.committed() + timedelta(minutes=1))
    assert journey.state() == State.PORTED
    assert NoticeKind.ARRIVED not in journey.told()
    journey.pass_time(timedelta(minutes=12))
    assert journey.told()[-1] == NoticeKind.ARRIVED


def test_a_number_the_carrier_shows_early_is_routed_before_its_day(journey):
    journey.sign_up()
    journey.schedule("+12125554201")
    journey.pass_time_until(journey.committed() - timedelta(hours=40))
    with journey.services.sessions() as session:
        arriving = session.scalar(select(PhoneNumber).where(PhoneNumber.number == "+12125554201"))
    assert (arriving.role, bool(arriving.routed_at)) == (NumberRole.ARRIVING, True)


def test_texts_leave_from_the_temporary_number_until_texts_come_in_on_the_ported_one(journey, world):
    from service.lines.inventory import outgoing_number

    temporary = journey.sign_up()
    journey.schedule(PLAIN)
    journey.pass_time_until(journey.committed() + timedelta(minutes=2))
    world.call(CALLER, PLAIN)
    journey.work()
    with journey.services.sessions() as session:
        assert outgoing_number(session, journey.line_id).number == temporary
    assert journey.state() == State.PORTED
    world.text(CALLER, PLAIN, "Hello", media=["image/jpeg"])
    journey.work()
    with journey.services.sessions() as session:
        assert outgoing_number(session, journey.line_id).number == PLAIN
    journey.pass_time(timedelta(seconds=10))
    assert journey.state() == State.LIVE


def test_an_order_the_carrier_does_not_know_any_more_is_not_done(journey, services):
    journey.sign_up()
    journey.file(PLAIN)
    with services.sessions.begin() as session:
        session.scalars(select(CarrierOrder)).one().reference = "KW" + "0" * 32
    journey.pass_time(timedelta(days=2))
    assert "order_unknown_at_carrier" in alerts(services)
    assert journey.state() in {State.IN_REVIEW, State.AWAITING_SIGNATURE}


def test_a_carrier_that_is_away_is_asked_again_and_nothing_is_taken_for_a_refusal(journey, world):
    journey.sign_up()
    world.faults.add("outage", path="*/Porting/*", lasting=60)
    journey.draft(PLAIN)
    journey.work(failing=True)
    journey.ask(projects.submit)
    failures = journey.work(failing=True)
    assert all(isinstance(failure, Unavailable) for failure in failures)
    assert journey.state() == State.SUBMITTING


def everything_in(session):
    """All rows of all tables, as the database writes them."""
    cursor = connection_of(session).cursor()
    tables = cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    rows = [
        cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))).fetchall()
        for (table,) in tables
    ]
    return str(rows)


@AT_BOTH
def test_pin_and_account_number_stand_nowhere_in_clear(journey, world, services, caplog):
    pin, account = "734912", "ACCT-88271-CANARY"
    journey.sign_up()
    journey.file("+12125556001", pin=pin, account_number=account)
    journey.pass_time(timedelta(hours=1))
    with services.sessions() as session:
        dump = everything_in(session)
        project = session.get_one(PortProject, journey.project_id)
        assert (project.pin, project.account_number) == (pin, account)
    for secret in (pin, account):
        assert secret not in dump
        assert secret not in caplog.text
        assert secret not in repr(project)


@AT_BOTH
def test_pin_and_account_number_are_forgotten_when_the_port_has_ended(journey, services):
    journey.sign_up()
    journey.draft(PLAIN, pin="1234", account_number="5678")
    journey.ask(projects.cancel)
    journey.pass_time(timedelta(hours=1))
    with services.sessions() as session:
        project = session.get_one(PortProject, journey.project_id)
        assert (project.pin, project.account_number) == (None, None)


def test_a_word_nobody_knows_is_kept_and_shown_to_an_operator(journey, world, services):
    from provisioning.contract.porting import NumberSnapshot, OrderSnapshot, PortStatus
    from service.porting.learning import learn

    journey.sign_up()
    journey.file(PLAIN)
    before = journey.state()
    with services.sessions.begin() as session:
        order = session.scalars(select(CarrierOrder)).one()
        said = NumberSnapshot(PLAIN, PortStatus.UNKNOWN, word="teleported")
        learn(session, services, order, OrderSnapshot(order.reference, "teleported", (said,)))
    assert journey.state() == before
    with services.sessions() as session:
        puzzle = session.scalars(select(PortHistory).where(PortHistory.puzzling)).one()
        assert puzzle.details["word"] == "teleported"
        assert "puzzling_fact" in alerts(services)


def test_a_fix_that_is_still_wrong_is_asked_for_again_and_the_third_time_the_desk_is_told(journey, world, services):
    wrong = "+12125552156"
    journey.sign_up()
    journey.file(wrong, account_number="1", pin="2")
    for attempt in range(3):
        journey.pass_time(timedelta(minutes=5), steps=2)
        journey.pass_time(timedelta(days=1))
        world.sign(wrong, "Alice Baker")
        journey.pass_time(timedelta(hours=5))
        assert journey.state() == State.ACTION_REQUIRED
        if attempt < 2:
            journey.ask(projects.correct, {"account_number": GOOD_ACCOUNT_NUMBER})
            journey.work()
    with services.sessions() as session:
        told = session.scalars(select(Notification).where(Notification.kind == NoticeKind.ACTION_NEEDED)).all()
        assert len({row.version for row in told}) == 3
        assert session.scalars(select(PortNumber)).one().reasons == ["account_number"]
    assert "port_needs_staff" in alerts(services)
