"""Between which days a number can be expected, by the rules and by past ports."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from provisioning.contract.porting import NumberKind
from service.porting import projects
from service.porting.choice import days_for
from service.porting.estimate import estimate
from service.porting.models import Attempt, PortHistory, PortNumber
from service.porting.past_times import ENOUGH, usual_range
from service.porting.states import State
from service.porting.weeks import count_weeks
from tests.factories import OWN, a_draft, a_line
from tests.season.arrivals import arrivals


@pytest.fixture
def project(session, services):
    return a_draft(session, a_line(session, services), OWN)


def between(session, services, project):
    told = estimate(session, services, project)
    return told and (told.first, told.last)


def taken_on(session, number, state=State.IN_REVIEW):
    number.state = state
    row = PortHistory(
        port_number=number,
        sequence=len(number.history) + 1,
        event="taken_on",
        cause="carrier",
        before=State.SUBMITTING,
        after=state,
    )
    session.add(row)
    session.flush()


def test_before_it_is_signed_the_usual_time_counts_from_today_in_business_days(session, services, project):
    assert between(session, services, project) == (date(2026, 3, 9), date(2026, 3, 23))


def test_once_the_carrier_has_it_the_time_runs_and_is_never_yesterday(session, services, project, clock):
    taken_on(session, project.numbers[0])
    clock.jump(timedelta(days=9))
    assert between(session, services, project) == (date(2026, 3, 12), date(2026, 3, 23))


def test_when_the_usual_time_is_over_nothing_is_promised(session, services, project, clock):
    taken_on(session, project.numbers[0])
    clock.jump(timedelta(days=30))
    assert between(session, services, project) is None


def test_it_does_not_come_before_the_day_it_is_wished_for(session, services, project):
    project.wished = date(2026, 3, 27)
    assert between(session, services, project) == (date(2026, 3, 27), date(2026, 3, 27))


@pytest.mark.parametrize(
    ("filed_on", "first"),
    [
        (date(2026, 11, 30), date(2026, 12, 7)),
        (date(2026, 12, 18), date(2026, 12, 28)),  # seven days later is Christmas
        (date(2026, 12, 25), date(2027, 1, 4)),  # a holiday itself, and seven days later is New Year's
        (date(2026, 11, 28), date(2026, 12, 7)),  # a Saturday
    ],
)
def test_it_is_never_expected_before_the_first_day_that_can_be_wished_for(
    session, services, project, clock, filed_on, first
):
    arrived(session, project.line, ENOUGH, days=2)
    clock.jump(datetime.combine(filed_on, time(15), UTC) - clock.now())
    assert days_for(services, project)[0] == first
    assert between(session, services, project) == (first, first)


def test_the_wished_day_is_rounded_to_a_day_on_which_operators_work(session, services, project):
    project.wished = date(2026, 3, 14)
    assert between(session, services, project) == (date(2026, 3, 16), date(2026, 3, 23))


@pytest.mark.parametrize("state", [State.SCHEDULED, State.ACTIVATING, State.PORTED, State.LIVE, State.CANCELED])
def test_what_waits_for_no_date_has_no_estimate(session, services, project, state):
    project.numbers[0].state = state
    assert between(session, services, project) is None


def test_a_country_without_a_rule_has_no_estimate(session, services):
    project = a_draft(session, a_line(session, services), "+4930123456")
    assert between(session, services, project) is None


def arrived(session, line, count, days, operator=None):
    """Past ports that took these numbers of days."""
    for last in range(count):
        earlier = a_draft(session, line)
        earlier.operator = operator
        attempt = Attempt(project=earlier, sequence=1, carrier="twilio", made_at=datetime(2026, 2, 2, 15, tzinfo=UTC))
        session.add(attempt)
        session.flush()
        ported = datetime(2026, 2, 2, 15, tzinfo=UTC) + timedelta(days=days)
        number = PortNumber(project=earlier, number=f"+1415555{6000 + last}", state=State.LIVE, ported_at=ported)
        number.attempt_id = attempt.id
        session.add(number)
    session.flush()
    count_weeks(session)


@pytest.mark.parametrize(("count", "last"), [(ENOUGH - 1, date(2026, 3, 23)), (ENOUGH, date(2026, 3, 9))])
def test_what_was_seen_often_enough_counts_for_more_than_the_rule(session, services, project, count, last):
    arrived(session, project.line, count, days=2)
    told = estimate(session, services, project)
    assert told.last == last
    assert told.seen == (ENOUGH if count == ENOUGH else 0)


def test_what_was_seen_runs_from_the_filing_and_not_later_while_the_transfer_goes_on(session, services, project, clock):
    arrived(session, project.line, ENOUGH, days=11)
    projects.submit(session, services, project)
    filed = estimate(session, services, project)
    assert filed.seen
    clock.jump(timedelta(days=2))
    taken_on(session, project.numbers[0])
    assert estimate(session, services, project).last == filed.last
    project.numbers[0].state = State.ACTION_REQUIRED
    assert estimate(session, services, project).last > filed.last, "it is to be filed anew"


def test_other_kinds_of_numbers_say_nothing_about_it(session, services, project):
    arrived(session, project.line, ENOUGH, days=2)
    project.numbers[0].kind = NumberKind.MOBILE
    assert estimate(session, services, project).seen == 0


def test_enough_transfers_from_the_same_provider_count_alone_however_registries_spell_it(session, services, project):
    arrived(session, project.line, ENOUGH, days=2, operator="Ooma")
    arrived(session, project.line, ENOUGH - 1, days=10, operator="Cellco Partnership")
    project.operator = "Verizon Wireless"
    told = estimate(session, services, project)
    assert (told.seen, told.of_provider) == (2 * ENOUGH - 1, False), "too few of its own"
    arrived(session, project.line, 1, days=10, operator="Verizon Wireless")
    told = estimate(session, services, project)
    assert (told.seen, told.of_provider, told.last) == (ENOUGH, True, date(2026, 3, 12))


def taken(chance, most_likely, spread):
    """Business days that a transfer takes at an old operator, some of whose orders are held up."""
    held_up = chance.gauss(5, 2) if chance.random() < 0.15 else 0
    return max(1, round(chance.gammavariate((most_likely / spread) ** 2, spread**2 / most_likely) + held_up))


@pytest.mark.parametrize(("most_likely", "spread"), [(5, 2.5), (8, 3), (12, 5), (20, 9)])
def test_eight_in_ten_come_within_the_range_that_earlier_ones_make(most_likely, spread):
    """Two years of three transfers a week, three times: each is expected from those before, and comes or does not."""
    came = expected = 0
    for year in range(3):
        chance = random.Random(year)  # noqa: S311 -- repeatable, not secret
        days = [taken(chance, most_likely, spread) for _ in range(300)]
        for place in range(ENOUGH, len(days)):
            first, last = usual_range(days[max(0, place - 200) : place])
            came += first <= days[place] <= last
            expected += 1
    assert 0.75 <= came / expected <= 0.85


def test_eight_in_ten_of_a_season_of_two_thousand_come_within_the_range_of_those_that_had_come_before_them():
    """From losing carriers with characters, in half a year: each is expected from those that arrived until then."""
    came = expected = 0
    for ending in ("5201", "5202", "5203", "5204", "5205", "6201"):
        unwished = [one for one in arrivals(ending, 334, weeks=26, seed=0) if not one.wished]
        for one in unwished:
            past = [other.days for other in unwished if other.came < one.filed]
            if len(past) >= ENOUGH:
                first, last = usual_range(past)
                came += first <= one.days <= last
                expected += 1
    assert expected > 1000
    assert 0.75 <= came / expected <= 0.85
