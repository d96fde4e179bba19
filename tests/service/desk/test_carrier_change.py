"""A transfer moves to another carrier with the numbers that are sent again, and the others stay in their orders."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from provisioning.carriers import manual
from service.accounts.models import User
from service.desk.carrier_change import ask_other_carrier
from service.desk.log import DeskAct, DeskEntry
from service.desk.worklist import DeskWorklist
from service.errors import Conflict
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from tests.factories import OWN, a_draft, a_line

OTHER = "+14155552009"
UNDER_WAY = {OWN: State.IN_REVIEW, OTHER: State.IN_REVIEW}


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture
def project_id(services):
    with services.sessions.begin() as session:
        session.add(User(id=7, email="dan@desk.example", name="Dan", fs_uniquifier="dan"))
        return a_draft(session, a_line(session, services), OWN, OTHER).id


@pytest.fixture
def filed(services, project_id, work):
    """File its numbers in one order of the home carrier, and have them in these states."""

    def filed(states=UNDER_WAY):
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project_id))
        work()
        with services.sessions.begin() as session:
            for number in session.get_one(PortProject, project_id).numbers:
                number.carrier, number.state = "twilio", states[number.number]

    return filed


@pytest.fixture
def move(services, project_id, work):
    """Ask the carrier by hand, and hear what was written down last. Before it answers, the project changes by `but`."""

    def move(**but):
        with services.sessions.begin() as session:
            project = session.get_one(PortProject, project_id)
            ask_other_carrier(session, services, project, by=7, carrier="manual")
            for name, value in but.items():
                setattr(project, name, value)
        work()
        with services.sessions() as session:
            return session.scalars(select(DeskEntry).order_by(DeskEntry.id.desc())).first()

    return move


def at(services):
    """Who is to bring each number in."""
    with services.sessions() as session:
        return {number.number: number.carrier for number in session.scalars(select(PortNumber))}


def test_all_numbers_of_an_order_under_way_move(services, filed, move):
    filed()
    said = move()
    assert (said.act, set(said.details["numbers"])) == (DeskAct.CARRIER_CHANGED, {OWN, OTHER})
    assert at(services) == {OWN: "manual", OTHER: "manual"}


def test_a_draft_moves_and_is_not_sent(services, move):
    assert move().act is DeskAct.CARRIER_CHANGED
    with services.sessions() as session:
        assert set(session.scalars(select(PortNumber.state))) == {State.DRAFT}


def test_only_the_rejected_number_moves_and_another_day_keeps_the_others_order(services, project_id, filed, move):
    filed({OWN: State.ACTION_REQUIRED, OTHER: State.SCHEDULED})
    assert move().details["numbers"] == [OWN]
    assert at(services) == {OWN: "manual", OTHER: "twilio"}
    with services.sessions.begin() as session:
        project = session.get_one(PortProject, project_id)
        projects.reschedule(session, services, project, date(2026, 3, 20))
        attempts = {tuple(one.sent["numbers"]): one.carrier for one in project.attempts}
    assert attempts[(OTHER,)] == "twilio"


def test_why_it_could_not_be_sent_is_kept_field_by_field(services, filed, move):
    filed()
    said = move(street="")
    assert said.act is DeskAct.CARRIER_NOT_CHANGED
    assert said.details["why"] == {"street": ["Enter the street address as on your bill."]}
    assert at(services) == {OWN: "twilio", OTHER: "twilio"}


class Pondering(manual.ManualPorting):
    """A carrier while whose staff think about a number something happens."""

    def check(self, number):
        """Answer, after it happened."""
        self.happen()
        return super().check(number)


@pytest.mark.parametrize("then", [State.CANCELED, State.ACTION_REQUIRED])
def test_what_has_changed_since_the_carrier_was_asked_is_not_moved(services, sessions, filed, move, then):
    filed()

    def happen():
        with services.sessions.begin() as session:
            session.scalars(select(PortNumber).where(PortNumber.number == OWN)).one().state = then

    porting = Pondering(DeskWorklist(sessions))
    porting.happen = happen
    services.carriers["manual"] = replace(services.carriers["manual"], porting=porting)
    assert move().details["why"] == {"": ["The transfer has changed meanwhile."]}
    assert at(services) == {OWN: "twilio", OTHER: "twilio"}


def test_what_has_arrived_does_not_move(services, filed, move):
    filed({OWN: State.PORTED, OTHER: State.ACTIVATING})
    with pytest.raises(Conflict):
        move()
