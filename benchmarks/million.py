"""Fills a database with many businesses: each row of one small business is copied, with some columns its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from benchmarks.bakery import PEOPLE
from benchmarks.filling import filling, without_indexes
from provisioning.contract.callbacks import Subject
from provisioning.contract.porting import NumberKind
from service.inbox.models import Call, Contact, Conversation, Direction, Message, Outcome
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.models import Base
from service.porting.models import Attempt, CarrierOrder, Cause, PortHistory, PortNumber, PortProject
from service.porting.states import Fact, State
from webhooks.models import Received

BUSINESSES: Final = 100_000
"""In a whole database: ports, ledger entries, calls and messages make 21 million rows then, callbacks ten."""

FIRST: Final = "f" * 32
"""The name of the first transfer in its address."""

NUMBER: Final = "+12000000001"
"""The number of the first business."""

_FOUR_YEARS: Final = "timestamptz '2026-11-01' - (n % 35000) * interval '1 hour'"
_OURS: Final = "'+1' || (2000000000 + {})"

_OPEN: Final = (State.IN_REVIEW, State.WITH_LOSING_CARRIER, State.SCHEDULED, State.ACTION_REQUIRED)

_HEARD: Final = f"CASE WHEN n / 5 % 20 = 0 THEN now() - (n % 90) * interval '1 hour' ELSE {_FOUR_YEARS} END"
_AFTER: Final = "CASE WHEN n % 5 = 4 AND n / 5 % 20 > 0 THEN 'live' ELSE 'in_review' END"

_STATE: Final = f"CASE WHEN n % 20 = 0 THEN (ARRAY{[state.value for state in _OPEN]})[n / 20 % 4 + 1] ELSE 'live' END"

# a table, how many rows of it each business has, and the columns of its nth row that differ from those of the first
_COPIES: Final[Mapping[str, tuple[int, Mapping[str, str]]]] = {
    "workspaces": (1, {}),
    "lines": (1, {"workspace_id": "n + 1"}),
    "users": (1, {"email": "'owner' || n || '@bakery.example'", "fs_uniquifier": "'owner' || n"}),
    "members": (1, {"workspace_id": "n + 1", "user_id": "n + 1"}),
    "phone_numbers": (1, {"line_id": "n + 1", "number": _OURS.format("n + 1"), "reference": "'PN' || n"}),
    "contacts": (
        10,
        {"workspace_id": "n / 10 + 1", "number": _OURS.format("1e9::bigint + n"), "name": "'Guest ' || n"},
    ),
    "conversations": (10, {"line_id": "n / 10 + 1", "contact_id": "n + 1", "last_at": _FOUR_YEARS}),
    "messages": (
        100,
        {
            "conversation_id": "n / 10 + 1",
            "number": _OURS.format("n / 100 + 1"),
            "text": "'Hello, is order ' || n || CASE WHEN n % 50 = 0 THEN ' with sourdough' ELSE '' END || ' ready?'",
            "reference": "'SM' || n",
            "at": _FOUR_YEARS,
        },
    ),
    "calls": (
        50,
        {
            "conversation_id": "n / 5 + 1",
            "number": _OURS.format("n / 50 + 1"),
            "reference": "'CA' || n",
            "at": _FOUR_YEARS,
        },
    ),
    "received": (
        100,
        {
            "digest": "sha256(n::text::bytea)",
            # what is older has been emptied
            "body": "CASE WHEN n % 48 = 0 THEN convert_to(repeat('Body=Hello&', 30), 'UTF8') ELSE '' END",
            "received_at": "CASE WHEN n % 48 = 0 THEN now() - (n % 700) * interval '1 hour' ELSE '2026-01-01' END",
        },
    ),
    "ledger_entries": (50, {"subject_id": "n + 1", "tag": "'portline-' || n"}),
    "port_projects": (2, {"workspace_id": "n / 2 + 1", "line_id": "n / 2 + 1", "public_id": "md5(n::text)"}),
    "attempts": (2, {"project_id": "n + 1"}),
    "carrier_orders": (2, {"attempt_id": "n + 1", "reference": "'KW' || n", "asked_at": "clock_timestamp()"}),
    "port_numbers": (
        10,
        {
            "project_id": "n / 5 + 1",
            "attempt_id": "n / 5 + 1",
            "order_id": "n / 5 + 1",
            "number": _OURS.format("2e9::bigint + n"),
            "state": _STATE,
            "since": f"CASE WHEN n % 20 = 0 THEN now() - (n % 90) * interval '1 hour' ELSE {_FOUR_YEARS} END",
            "ported_at": f"CASE WHEN n % 20 > 0 THEN {_FOUR_YEARS} END",
            "committed_on": "current_date + CASE WHEN n % 20 = 0 THEN 4 + n % 19 ELSE - 30 - n % 1400 END",
        },
    ),
    "port_history": (50, {"port_number_id": "n / 5 + 1", "sequence": "n % 5 + 2", "at": _HEARD, "after": _AFTER}),
}
_WAITING_JOBS: Final = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)
    SELECT 'carrier', 'ask_carrier', json_build_object('order_id', n), 'todo', now() + interval '1 day'
    FROM generate_series(1, {count}) n
"""


