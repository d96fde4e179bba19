"""A worker that is stopped and goes on after another has taken over its entry."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import event, func, select, text, update

from provisioning import deadline
from provisioning.contract.errors import TooLate
from provisioning.contract.numbers import Wanted
from service.alerts import Alert, AlertKind
from service.carrier_errors import carrier_errors
from service.inbox import writing
from service.ledger import leases
from service.ledger.late_answers import judge_late_answer
from service.ledger.ledger import owe, perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.buying import BuyNumber, Candidate, _choose
from service.lines.models import Line, PhoneNumber, Standing
from tests.factories import CALLER, a_caller, a_line


@pytest.fixture
def settings(settings):
    return replace(settings, ledger_grace_seconds=45)


@pytest.fixture
def boot(monkeypatch):
    """The clock that counts suspended time, to be set."""
    boot = {"now": 1000.0}
    monkeypatch.setattr(deadline, "since_boot", lambda: boot["now"])
    return boot


@pytest.fixture
def owed(services, set_up):
    """The id of an entry: a temporary number to buy."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        number = session.scalar(select(PhoneNumber).where(PhoneNumber.line_id == line.id))
        return owe(session, EntryKind.BUY_NUMBER, number.id).id


def go_by(services, boot):
    """Let the lease of a stopped worker expire."""
    boot["now"] += 70
    with services.sessions.begin() as session:
        session.execute(text("UPDATE ledger_entries SET tried_at = tried_at - interval '70 seconds'"))


def others_take_over(services, boot, entry_id):
    """Another worker takes the entry over, finds nothing at the carrier, and performs it under its own lease."""
    go_by(services, boot)
    for _ in range(2):
        perform(services, entry_id)


def stop_once(monkeypatch, performer, when, services, boot, then=others_take_over, step="call"):
    """Stop the first worker that calls the carrier, before or after its call, or a step of it."""
    really, stopped = getattr(performer, step), []

    def call(self, services, entry, prepared):
        if when == "before" and not stopped:
            stopped.append(entry)
            then(services, boot, entry.id)
        reference = really(self, services, entry, prepared)
        if when == "after" and not stopped:
            stopped.append(entry)
            then(services, boot, entry.id)
        return reference

    monkeypatch.setattr(performer, step, call)
    return stopped


def entry_of(services, entry_id):
    with services.sessions() as session:
        return session.get_one(LedgerEntry, entry_id)


def number_of(services, owed):
    with services.sessions() as session:
        return session.get_one(PhoneNumber, entry_of(services, owed).subject_id)


def alerts(services):
    with services.sessions() as session:
        return list(session.scalars(select(Alert).where(Alert.kind == AlertKind.DONE_TWICE)))


def lose_the_lease(services, entry_id):
    with services.sessions.begin() as session:
        session.execute(update(LedgerEntry).values(lease=func.gen_random_uuid()).where(LedgerEntry.id == entry_id))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_number_is_bought_once_by_a_worker_that_slept_and_the_one_that_took_over(
    services, world, work, owed, boot, monkeypatch, when
):
    before = len(world.state.numbers)
    stopped = stop_once(monkeypatch, BuyNumber, when, services, boot)
    perform(services, owed)
    work()
    assert stopped
    row = number_of(services, owed)
    assert len(world.state.numbers) == before + 1
    assert services.network("twilio").numbers.find(row.number).reference == row.reference
    assert entry_of(services, owed).reference == row.reference
    assert alerts(services) == []


def test_a_worker_that_slept_sends_no_text_after_another_has(services, world, work, boot, owed, monkeypatch):
    work()
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        message = writing.write(session, a_caller(session, line), "On our way", None)
    performer = type(services.performers[EntryKind.SEND_MESSAGE])
    stopped = stop_once(monkeypatch, performer, "before", services, boot)
    work()
    assert stopped
    assert [sent.body for sent in world.state.messages.values() if sent.to == CALLER] == ["On our way"]
    assert message.id


def test_what_a_worker_was_too_late_to_send_is_ready_again_if_nobody_has_taken_over(
    services, world, owed, boot, monkeypatch
):
    """Choosing renews the lease, so what is late is the purchase after it."""
    late = {"then": lambda *_: boot.update(now=boot["now"] + 70), "step": "_buy"}
    stop_once(monkeypatch, BuyNumber, "before", services, boot, **late)
    perform(services, owed)
    entry = entry_of(services, owed)
    assert (entry.progress, entry.trouble) == (Progress.READY, "it was too late to send it")


