"""The queue of the porting desk: what is in it, in which order, and what its filters let through."""

from datetime import date, timedelta

import pytest

from provisioning.contract.porting import ReasonCode
from service.accounts.models import User, Workspace
from service.brands import Platform, PlatformWorkspace
from service.desk.cases import MOST_VIEWS, assign, cancel_each, plan, remove_view, save_view, views_of
from service.desk.log import DeskAct, DeskEntry
from service.desk.models import DeskCase
from service.desk.queue import COUNTED, Filters, Lateness, Queue
from service.errors import Invalid
from service.lines.models import Line
from service.porting.cases import list_again
from service.porting.models import Attempt, CarrierOrder, Cause, PortHistory, PortNumber, PortProject
from service.porting.states import State
from service.time import now

TODAY = date(2026, 3, 2)


@pytest.fixture
def transfer(session):
    """Make a transfer whose numbers have these states and days left, the first of them `number`."""
    workspaces = {}

    def make(*standing, number="+14155552000", business="Alice's Bakery", reference="", ticket="", **values):
        workspace = workspaces.get(business) or Workspace(name=business)
        workspaces[business] = workspace
        line = Line(workspace_id=_flushed(session, workspace).id, name="Main line")
        project = PortProject(workspace=workspace, line=line, **values)
        _flushed(session, project)
        for place, (state, days) in enumerate(standing or [(State.IN_REVIEW, 0)]):
            one = PortNumber(project=project, number=f"+{int(number) + place}", state=state, carrier="twilio")
            one.due_on, one.since = TODAY + timedelta(days=days), now()
            _flushed(session, one)
        if reference:
            attempt = _flushed(session, Attempt(project=project, sequence=1, carrier="twilio"))
            order = CarrierOrder(attempt=attempt, carrier="twilio", reference=reference, support_ticket=ticket)
            one.order = _flushed(session, order)
        list_again(session, [project.id])
        return project

    return make


def _flushed(session, row):
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def listed(session):
    def listed(today=TODAY, **filters):
        return [row.listed.project for row in Queue(session, Filters(**filters), today).rows()]

    return listed


def test_what_is_due_first_is_at_the_top_and_what_has_ended_is_gone(transfer, listed, session):
    later, late = transfer((State.DRAFT, 2)), transfer((State.ACTION_REQUIRED, -3), number="+14155552100")
    ended = transfer((State.LIVE, 0), number="+14155552200")
    ended.numbers[0].due_on = None
    list_again(session, [ended.id])
    assert listed() == [late, later]


def test_a_transfer_is_one_row_by_its_number_that_is_due_first(transfer, session):
    transfer((State.SCHEDULED, 5), (State.ACTION_REQUIRED, 1), (State.SCHEDULED, 1), (State.SCHEDULED, 9))
    [row] = Queue(session, Filters(), TODAY).rows()
    assert (row.listed.number.number, row.listed.count) == ("+14155552001", 4)


def test_a_page_goes_on_where_the_one_before_ended(transfer, session):
    made = [transfer((State.DRAFT, place // 2), number=f"+1415555{2000 + place}") for place in range(5)]
    first = Queue(session, Filters(), TODAY).rows(most=3)
    second = Queue(session, Filters(), TODAY).rows(after=first[-1].after, most=3)
    assert [row.listed.project for row in first + second] == made
    assert len(Queue(session, Filters(), TODAY).rows(after="no cursor")) == 5
    assert len(list(Queue(session, Filters(), TODAY).all_rows())) == 5


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"state": State.ACTION_REQUIRED}, ["b"]),
        ({"carrier": "twilio"}, ["a", "b", "c"]),
        ({"carrier": "another"}, []),
        ({"provider": "Verizon"}, ["a", "b"]),
        ({"provider": "Nobody’s Phones"}, []),
        ({"reason": ReasonCode.PIN}, ["b"]),
        ({"country": "CA"}, ["c"]),
        ({"days": 7}, ["a"]),
        ({"lateness": Lateness.LATE}, ["a"]),
        ({"lateness": Lateness.TODAY}, ["b"]),
        ({"lateness": Lateness.IN_TIME}, ["c"]),
        ({"lateness": Lateness.LATE, "state": State.ACTION_REQUIRED}, []),
        ({"words": "(415) 555-2100"}, ["b"]),
        ({"words": "bakery"}, ["a", "b"]),
        ({"words": "b%k"}, []),
        ({"words": "Charlie Ltd"}, ["c"]),
        ({"words": "KW123"}, ["c"]),
        ({"words": "TICKET-7"}, ["c"]),
        ({"assignee": 0}, ["a", "c"]),
    ],
)
def test_each_filter_lets_through_what_it_names(transfer, listed, session, filters, found):
    old = transfer((State.IN_REVIEW, -1), public_id="a", operator="Cellco Partnership")
    old.numbers[0].since -= timedelta(days=8)
    rejected = transfer((State.ACTION_REQUIRED, 0), number="+14155552100", public_id="b", operator="Verizon Wireless")
    rejected.numbers[0].reasons = ["pin", "address"]
    list_again(session, [old.id, rejected.id])
    other = {"business": "Charlie's", "subscriber_name": "Charlie Ltd", "country": "CA"}
    transfer((State.DRAFT, 1), number="+16045552300", public_id="c", reference="KW123", ticket="TICKET-7", **other)
    dan = _flushed(session, a_person(session))
    assign(session, [rejected], dan.id, dan.id)
    assert [project.public_id for project in listed(**filters)] == found


