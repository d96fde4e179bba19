"""On the pages: a number that a business has at the second carrier is moved to the first, as any other is brought."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.lines.models import NumberRole, PhoneNumber
from tests.second_carrier import at_telnyx
from tests.service.web.transfer.test_bringing import AGREED, fill_in, public_id
from tests.snapshots import Story


@pytest.fixture
def carriers(carriers, to_carrier, settings, world, clock):
    return carriers | at_telnyx(to_carrier, settings, world, clock)


@pytest.fixture
def story(shared, surroundings):
    """Every step is played: no other test has its number from the second carrier."""
    return Story(shared.snapshots, surroundings, None)


@pytest.fixture
def first_has_none(world, set_up):
    world.faults.add("outage", path="*/AvailablePhoneNumbers/*")


@pytest.fixture
def bakery(first_has_none, bakery, world):  # in this order: the first number is bought meanwhile
    world.faults.clear()
    return bakery


@pytest.fixture
def number(line, services):
    """The number of the line, which came from the second carrier."""
    with services.sessions() as session:
        worn = session.scalars(select(PhoneNumber)).one()
    assert worn.carrier == "telnyx"
    return worn.number


def test_an_owner_moves_a_number_to_the_other_carrier_on_the_pages(alice, number, work, world, tick, services):
    alice.get("bring.ask")
    alice.submit(number=number)
    work()
    assert alice.get("bring.check", public_id=public_id(alice)).says("Yes, you can transfer this number")
    assert not fill_in(alice).says("Show that it’s yours")
    work()
    assert alice.submit(**AGREED).says("Transfer request sent.")
    work()
    tick(timedelta(seconds=10))
    world.sign(number, "Alice Baker")
    tick(timedelta(hours=5))
    assert alice.get("ports.show", public_id=public_id(alice)).says("Date set")
    tick(timedelta(days=12))
    tick(timedelta(minutes=1))
    assert alice.get("ports.show", public_id=public_id(alice)).says("Arrived, testing")
    with services.sessions() as session:
        worn = session.scalars(select(PhoneNumber)).one()
    assert (worn.number, worn.carrier, worn.role) == (number, "twilio", NumberRole.PRIMARY)


def test_a_member_who_may_not_port_does_not_begin_it(bob, number):
    bob.get("bring.ask")
    bob.submit(number=number, status=403)