def test_a_number_is_not_chosen_without_the_lease(services, owed, boot):
    with services.sessions.begin() as session:
        entry = leases.claim(session, owed)
    lose_the_lease(services, owed)
    with pytest.raises(TooLate):
        _choose(services, entry, Candidate("+14155550199", "twilio", {}))
    assert number_of(services, owed).number == ""


def test_choosing_a_number_renews_the_lease(services, owed, boot):
    with services.sessions.begin() as session:
        entry = leases.claim(session, owed)
    with leases.begun(services.settings):
        boot["now"] += 14
        _choose(services, entry, Candidate("+14155550199", "twilio", {}))
        boot["now"] += 14
        deadline.insist()
        boot["now"] += 2
        with pytest.raises(TooLate):
            deadline.insist()
    assert entry_of(services, owed).tried_at > entry.tried_at


def test_a_second_number_is_told_and_given_back(services, world, work, owed):
    work()
    network = services.network("twilio")
    [offer, *_] = network.numbers.search(Wanted("US", "212"))
    second = network.numbers.buy(offer.number, entry_of(services, owed).tag, services.routing("twilio"))
    judge_late_answer(services, entry_id=owed, reference=second.reference)
    work()
    [alert] = alerts(services)
    assert alert.details == {
        "entry": "buy_number",
        "reference": second.reference,
        "kept": entry_of(services, owed).reference,
    }
    assert network.numbers.find(offer.number) is None
    assert number_of(services, owed).standing is Standing.HELD
    assert network.numbers.find(number_of(services, owed).number)


def test_a_late_answer_that_the_other_worker_may_be_finding_waits_until_it_has(services, world, work, owed):
    work()
    found = entry_of(services, owed).reference
    with services.sessions.begin() as session:
        session.execute(update(LedgerEntry).values(progress=Progress.TRYING, reference=""))
    judge_late_answer(services, entry_id=owed, reference=found)
    with services.sessions.begin() as session:
        session.execute(update(LedgerEntry).values(progress=Progress.DONE, reference=found))
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    work()
    assert alerts(services) == []
    assert len(world.state.numbers) == 2


def test_a_number_that_a_row_of_ours_has_is_not_given_back_as_surplus(services, world, work, owed):
    work()
    with services.sessions.begin() as session:
        BuyNumber().give_back(session, services, entry_of(services, owed), entry_of(services, owed).reference)
    work()
    assert services.network("twilio").numbers.find(number_of(services, owed).number)


def test_an_answer_that_comes_back_without_the_lease_is_judged(services, work, owed, monkeypatch):
    really = BuyNumber.call

    def overtaken(self, services, entry, prepared):
        reference = really(self, services, entry, prepared)
        with services.sessions.begin() as session:
            done = {"progress": Progress.REFUSED, "lease": func.gen_random_uuid()}
            session.execute(update(LedgerEntry).values(done))
        return reference

    monkeypatch.setattr(BuyNumber, "call", overtaken)
    work()
    [alert] = alerts(services)
    assert alert.details["kept"] == "refused"


@pytest.fixture
def impatient(services):
    """A transaction that fails when it has to wait for a row."""
    with services.sessions() as session:
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        yield session


def test_no_worker_waits_for_an_entry_that_a_stopped_one_claims(services, owed, impatient):
    with services.sessions() as stopped:
        assert leases.claim(stopped, owed)
        assert leases.claim(impatient, owed) is None


def test_no_worker_waits_for_an_entry_that_a_stopped_one_takes_over(services, owed, impatient):
    with services.sessions.begin() as session:
        assert leases.claim(session, owed)
    with services.sessions() as stopped:
        assert leases.take_over(stopped, owed, timedelta())
        assert leases.take_over(impatient, owed, timedelta()) is None


@pytest.fixture
def held(engine, database):
    """The statements after which a process that was stopped would hold a row that all workers write."""
    held = []

    def look(_connection, _cursor, statement, *_):
        try:
            other.execute("SELECT FROM carrier_errors FOR UPDATE NOWAIT")
            other.execute("SELECT FROM daily_costs FOR UPDATE NOWAIT")
        except LockNotAvailable:
            held.append(statement)

    with psycopg.connect(database, autocommit=True) as other:
        event.listen(engine, "after_cursor_execute", look)
        yield held
        event.remove(engine, "after_cursor_execute", look)


def test_a_worker_that_is_stopped_while_it_sends_holds_no_row_that_others_need(services, world, work, owed, held):
    work()
    world.faults.add("throttle", path="*/Messages.json", count=2)
    for words in ("On our way", "Nearly there"):
        with services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            writing.write(session, a_caller(session, line), words, None)
        held.clear()
        work()
    assert held == []
    with services.sessions() as session:
        assert carrier_errors(session)["unavailable"] == 2
