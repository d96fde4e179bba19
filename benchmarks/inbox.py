"""Measure the inbox and its search with 2,000 conversations of 200 messages, compared with 100 conversations.

`python -m benchmarks.inbox 10000` fills two million messages instead, which takes minutes.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import Connection

from benchmarks.bakery import PEOPLE
from benchmarks.filling import browser_of, filling, new_database, without_indexes
from benchmarks.rig import environ
from laptop import database
from service.wiring import wire

MESSAGES: Final = 200
SMALL: Final = 100
LARGE: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
LOOKS: Final = 60
AT_ONCE: Final = 1000
"""How many conversations one statement inserts."""

WANTED: Final = 1.5
CONVERSATION: Final = "one conversation"
WANTED_MS: Final = 60.0

# every message has common words, a word that one in fifty has, and a number that is its own
_CONVERSATIONS: Final = """
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at)
        SELECT n, 1, '+1415' || (2000000 + n), 'Customer ' || n, '', '2026-01-01' FROM generate_series(1, {count}) n;
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard)
        SELECT n, 1, n, timestamptz '2026-02-01' + n * interval '1 minute', {messages}
        FROM generate_series(1, {count}) n;
    INSERT INTO calls (conversation_id, number, reference, forwarded_from, outcome, seconds, at, voicemail_url,
            voicemail_reference, voicemail_seconds, voicemail_type, transcript)
        SELECT n, '+14155550188', 'CA' || n, '', 'missed', 0, timestamptz '2026-02-01' + n * interval '1 minute',
            '', '', 0, '', '' FROM generate_series(1, {count}) n;
"""
_MESSAGES: Final = """
    INSERT INTO messages (conversation_id, direction, number, text, reference, status, trouble, automatic, at)
        SELECT c, CASE WHEN mod(m, 2) = 0 THEN 'out' ELSE 'in' END, '+14155550188',
            'Hello, is order ' || (c * {messages} + m) || ' ready' ||
            CASE WHEN mod(m, 50) = 0 THEN ' with the sourdough' ELSE '' END || ' on Saturday?',
            'SM' || c || 'x' || m, 'delivered', '', false,
            timestamptz '2026-02-01' + c * interval '1 minute' - ({messages} - m) * interval '1 hour'
        FROM generate_series({first}, {last}) c, generate_series(1, {messages}) m;
"""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        small, large = _client(server, SMALL), _client(server, LARGE)
        measured = {look: _both(small, large, look) for look in _looks(SMALL)}
    load = os.getloadavg()[0]
    print(f"inbox, {SMALL} conversations of {MESSAGES} messages, and {LARGE}, p95 of {LOOKS} looks  (load {load:.1f})")
    for look, (was, now) in measured.items():
        aim = f", {WANTED_MS:.0f} ms" if look == CONVERSATION else ""
        print(f"  {look:34} {was:6.1f} ms  {now:6.1f} ms  ratio {now / was:5.2f}  (wanted at most {WANTED}{aim})")


def _client(server: str, count: int) -> FlaskClient:
    """A browser that is signed in to an inbox of so many conversations."""
    os.environ.update(environ(_filled(server, count)))
    return browser_of(wire(), 1)


def _both(small: FlaskClient, large: FlaskClient, look: str) -> tuple[float, float]:
    """The 95th percentile of one request in milliseconds, small and large, measured in turns."""
    sides = [_Side(small, _looks(SMALL)[look]), _Side(large, _looks(LARGE)[look])]
    for turn in range(-5, LOOKS):  # the first few warm up
        for side in sides:
            side.look(max(turn, 0))
    was, now = (quantiles(side.took[5:], n=20)[-1] for side in sides)
    return was, now


def _looks(count: int) -> dict[str, Callable[[int], str]]:
    """The paths that a member opens, each made from the number of the request, so that no search is repeated."""
    own = count * MESSAGES // (LOOKS + 1)
    return {
        "the inbox": lambda _: "/inbox/",
        "nothing new (304 to a page)": lambda _: "/inbox/list",
        CONVERSATION: lambda turn: f"/inbox/{count - turn % SMALL}",
        "a word of one text": lambda turn: f"/inbox/?q=order {MESSAGES + 1 + turn * own}",
        "a word of every fiftieth text": lambda _: "/inbox/?q=sourdough",
        "a word of every text": lambda _: "/inbox/?q=saturday",
        "a word as it is typed": lambda _: "/inbox/?q=sourd",
        "a name": lambda turn: f"/inbox/?q=customer {count - turn % SMALL}",
        "the end of a number": lambda turn: f"/inbox/?q={2000000 + count - turn % SMALL}",
    }


@dataclass(slots=True)
class _Side:
    """One of the two inboxes: the path of each request, and how long each took in milliseconds."""

    client: FlaskClient
    address: Callable[[int], str]
    mark: str = ""
    took: list[float] = field(default_factory=list)

    def look(self, turn: int) -> None:
        path = self.address(turn)
        began = time.perf_counter()
        answer = self.client.get(path, headers={"If-None-Match": self.mark})
        self.took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code in {200, 304}, answer.status
        self.mark = answer.headers["ETag"] if path == "/inbox/list" else ""


def _filled(server: str, count: int) -> str:
    """Create a database with so many conversations; its address."""
    address = new_database(server, f"inbox_{count}")
    with filling(address) as connection, without_indexes(connection, "messages"):
        _fill(connection, count)
    print("  indexed", flush=True)
    return address


def _fill(connection: Connection, count: int) -> None:
    """Insert the rows."""
    connection.exec_driver_sql(PEOPLE)
    connection.exec_driver_sql(_CONVERSATIONS.format(count=count, messages=MESSAGES))
    for first in range(1, count + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, count)
        connection.exec_driver_sql(_MESSAGES.format(first=first, last=last, messages=MESSAGES))
        print(f"  filled {last} of {count} conversations", flush=True)


if __name__ == "__main__":
    main()
