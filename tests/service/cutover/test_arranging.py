"""Numbers that are put on another line or released, and what a port under way makes of that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cutover.arranging import end, move
from service.cutover.grace import due_for_release, give_notice
from service.errors import Conflict
from service.lines.models import Line, NumberRole, PhoneNumber
from service.porting.models import PortNumber
from service.porting.states import State


@pytest.fixture
def other(services):
    """A second line of the same workspace."""

    def make(session):
        line = Line(workspace_id=session.scalars(select(Line.workspace_id)).first(), name="Wholesale")
        session.add(line)
        session.flush()
        return line

    return make


def by_role(session, role):
    return session.scalars(select(PhoneNumber).where(PhoneNumber.role == role)).one()


def test_a_number_that_is_being_ported_stays_where_it_is(services, arrived, other):
    with services.sessions.begin() as session:
        line = other(session)
        with pytest.raises(Conflict):
            move(session, by_role(session, NumberRole.PRIMARY), line)
        with pytest.raises(Conflict):
            end(session, by_role(session, NumberRole.RETIRING))
        with pytest.raises(Conflict):
            end(session, by_role(session, NumberRole.PRIMARY))


def test_a_ported_number_takes_the_temporary_one_that_it_replaced_along(services, arrived, other, clock):
    with services.sessions.begin() as session:
        session.get_one(PortNumber, arrived).state = State.LIVE
        line = other(session)
        move(session, by_role(session, NumberRole.PRIMARY), line)
    with services.sessions.begin() as session:
        ported, replaced = by_role(session, NumberRole.PRIMARY), by_role(session, NumberRole.RETIRING)
        assert ported.line.name == replaced.line.name == "Wholesale"
        assert session.get_one(PortNumber, arrived).line is ported.line
    clock.jump(timedelta(days=services.settings.grace_days))
    with services.sessions.begin() as session:
        give_notice(session, services)
    clock.jump(timedelta(days=8))
    with services.sessions.begin() as session:
        assert [number.role for number in due_for_release(session, services.settings)] == [NumberRole.RETIRING]


def test_a_temporary_number_that_serves_until_the_port_is_done_stays(services, arriving, other):
    with services.sessions.begin() as session:
        line = other(session)
        temporary = by_role(session, NumberRole.TEMPORARY)
        for use_case in (lambda: move(session, temporary, line), lambda: end(session, temporary)):
            with pytest.raises(Conflict, match="A transfer to this line is under way"):
                use_case()