def fill(address: str, businesses: int) -> None:
    """Fill an empty database, whose tables are made, with so many businesses. Prints how far it is."""
    with filling(address) as connection:
        connection.exec_driver_sql(PEOPLE)
        connection.exec_driver_sql(f"UPDATE phone_numbers SET number = '{NUMBER}'")  # noqa: S608 -- our own
        with Session(connection) as session:
            session.add_all(_first_rows())
            session.commit()
        for table, (each, own) in _COPIES.items():
            with without_indexes(connection, table):
                _copy(connection, table, businesses * each, own)
        connection.exec_driver_sql(_WAITING_JOBS.format(count=businesses))


def _first_rows() -> list[Base]:
    """What the first business has besides its people, its line and its number."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    conversation = Conversation(id=1, line_id=1, contact_id=1, last_at=at)
    project = PortProject(id=1, workspace_id=1, line_id=1, contact_email="anna@bakery.example", public_id=FIRST)
    order = CarrierOrder(id=1, attempt=Attempt(id=1, project=project, sequence=1, carrier="twilio"), carrier="twilio")
    order.reference = "KW-first"
    ported = PortNumber(id=1, project=project, order=order, attempt_id=1, number="+15555550100", kind=NumberKind.LOCAL)
    ported.state, ported.carrier, ported.asked_at, ported.ported_at = State.LIVE, "twilio", at, at
    moved = {"event": Fact.TAKEN_ON, "cause": Cause.CARRIER, "before": State.SUBMITTING, "after": State.IN_REVIEW}
    return [
        Contact(id=1, workspace_id=1, number="+14155550171", name="Guest"),
        conversation,
        Message(id=1, conversation=conversation, direction=Direction.IN, number=NUMBER, reference="SM-first"),
        Call(id=1, conversation=conversation, number=NUMBER, outcome=Outcome.MISSED, reference="CA-first"),
        Received(
            id=1, carrier="twilio", subject=Subject.MESSAGE, body=b"", digest=b"1", read_at=at + timedelta(seconds=1)
        ),
        LedgerEntry(id=1, kind=EntryKind.SEND_MESSAGE, subject_id=1, progress=Progress.DONE, settled_at=at),
        ported,
        PortHistory(id=1, port_number=ported, sequence=1, **moved),
    ]


def _copy(connection: Connection, table: str, count: int, own: Mapping[str, str]) -> None:
    """Insert the rows from the second to the last of a table."""
    columns = ", ".join(name for name in _written(connection, table) if name != "id")
    values = ", ".join(own.get(name, f"first.{name}") for name in columns.split(", "))
    connection.exec_driver_sql(
        f"INSERT INTO {table} (id, {columns}) SELECT n + 1, {values} "  # noqa: S608 -- our own
        f"FROM {table} first, generate_series(1, {count - 1}) n WHERE first.id = 1".replace("%", "%%")
    )
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})"))
    print(f"  {count} {table}", flush=True)


def _written(connection: Connection, table: str) -> list[str]:
    """The columns of a table that the database does not compute."""
    named = text(
        "SELECT column_name FROM information_schema.columns WHERE table_name = :table AND is_generated = 'NEVER'"
    )
    return list(connection.scalars(named, {"table": table}))