def a_person(session):
    from service.accounts.models import DESK, Role

    person = User(email="dan@desk.example", name="Dan", fs_uniquifier="dan")
    person.roles.append(Role(name=DESK))
    return person


def test_the_transfers_of_a_platforms_workspaces_are_shown_alone(transfer, session, listed):
    transfer()
    of_platform = transfer(number="+14155552100", business="Charlie's")
    platform = _flushed(session, Workspace(name="Phones for florists"))
    _flushed(session, Platform(workspace_id=platform.id, most=2))
    _flushed(session, PlatformWorkspace(workspace_id=of_platform.workspace_id, platform_id=platform.id))
    assert listed(platform=platform.id) == [of_platform]
    assert listed(platform=of_platform.workspace_id) == []


def test_providers_are_called_as_people_call_them(transfer, session):
    transfer(operator="Cellco Partnership")
    transfer(number="+14155552100", operator="Verizon Wireless")
    transfer(number="+14155552200", operator="", country="CA")
    everything = Queue(session, Filters(), TODAY)
    assert (everything.providers, everything.countries) == (["Verizon"], ["CA", "US"])


def test_how_many_are_late_is_counted_by_transfer_and_only_so_far(transfer, session, monkeypatch):
    transfer((State.DRAFT, -1), (State.DRAFT, -1))
    transfer((State.DRAFT, -2), number="+14155552100")
    transfer((State.DRAFT, 4), number="+14155552200")
    assert Queue(session, Filters(), TODAY).counts() == {Lateness.LATE: 2, Lateness.TODAY: 0, Lateness.IN_TIME: 1}
    monkeypatch.setattr("service.desk.queue.COUNTED", 1)
    assert Queue(session, Filters(), TODAY).counts()[Lateness.LATE] == 2, "one more than is counted"
    assert COUNTED == 1000


def test_several_are_given_to_one_person_and_planned_without_losing_either(transfer, session):
    projects = [transfer(), transfer(number="+14155552100")]
    dan = _flushed(session, a_person(session))
    assign(session, projects, dan.id, dan.id)
    plan(session, projects, "Call them", date(2026, 3, 4), dan.id)
    kept = [
        (row.case.assignee, row.case.next_step, row.case.next_on) for row in Queue(session, Filters(), TODAY).rows()
    ]
    assert kept == [(dan, "Call them", date(2026, 3, 4))] * 2
    assign(session, projects, 0, dan.id)
    session.expire_all()
    assert [session.get_one(DeskCase, project.id).next_step for project in projects] == ["Call them"] * 2
    assert len(Queue(session, Filters(assignee=0), TODAY).rows()) == 2


def test_only_people_of_the_desk_are_given_transfers(transfer, session):
    customer = _flushed(session, User(email="alice@bakery.example", fs_uniquifier="alice"))
    with pytest.raises(Invalid):
        assign(session, [transfer()], customer.id, customer.id)


def test_those_that_can_be_are_canceled_by_staff_and_the_others_named(transfer, session, services):
    draft, arrived = transfer((State.DRAFT, 1)), transfer((State.PORTED, 1), number="+14155552100")
    dan = _flushed(session, a_person(session))
    [refused] = cancel_each(session, services, [draft, arrived], dan.id)
    assert (refused.project, refused.why) == (arrived, "There’s nothing left to cancel.")
    assert draft.numbers[0].state is State.CANCELED
    assert session.query(PortHistory).one().cause is Cause.STAFF
    [entry] = session.query(DeskEntry)
    assert (entry.project_id, entry.user, entry.act) == (draft.id, dan, DeskAct.CANCELED)


def test_a_view_is_saved_under_its_name_and_is_ones_own(session):
    dan = _flushed(session, a_person(session))
    save_view(session, dan.id, "Late", {"due": "late"})
    save_view(session, dan.id, "Late", {"due": "today"})
    [view] = views_of(session, dan.id)
    assert view.filters == {"due": "today"}
    remove_view(session, dan.id + 1, view.id)
    assert views_of(session, dan.id) == [view]
    remove_view(session, dan.id, view.id)
    assert views_of(session, dan.id) == []


def test_views_are_saved_up_to_a_limit(session):
    dan = _flushed(session, a_person(session))
    for place in range(MOST_VIEWS):
        save_view(session, dan.id, f"View {place}", {})
    save_view(session, dan.id, "View 0", {"due": "late"})
    with pytest.raises(Invalid):
        save_view(session, dan.id, "One more", {})
