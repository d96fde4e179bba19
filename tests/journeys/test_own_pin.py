"""The PIN of a number at a carrier where each number has its own."""

import pytest
from sqlalchemy import select, text

from service.accounts.models import Member, Membership
from service.errors import Forbidden
from service.lines.models import PhoneNumber
from service.port_outs.losing_side import losing_side
from service.port_outs.pins import draw_pin
from tests.factories import a_line
from tests.service.inbox.lines import a_member


@pytest.fixture
def carriers(second_carrier):
    return second_carrier


@pytest.fixture
def owner(services, work):
    """Owns a workspace with one number."""
    with services.sessions.begin() as session:
        a_member(session, a_line(session, services), "Alice", Membership.OWNER)
    work()


@pytest.fixture
def draw(services, owner):
    def draw(role=Membership.OWNER):
        with services.sessions.begin() as session:
            member = session.scalars(select(Member)).one()
            member.role = role
            draw_pin(session, services, member, session.scalars(select(PhoneNumber)).one())

    return draw


@pytest.fixture
def kept(services, owner):
    def kept():
        with services.sessions() as session:
            return session.scalars(select(PhoneNumber)).one()

    return kept


@pytest.fixture
def at_carrier(world, kept):
    """The PIN that another operator has to name, as the carrier has it."""

    def at_carrier():
        number = world.inventory.held(kept().number)
        return number.settings.get("external_pin", "")

    return at_carrier


def test_a_pin_is_made_shown_and_told_to_the_carrier_and_another_one_takes_its_place(
    services, draw, kept, at_carrier, work
):
    draw()
    assert (kept().pin_set_at, at_carrier()) == (None, "")
    work()
    first = kept()
    assert first.pin_set_at
    assert at_carrier() == first.port_out_pin
    with services.sessions() as session:
        assert losing_side(session, services, session.merge(first)).pin == first.port_out_pin
    draw()
    work()
    assert at_carrier() == kept().port_out_pin


@pytest.mark.parametrize("fault", ["lose-before", "lose-after"])
def test_a_lost_answer_does_not_keep_the_pin_from_the_carrier(services, draw, kept, world, at_carrier, work, fault):
    lost = world.faults.add(fault, path="*/phone_numbers/*", count=1)
    draw()
    work(failing=True)
    with services.sessions.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    work()
    assert lost.struck == 1
    assert at_carrier() == kept().port_out_pin


def test_the_pin_is_in_no_job_and_not_readable_in_the_database(services, draw, kept):
    draw()
    with services.sessions() as session:
        jobs = session.scalars(text("SELECT args::text FROM procrastinate_jobs")).all()
        [raw] = session.scalars(text("SELECT port_out_pin FROM phone_numbers")).all()
    pin = kept().port_out_pin
    assert len(pin) == 6
    assert pin not in "".join(jobs)
    assert pin.encode() not in bytes(raw)


def test_only_the_owner_makes_one(draw):
    with pytest.raises(Forbidden):
        draw(Membership.ADMIN)
