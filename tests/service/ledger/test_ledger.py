"""Each ledger entry is performed once, though answers are lost and workers are killed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from service.ledger import leases
from service.ledger.ledger import call_off, owe, perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.queries import overdue
from service.lines.models import PhoneNumber, Standing
from service.schedule.chase_overdue import chase_entries
from tests.factories import a_line


class WorkerKilled(BaseException):
    """The worker was killed: no handler of ours catches this."""


@pytest.fixture
def owed(services):
    """The id of an entry: a temporary number to buy."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        number = session.scalar(select(PhoneNumber).where(PhoneNumber.line_id == line.id))
        return owe(session, EntryKind.BUY_NUMBER, number.id).id


def bought(services):
    """Numbers at the carrier that carry a tag of ours; the platform's own is not among them."""
    client = services.network("twilio").numbers
    with services.sessions() as session:
        tags = list(session.scalars(select(LedgerEntry.tag)))
    return [number for tag in tags if (number := client.tagged(tag))]


def entry_of(services, entry_id):
    with services.sessions() as session:
        return session.get_one(LedgerEntry, entry_id)


def wait_over(services):
    """Let the wait before the next try be over."""
    with services.sessions.begin() as session:
        session.execute(text("UPDATE ledger_entries SET due_at = clock_timestamp()"))
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))


def test_an_entry_is_done_once_however_often_it_is_offered(services, world, owed):
    for _ in range(3):
        perform(services, owed)
    assert entry_of(services, owed).progress is Progress.DONE
    assert len(world.state.numbers) == 1


def test_owing_twice_is_owing_once(services, owed):
    with services.sessions.begin() as session:
        again = owe(session, EntryKind.BUY_NUMBER, entry_of(services, owed).subject_id)
    assert again.id == owed


def test_an_entry_owed_in_a_change_that_is_rolled_back_was_never_owed(services, work):
    with services.sessions.begin() as session:
        a_line(session, services)
        session.rollback()
    work()
    with services.sessions() as session:
        assert session.scalars(select(LedgerEntry)).all() == []
        assert session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")).scalar() == 0


def test_a_purchase_whose_answer_was_lost_is_found_and_not_made_again(services, world, work, owed):
    world.faults.add("lose-after", path="*/IncomingPhoneNumbers.json", count=1)
    work()
    wait_over(services)
    work()
    assert entry_of(services, owed).progress is Progress.DONE
    assert len(bought(services)) == 1
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber)).one().standing is Standing.HELD


def test_a_purchase_that_never_arrived_is_tried_again_with_the_same_number(services, world, work, owed):
    world.faults.add("lose-before", path="*/IncomingPhoneNumbers.json", count=1)
    work()
    with services.sessions() as session:
        chosen = session.scalars(select(PhoneNumber)).one().number
    for _ in range(2):
        wait_over(services)
        work()
    assert entry_of(services, owed).progress is Progress.DONE
    assert [number.number for number in bought(services)] == [chosen]


def test_what_the_carrier_turned_away_is_ready_again_at_once(services, world, work, owed):
    world.faults.add("throttle", path="*/AvailablePhoneNumbers/*", count=1)
    work()
    assert entry_of(services, owed).progress is Progress.READY
    wait_over(services)
    work()
    assert entry_of(services, owed).progress is Progress.DONE


def test_a_look_that_failed_is_repeated_soon_and_not_after_a_whole_grace(services, world, owed):
    world.faults.add("lose-after", path="*/IncomingPhoneNumbers.json", count=1)
    perform(services, owed)
    world.faults.add("outage")
    with services.sessions.begin() as session:
        session.execute(text("UPDATE ledger_entries SET tried_at = tried_at - interval '5 minutes'"))
    patient = replace(services, settings=replace(services.settings, ledger_grace_seconds=300))
    perform(patient, owed)
    with services.sessions() as session:
        waited = session.scalar(select(func.clock_timestamp() - LedgerEntry.tried_at))
        due_in = session.execute(text("SELECT max(scheduled_at) - now() FROM procrastinate_jobs")).scalar()
    assert timedelta(seconds=265) < waited < timedelta(seconds=300)
    assert timedelta(seconds=25) < due_in <= timedelta(seconds=31)


@pytest.mark.parametrize("moment", ["before_call", "after_call"])
def test_the_entry_of_a_worker_that_died_is_done_once_by_the_next(services, world, work, owed, monkeypatch, moment):
    performer = services.performers[EntryKind.BUY_NUMBER]
    really = type(performer).call

    def dying(self, services, entry, prepared):
        if moment == "after_call":
            really(self, services, entry, prepared)
        raise WorkerKilled

    monkeypatch.setattr(type(performer), "call", dying)
    with pytest.raises(WorkerKilled):
        perform(services, owed)
    monkeypatch.undo()
    assert entry_of(services, owed).progress is Progress.TRYING
    chase_entries(services)
    for _ in range(2):
        work()
        wait_over(services)
    assert entry_of(services, owed).progress is Progress.DONE
    assert len(bought(services)) == 1


def test_a_worker_that_comes_back_late_writes_nothing_over_its_successor(services, owed, monkeypatch):
    late = {}
    performer = services.performers[EntryKind.BUY_NUMBER]
    really = type(performer).call

    def overtaken(self, services, entry, prepared):
        reference = really(self, services, entry, prepared)
        if not late:
            late["seen"] = True
            perform(services, entry.id)
        return reference

    monkeypatch.setattr(type(performer), "call", overtaken)
    perform(services, owed)
    assert entry_of(services, owed).progress is Progress.DONE
    assert len(bought(services)) == 1


def test_an_entry_within_its_grace_time_is_left_alone(services, owed, monkeypatch):
    with services.sessions.begin() as session:
        entry = leases.claim(session, owed)
        assert entry.progress is Progress.TRYING
    patient = replace(services, settings=replace(services.settings, ledger_grace_seconds=60))
    perform(patient, owed)
    assert entry_of(services, owed).lease == entry.lease


def test_what_nobody_has_begun_can_be_called_off(services, world, work, owed):
    with services.sessions.begin() as session:
        assert call_off(session, EntryKind.BUY_NUMBER, entry_of(services, owed).subject_id)
    work()
    assert bought(services) == []


def test_what_is_done_cannot_be_called_off(services, owed):
    perform(services, owed)
    with services.sessions.begin() as session:
        assert not call_off(session, EntryKind.BUY_NUMBER, entry_of(services, owed).subject_id)


def test_an_entry_whose_job_was_lost_is_found_overdue(services, owed):
    with services.sessions.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        assert [entry.id for entry in overdue(session, timedelta())] == [owed]


def test_while_no_worker_runs_an_overdue_entry_waits_as_one_job(services, owed):
    for _ in range(3):
        chase_entries(services)
    with services.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_a_carrier_is_asked_from_an_hour_before_the_earlier_of_the_rows_time_and_the_databases(services, owed):
    entry = entry_of(services, owed)
    ahead, behind = entry.owed_at + timedelta(minutes=10), entry.owed_at - timedelta(minutes=10)
    assert entry.asked_since(ahead) == entry.owed_at - timedelta(hours=1)
    assert entry.asked_since(behind) == behind - timedelta(hours=1)
