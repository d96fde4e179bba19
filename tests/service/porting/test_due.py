"""By which day the porting desk wants a number to leave its state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from provisioning.contract.porting import NumberKind
from service.brands import Platform, PlatformWorkspace
from service.porting.due import due_day
from service.porting.models import Cause, PortNumber
from service.porting.states import FINAL, Fact, State
from service.porting.targets import OURS, set_targets, targets_for
from service.porting.transitions import transition
from service.targets import Target
from tests.factories import OWN, a_draft, a_line

OTHER = "+14155552009"


def usual(settings):
    return {target: settings.target(target) for target in Target}


@pytest.fixture
def project(session, services):
    return a_draft(session, a_line(session, services), OWN)


@pytest.fixture
def number(project):
    return project.numbers[0]


@pytest.mark.parametrize(
    ("state", "day"),
    [
        (State.DRAFT, date(2026, 3, 4)),
        (State.SUBMITTING, date(2026, 3, 3)),
        (State.AWAITING_SIGNATURE, date(2026, 3, 5)),
        (State.IN_REVIEW, date(2026, 3, 5)),
        (State.ACTION_REQUIRED, date(2026, 3, 3)),
        (State.CANCEL_REQUESTED, date(2026, 3, 5)),
        (State.PORTED, date(2026, 3, 3)),
        *((final, None) for final in FINAL),
    ],
)
def test_each_state_has_its_target_in_business_days(services, number, state, day):
    number.state = state
    assert due_day(usual(services.settings), number) == day


def test_business_days_are_those_of_the_numbers_country(services, number, clock):
    clock.jump(timedelta(days=30))  # Wednesday, April 1; then comes Good Friday, a holiday in Canada alone
    number.since, number.state = clock.now(), State.AWAITING_SIGNATURE
    assert due_day(usual(services.settings), number) == date(2026, 4, 6)
    number.number = "+16045552671"
    assert due_day(usual(services.settings), number) == date(2026, 4, 7)


def test_several_numbers_or_a_toll_free_one_take_longer_to_get_a_date(session, services, project, number):
    number.state = State.IN_REVIEW
    number.kind = NumberKind.TOLL_FREE
    assert due_day(usual(services.settings), number) == date(2026, 3, 9)
    number.kind = NumberKind.LOCAL
    project.numbers.append(PortNumber(number=OTHER))
    assert due_day(usual(services.settings), number) == date(2026, 3, 9)


def test_a_setting_changes_a_target(services, number):
    settings = replace(services.settings, porting_targets=((Target.DRAFT, 4),))
    assert due_day(usual(settings), number) == date(2026, 3, 6)


def test_the_time_to_a_date_runs_through_review_and_ends_with_the_day_that_is_committed(
    session, services, number, clock
):
    number.state = State.AWAITING_SIGNATURE
    transition(session, services, number, Fact.TAKEN_ON, Cause.CARRIER)
    assert (number.since, number.due_on) == (clock.now(), date(2026, 3, 5))
    clock.jump(timedelta(days=2))
    transition(session, services, number, Fact.SENT_ON, Cause.CARRIER)
    assert (number.since, number.due_on) == (clock.now(), date(2026, 3, 5))
    came, number.committed_on = clock.now(), date(2026, 3, 12)
    transition(session, services, number, Fact.DATE_COMMITTED, Cause.CARRIER, date="2026-03-12", old_date="")
    clock.jump(timedelta(days=1))
    number.committed_on = date(2026, 3, 16)
    transition(session, services, number, Fact.DATE_COMMITTED, Cause.CARRIER, date="2026-03-16", old_date="2026-03-12")
    assert (number.since, number.due_on) == (came, date(2026, 3, 16)), "it is in the same state, with another date"


def test_what_has_ended_is_due_no_more(session, services, number):
    number.state, number.due_on = State.IN_REVIEW, date(2026, 3, 5)
    transition(session, services, number, Fact.CANCELED, Cause.CARRIER)
    assert number.due_on is None


def test_a_draft_is_due_once_the_carrier_was_asked(services, work):
    with services.sessions.begin() as session:
        draft = a_draft(session, a_line(session, services), OWN)
    work()
    with services.sessions() as session:
        assert session.get_one(PortNumber, draft.numbers[0].id).due_on == date(2026, 3, 4)


def test_a_desk_has_targets_of_its_own_for_the_workspaces_of_its_platform(session, services, project, number):
    platform, other = a_line(session, services).workspace_id, a_line(session, services).workspace_id
    session.add(Platform(workspace_id=platform, most=1))
    session.flush()
    session.add(PlatformWorkspace(workspace_id=project.workspace_id, platform_id=platform))
    set_targets(session, platform, {Target.SIMPLE: 4})
    set_targets(session, platform, {Target.SIMPLE: 5})
    set_targets(session, OURS, {Target.SIMPLE: 2})
    session.flush()
    targets = targets_for(session, services.settings, [project.workspace_id, other])
    assert [targets[one][Target.SIMPLE] for one in (project.workspace_id, other)] == [5, 2]
    assert targets[other][Target.DRAFT] == 2, "as the settings have it"
    number.state = State.SUBMITTING
    transition(session, services, number, Fact.TAKEN_ON, Cause.CARRIER)
    assert number.due_on == date(2026, 3, 9)
