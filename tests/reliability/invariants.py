"""Invariants that hold at every moment of every run, after any fault."""

from collections import Counter, defaultdict

from sqlalchemy import select

from reliability.audit import doubled
from service.ledger.models import EntryKind, LedgerEntry
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.notifications.models import NoticeKind, Notification
from service.porting.models import PortHistory, PortNumber
from service.porting.states import FINAL, State


def nothing_is_done_twice(harness, session):
    """One purchase of a temporary number, one live order a number, one text for an entry, no e-mail without one."""
    assert doubled(harness.world.state) == []
    owed = session.scalars(select(LedgerEntry.tag).where(LedgerEntry.kind == EntryKind.SEND_MAIL))
    assert {mail.message_id.strip("<").partition("@")[0] for mail in harness.mailbox.mails} <= set(owed)


def one_message_for_each_fact_and_channel(harness, session):
    notified = Counter(
        (row.project_id, row.kind, row.version, row.channel) for row in session.scalars(select(Notification))
    )
    assert set(notified.values()) <= {1}


def no_state_without_history(harness, session):
    states = {number.id: number.state for number in session.scalars(select(PortNumber))}
    rows = session.scalars(select(PortHistory).order_by(PortHistory.port_number_id, PortHistory.sequence))
    histories = defaultdict(list)
    for row in rows:
        histories[row.port_number_id].append(row)
    for number, state in states.items():
        history = histories[number]
        assert [row.sequence for row in history] == list(range(1, len(history) + 1))
        assert [row.before for row in history] == [State.DRAFT, *[row.after for row in history]][: len(history)]
        assert state is (history[-1].after if history else State.DRAFT)


def done_is_said_only_when_every_number_is_settled(harness, session):
    done = session.scalars(select(Notification.project_id).where(Notification.kind == NoticeKind.DONE)).all()
    states = session.scalars(select(PortNumber.state).where(PortNumber.project_id.in_(done))).all()
    assert set(states) <= FINAL


def nothing_is_released_while_its_port_is_not_live(harness, session):
    given_back = select(PhoneNumber.line_id).where(PhoneNumber.standing == Standing.RELEASED)
    for line in session.scalars(given_back):
        roles = select(PhoneNumber.role).where(PhoneNumber.line_id == line, PhoneNumber.standing == Standing.HELD)
        assert NumberRole.PRIMARY in set(session.scalars(roles))


def no_live_number_without_its_port_at_the_carrier(harness, session):
    completed = {
        number.phone_number
        for order in harness.world.state.port_ins.values()
        for number in order.numbers
        if number.status == "completed"
    }
    live = session.scalars(select(PortNumber.number).where(PortNumber.state.in_([State.PORTED, State.LIVE])))
    assert set(live) <= completed


def no_secret_in_clear(harness, secrets):
    """No secret is in a row of a table or in a queued job."""
    tables = harness.worker.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = str([harness.worker.query(f'SELECT t::text FROM "{table}" t') for (table,) in tables])  # noqa: S608 -- ours
    assert not any(secret in rows for secret in secrets)


ALWAYS = (
    nothing_is_done_twice,
    one_message_for_each_fact_and_channel,
    no_state_without_history,
    done_is_said_only_when_every_number_is_settled,
    nothing_is_released_while_its_port_is_not_live,
    no_live_number_without_its_port_at_the_carrier,
)
