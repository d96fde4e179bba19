"""The checklist of the first day: its steps are ticked by what is so."""

from dataclasses import replace

import pytest

from service.accounts.invitations import invite
from service.accounts.models import Member, Membership, User
from service.calls.changing import keep
from service.calls.nodes import Hours, Span
from service.calls.queries import plan_of
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Direction
from service.lines.inventory import numbers_of
from service.lines.models import Line, Phone
from service.porting.models import PortNumber
from service.porting.states import State
from service.registration.models import Business
from service.time import now
from tests.factories import CALLER, OWN, a_draft


def calls(session, line, direction=Direction.IN):
    number = numbers_of(session, line.id)[0].number
    session.add(Call(conversation=conversation_with(session, line, CALLER), number=number, direction=direction))


def is_called_out(session, line):
    calls(session, line, Direction.OUT)


def rings(session, line):
    session.add(Phone(line_id=line.id, number=OWN))


def has_hours(session, line):
    plan = plan_of(session, line.id)
    hours = Hours("America/Los_Angeles", ((Span(540, 1020),),) * 7)
    keep(session, line, type(plan)(plan.nodes, plan.opening, plan.closed, hours))


def is_recorded(session, line):
    plan = plan_of(session, line.id)
    keep(session, line, type(plan)(plan.nodes, plan.opening, plan.closed, recorded=True))


def begins_a_transfer(session, line):
    a_draft(session, line, OWN)


def sends_a_transfer(session, line):
    begins_a_transfer(session, line)
    session.flush()
    session.query(PortNumber).one().state = State.SUBMITTING


def invites(session, line):
    inviter = session.query(Member).join(User).filter(User.fs_uniquifier == "alice").one()
    invite(session, inviter, "bob@bakery.example", Membership.MEMBER, [line.id])


@pytest.fixture
def settings(settings, request):
    """The usual settings, with a test's changes."""
    return replace(settings, **getattr(request, "param", {}))


STEPS = ["Get a number", "Call your number", "Choose which phones ring", "Set your business hours"]
STEPS += ["Transfer your own number", "Invite your team"]


def ticked(page):
    return [row.select_one("strong").text for row in page.select(".checklist .step-done")]


def test_a_newcomer_has_a_number_and_all_else_before_them(alice):
    page = alice.get("home.show")
    assert [step.text for step in page.select(".checklist strong")] == STEPS
    assert ticked(page) == STEPS[:1]
    assert page.says("1 of 6 done")
    assert page.select_one(".checklist .step-next strong").text == "Call your number"
    assert page.select_one(".step-next .btn-primary")["href"].startswith("tel:+1415")


@pytest.mark.parametrize(
    ("happens", "step"),
    [
        (calls, "Call your number"),
        (rings, "Choose which phones ring"),
        (has_hours, "Set your business hours"),
        (sends_a_transfer, "Transfer your own number"),
        (invites, "Invite your team"),
    ],
)
def test_a_step_is_ticked_once_it_is_so(alice, line, services, happens, step):
    alice.get("home.show")
    with services.sessions.begin() as session:
        happens(session, session.get_one(Line, line.id))
    assert ticked(alice.get("home.show")) == [STEPS[0], step]


@pytest.mark.parametrize("happens", [is_called_out, is_recorded, begins_a_transfer])
def test_what_only_looks_like_a_step_ticks_nothing(alice, line, services, happens):
    alice.get("home.show")
    with services.sessions.begin() as session:
        happens(session, session.get_one(Line, line.id))
    assert ticked(alice.get("home.show")) == STEPS[:1]


def test_what_other_businesses_do_ticks_nothing(alice, charlie, line, services):
    charlie.get("home.show")
    with services.sessions.begin() as session:
        theirs = Line(workspace_id=session.query(Member.workspace_id).join(User).filter_by(name="Charlie").scalar())
        theirs.name = "Theirs"
        session.add(theirs)
        session.flush()
        rings(session, theirs)
    assert ticked(alice.get("home.show")) == STEPS[:1]


def test_a_checklist_that_is_done_is_gone(alice, bob, line, services):
    alice.get("home.show")
    bob.get("home.show")
    with services.sessions.begin() as session:
        own_line = session.get_one(Line, line.id)
        for happens in (calls, rings, has_hours, sends_a_transfer):
            happens(session, own_line)
    page = alice.get("home.show")
    assert not page.select(".checklist")
    assert not page.says("Show the checklist")


def test_it_is_put_away_and_got_back(alice):
    alice.get("home.show")
    assert not alice.submit(button="Hide").select(".checklist")
    assert alice.page.says("Setup: 1 of 6 done")
    page = alice.submit(button="Show the checklist")
    assert page.select(".checklist")


def test_a_member_who_is_not_in_charge_has_none(alice, bob):
    assert not bob.get("home.show").select(".checklist")


def test_the_page_of_the_first_number_shows_it_too(alice):
    assert ticked(alice.get("home.welcome")) == STEPS[:1]


@pytest.mark.parametrize("settings", [{"single_business": False}], indirect=True)
def test_where_each_business_registers_itself_that_is_a_step_with_a_page(alice, services):
    page = alice.get("home.show")
    assert "Register for texting" in [step.text for step in page.select(".checklist strong")]
    assert "Register for texting" not in ticked(page)
    assert alice.open("/texting").select_one("form")
    with services.sessions.begin() as session:
        session.query(Business).one().confirmed_at = now()
    assert "Register for texting" in ticked(alice.get("home.show"))
