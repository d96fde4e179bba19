"""The temporary number's grace and its release."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from service.cutover.grace import due_for_release, give_notice
from service.cutover.undo import cut_over_again, take_back
from service.lines.inventory import numbers_of
from service.lines.models import PhoneNumber
from service.notifications.models import NoticeKind, Notification
from service.porting.models import Cause
from service.porting.states import State
from tests.service.cutover.test_undo import prove

LATE = datetime(2026, 4, 1, 2, tzinfo=UTC)
"""In California it is the evening before."""


@pytest.fixture
def live(do, clock, work):
    def retire(session, services, number):
        number.project.workspace.zone = "America/Los_Angeles"
        [temporary] = [worn for worn in numbers_of(session, number.project.line_id) if worn.number != number.number]
        temporary.retiring_since, temporary.last_used_at = LATE, None

    do(prove)
    work()
    do(retire)


def told(services):
    with services.sessions.begin() as session:
        give_notice(session, services)
    with services.sessions() as session:
        notices = select(Notification.facts).where(Notification.kind == NoticeKind.RELEASE_NOTICE)
        return sorted({facts["release_on"] for facts in session.scalars(notices)})


def due(services):
    with services.sessions() as session:
        return len(due_for_release(session, services.settings))


def test_the_day_it_goes_is_told_as_the_customers_day(live, services, clock):
    clock.jump(LATE + timedelta(days=23) - clock.now())
    assert told(services) == ["2026-04-30"]


def test_after_another_move_its_day_is_told_anew(live, do, services, clock, work):
    clock.jump(LATE + timedelta(days=23) - clock.now())
    assert told(services) == ["2026-04-30"]
    do(take_back, Cause.CUSTOMER)
    do(cut_over_again, Cause.CUSTOMER)
    work()
    do(prove)
    work()
    clock.jump(timedelta(days=23))
    assert told(services) == ["2026-04-30", "2026-05-23"]


def test_its_owner_has_a_week_however_long_something_else_has_kept_it(live, services, clock):
    clock.jump(LATE + timedelta(days=90) - clock.now())
    assert due(services) == 0
    assert told(services) == ["2026-07-06"]
    assert due(services) == 0
    clock.jump(timedelta(days=7))
    assert due(services) == 1


def test_without_a_live_number_the_temporary_one_is_never_given_back(live, do, services, clock):
    def gone(session, services, number):
        number.state = State.CANCELED

    do(gone)
    clock.jump(timedelta(days=90))
    assert told(services) == []
    assert due(services) == 0


def test_looking_for_what_is_due_locks_no_number_whose_time_has_not_come(live, services, clock):
    """The inbox needs the row meanwhile: an incoming call writes to it."""
    with services.sessions() as looking, services.sessions() as working:
        give_notice(looking, services)
        assert due_for_release(looking, services.settings) == []
        working.execute(text("SET LOCAL lock_timeout = '100ms'"))
        retiring = select(PhoneNumber).where(PhoneNumber.retiring_since.is_not(None))
        assert working.scalars(retiring.with_for_update()).all()
