"""Members whose browser is asleep are notified of a call, and a browser that becomes ready rings for it."""

import pytest
from sqlalchemy import select, update

from service.accounts.models import Member, Membership, User
from service.calls.browser_phones import be_awake, ring_too
from service.calls.legs import talking
from service.lines.models import Line
from service.team_notices.channels import choose
from service.team_notices.models import TeamChannel, TeamEvent, TeamNotice
from service.time import now
from tests.service.calls.legs.phones import BAKER, DRIVER, PATIENT, talks


@pytest.fixture
def alice(services, shop):
    """The owner, whose window is closed."""
    with services.sessions.begin() as session:
        user = User(email="alice@bakery.example", name="Alice", fs_uniquifier="alice", active=True)
        workspace_id = session.scalars(select(Line.workspace_id)).one()
        session.add(member := Member(user=user, workspace_id=workspace_id, role=Membership.OWNER))
    return member


@pytest.fixture
def opens(services, world, alice):
    """Alice opens her window, and answers what rings there after a second."""

    def opens():
        with services.sessions.begin() as session:
            member = session.get_one(Member, alice.id)
            page = be_awake(session, member).number
            ring_too(session, member)
        world.phone(page.replace("browser:", "client:"), answers="answer after 1")
        return page

    return opens


def test_a_call_is_announced_to_who_is_away_and_taken_back(services, shop, alice):
    with services.sessions.begin() as session:
        device = TeamChannel(member_id=alice.id, name="Chrome", url="https://127.0.0.1:1/x", push_keys="{}")
        session.add(device)
        session.flush()
        line = session.scalars(select(Line)).one()
        choose(session, session.get_one(Member, alice.id), line, {TeamEvent.CALL: [str(device.id)]})
    shop.rings(BAKER, DRIVER)
    shop.begin({BAKER: "press:1 after 4", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(1)
    assert told(services) == [TeamEvent.CALL]
    with services.sessions.begin() as session:  # no push service is reached from here
        session.execute(update(TeamNotice).values(sent_at=now()))
    shop.work.for_seconds(5)
    assert told(services) == [TeamEvent.CALL, TeamEvent.CALL_OVER]


def told(services):
    with services.sessions() as session:
        of_calls = TeamNotice.event.in_([TeamEvent.CALL, TeamEvent.CALL_OVER])
        return session.scalars(select(TeamNotice.event).where(of_calls).order_by(TeamNotice.id)).all()


def test_a_window_that_is_opened_while_phones_ring_rings_too_and_takes_the_call(shop, opens):
    shop.rings(BAKER, DRIVER)
    call = shop.begin({BAKER: "no-answer", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(8)
    page = opens()
    shop.work.for_seconds(4)
    assert (shop.state(), talks(call)) == ("taken", 1)
    shop.work()
    assert shop.taken_on() == page


def test_a_window_rings_once_for_a_call(shop, opens):
    shop.rings(BAKER, DRIVER)
    shop.begin({BAKER: "no-answer", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(1)
    page = opens()
    opens()
    shop.work.for_seconds(1)
    assert shop.placed().count(page.replace("browser:", "client:")) == 1


@pytest.mark.parametrize("why", ["passed on", "of others", "off duty", "taken"])
def test_a_window_does_not_ring_for_a_call_that_is_not_for_it(services, shop, opens, alice, world, why):
    shop.rings(BAKER, DRIVER)
    if why == "of others":
        shop.rings_only(BAKER, DRIVER)
    if why == "off duty":
        with services.sessions.begin() as session:
            session.get_one(Member, alice.id).on_duty = False
    takes = "press:1 after 1" if why in {"passed on", "taken"} else "no-answer"
    shop.begin({BAKER: takes, DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    if why == "passed on":
        shop.act(talking.pass_on, shop.phone_id(DRIVER))
        assert shop.state() == "ringing"
    page = opens()
    shop.work.for_seconds(1)
    assert page.replace("browser:", "client:") not in shop.placed()
