"""A customer whose only number another operator asks for."""

import pytest
from sqlalchemy import select

from service.accounts.models import Member, Membership, User, Workspace
from service.lines.models import Line, PhoneNumber
from service.proven_numbers import prove
from service.time import now
from tests.conftest import ACCOUNT
from tests.factories import CUSTOMER, a_draft
from tests.journeys.journey import Journey

NEW_OPERATOR = "Metro Bell"


@pytest.fixture
def journey(services, world, clock, work, story):
    """Alice owns a workspace with one number; texts about her transfers go to her own phone."""
    journey = Journey(services, world, clock, work, story)
    journey.number = journey.sign_up()

    def have_an_owner():
        with services.sessions.begin() as session:
            line = session.get_one(Line, journey.line_id)
            workspace = session.get_one(Workspace, line.workspace_id)
            alice = User(email="alice@alice.example", name="Alice", fs_uniquifier="alice", confirmed_at=now())
            session.add(Member(user=alice, workspace=workspace, role=Membership.OWNER))
            prove(session, workspace.id, CUSTOMER)
            a_draft(session, line, "+14155552000", contact_number=CUSTOMER)
        work()

    story.come_to(have_an_owner)
    return journey


@pytest.fixture
def asked_for(journey, world):
    """Another operator asks for the number, as somebody who knows the account number."""
    return world.port_outs.ask(journey.number, NEW_OPERATOR, ACCOUNT)


@pytest.fixture
def the_number(services, journey):
    """The number's row, read anew."""

    def read():
        with services.sessions() as session:
            return session.scalars(select(PhoneNumber).where(PhoneNumber.number == journey.number)).one()

    return read
