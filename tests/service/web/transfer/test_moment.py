"""The page on which a customer chooses the minute of a transfer, at the carrier that lets them."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from provisioning.carriers import telnyx
from service.porting import projects
from service.porting.models import CarrierOrder, PortProject
from service.wiring import addresses_with
from tests.factories import a_draft, sign_letters
from tests.provisioning.rehearsal import AT_TELNYX

FAST, PLAIN = "+18007364501", "+18007362671"


@pytest.fixture
def carriers(carriers, to_carrier, settings, clock):
    address = partial(addresses_with(settings), "telnyx")
    wait = partial(lambda seconds: clock.jump(timedelta(seconds=seconds)))
    return carriers | {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address, pause=wait)}


@pytest.fixture
def dated(services, line, work, tick):
    """A port by the second carrier whose date is committed."""

    def dated(number=FAST):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), number)
        work()
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project.id))
        work()
        with services.sessions.begin() as session:
            sign_letters(session, services)
        work()
        tick(timedelta(minutes=6))
        tick(timedelta(hours=5))
        return project.public_id

    return dated


@pytest.fixture
def order(services):
    def order():
        with services.sessions() as session:
            return session.scalars(select(CarrierOrder)).one()

    return order


def test_the_minute_is_chosen_and_stands_on_the_transfers_page(alice, dated, order, work):
    public_id = dated()
    assert alice.get("ports.show", public_id=public_id).says("You can choose the minute.")
    page = alice.get("moment.ask", public_id=public_id, order_id=order().id)
    last = page.kept("moment")
    chosen = last.replace("T18:", "T10:")
    assert chosen != last
    assert alice.submit(moment=chosen).says("We’re asking our carrier for")
    work()
    page = alice.get("ports.show", public_id=public_id)
    assert page.says("10:00 AM")
    assert not page.says("We’re asking our carrier for")
    assert alice.get("changes.listing").says("Chose the time at which (800) 736-4501 moves")
    assert alice.get("moment.ask", public_id=public_id, order_id=order().id).kept("moment") == chosen


@pytest.mark.parametrize("moment", ["2026-03-01T10:00", "2031-03-01T10:00", "soon", ""])
def test_a_time_that_is_not_possible_is_refused_beside_the_field(alice, dated, order, moment):
    alice.get("moment.ask", public_id=dated(), order_id=order().id)
    assert set(alice.submit(moment=moment, status=422).wrong()) == {"moment"}
    assert order().chosen_at is None


def test_what_the_carrier_does_not_accept_is_said(alice, dated, order, work, world):
    public_id = dated()
    page = alice.get("moment.ask", public_id=public_id, order_id=order().id)
    world.faults.add("error", path="*/activation_jobs/*", count=1, status=422)
    alice.submit(moment=page.kept("moment").replace("T18:", "T10:"))
    work()
    assert alice.get("ports.show", public_id=public_id).says("Our carrier didn’t accept")


def test_within_the_hours_the_move_is_started_at_once(alice, dated, order, work, clock, tick):
    public_id = dated()
    page = alice.get("moment.ask", public_id=public_id, order_id=order().id)
    assert not page.select("main form[action$='/now']")
    last = page.kept("moment")
    alice.submit(moment=last.replace("T18:", "T10:"), status=200)
    work()
    with_windows = order().windows
    clock.jump_to(clock.now().fromisoformat(with_windows[0]) + timedelta(minutes=1))
    work()
    alice.get("moment.ask", public_id=public_id, order_id=order().id)
    assert alice.submit(button="Move now").says("We’re starting the move now.")
    work()
    assert order().windows == []
    alice.get("moment.ask", public_id=public_id, order_id=order().id, status=409)


def test_a_transfer_without_a_choice_offers_none(alice, dated, order):
    public_id = dated(PLAIN)
    assert not alice.get("ports.show", public_id=public_id).says("You can choose the minute.")
    alice.get("moment.ask", public_id=public_id, order_id=order().id, status=409)


def test_a_helper_and_another_workspace_choose_nothing(bob, charlie, dated, order):
    public_id, order_id = dated(), order().id
    bob.get("moment.ask", public_id=public_id, order_id=order_id, status=403)
    charlie.get("moment.ask", public_id=public_id, order_id=order_id, status=404)


def test_the_order_of_another_transfer_is_not_found(alice, dated, order):
    alice.get("moment.ask", public_id=dated(), order_id=order().id + 1, status=404)
