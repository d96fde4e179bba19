"""A number leaves because its customer wants that, and stays where somebody else wanted it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import Member, Membership, User, Workspace
from service.alerts import Alert, AlertKind
from service.lines.models import Line, PhoneNumber, Standing
from service.notifications.models import Channel, NoticeKind, Notification
from service.port_outs.links import port_out_of
from service.port_outs.locking import unlock
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.requests import dispute, end, note_request
from service.time import now
from tests.conftest import ACCOUNT

NEW_OPERATOR = "Metro Bell"
LEAVING = (NoticeKind.PORT_OUT_ASKED, NoticeKind.PORT_OUT_STOPPED, NoticeKind.NUMBER_LEFT)


@pytest.fixture
def owner(services, journey):
    """Alice, who has one number, which another operator asks for by the carrier's way."""
    journey.number = journey.sign_up()
    with services.sessions.begin() as session:
        workspace = session.get_one(Workspace, session.get_one(Line, journey.line_id).workspace_id)
        user = User(email="alice@alice.example", name="Alice", fs_uniquifier="alice", confirmed_at=now())
        member = Member(user=user, workspace=workspace, role=Membership.OWNER)
        session.add(member)
    return member


@pytest.fixture
def asked_for(journey, owner, world, services, work):
    """The carrier tells our desk by mail, which enters it."""

    def ask():
        world.port_outs.ask(journey.number, NEW_OPERATOR, ACCOUNT)
        with services.sessions.begin() as session:
            note_request(session, services, journey.number, NEW_OPERATOR)
        work()

    return ask


def standing(services):
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber)).one().standing


def mailed(services):
    with services.sessions() as session:
        rows = select(Notification).where(Notification.channel == Channel.EMAIL, Notification.kind.in_(LEAVING))
        return [(notice.kind, notice.words["text"]) for notice in session.scalars(rows.order_by(Notification.id))]


def test_an_honest_leave_from_the_open_lock_to_gone(journey, owner, asked_for, services):
    with services.sessions.begin() as session:
        unlock(session, session.merge(owner), session.scalars(select(PhoneNumber)).one())
    asked_for()
    journey.pass_time(timedelta(days=3))
    assert standing(services) is Standing.HELD
    journey.pass_time(timedelta(days=1, minutes=1), steps=2)
    assert standing(services) is Standing.LEFT
    assert [kind for kind, _ in mailed(services)] == [NoticeKind.PORT_OUT_ASKED, NoticeKind.NUMBER_LEFT]
    with services.sessions() as session:
        kinds = (AlertKind.PORT_OUT_DISPUTED, AlertKind.NUMBER_LEFT_UNANNOUNCED)
        assert session.scalars(select(Alert).where(Alert.kind.in_(kinds))).all() == []


def test_a_fraudulent_one_is_stopped_by_the_link_in_the_owners_mail(journey, owner, asked_for, services, world, work):
    with services.sessions.begin() as session:
        unlock(session, session.merge(owner), session.scalars(select(PhoneNumber)).one())
    asked_for()
    [(_, text)] = mailed(services)
    [token] = re.findall(r"/port-outs/(\S+)", text)
    with services.sessions.begin() as session:
        dispute(session, services, port_out_of(session, services, token))
        [alert] = session.scalars(select(Alert).where(Alert.kind == AlertKind.PORT_OUT_DISPUTED))
    assert journey.number in alert.details["request"]
    world.port_outs.dispute(journey.number)  # as our desk does in the carrier's console
    with services.sessions.begin() as session:
        end(session, services, session.scalars(select(PortOut)).one(), PortOutState.REFUSED)
    journey.pass_time(timedelta(days=30), steps=3)
    assert standing(services) is Standing.HELD
    assert [kind for kind, _ in mailed(services)] == [NoticeKind.PORT_OUT_ASKED, NoticeKind.PORT_OUT_STOPPED]
