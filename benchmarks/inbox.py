"""The inbox of a business with 10,000 conversations of 200 messages, against one with 100: its page, and its search."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from benchmarks.rig import environ
from laptop import database
from service.app import create_app
from service.db import connect
from service.models import Base
from service.wiring import wire
from webhooks import models as _callbacks  # noqa: F401 -- its table belongs to the schema

MESSAGES: Final = 200
SMALL: Final = 100
LARGE: Final = 10_000
LOOKS: Final = 100
WANTED: Final = 1.5

_PEOPLE: Final = """
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        VALUES (1, 'Bakery', 'en', 'UTC', '', '', '2026-01-01');
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        VALUES (1, 1, 'Line', 'US', 'en', '2026-01-01');
    INSERT INTO users (id, email, name, language, active, fs_uniquifier, code_tries, made_at)
        VALUES (1, 'anna@bakery.example', 'Anna', 'en', true, 'anna', 0, '2026-01-01');
    INSERT INTO members (workspace_id, user_id, role) VALUES (1, 1, 'owner');
    INSERT INTO phone_numbers (line_id, number, area, role, standing, carrier, reference, made_at, held_at, texts_since)
        VALUES (1, '+14155550188', '', 'primary', 'held', 'twilio', 'PN1', '2026-01-01', '2026-01-01', '2026-01-01');
"""

# every message has common words, a word that one in fifty has, and a number that is its own
_CONVERSATIONS: Final = """
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at)
        SELECT n, 1, '+1415' || (2000000 + n), 'Customer ' || n, '', '2026-01-01' FROM generate_series(1, {count}) n;
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard)
        SELECT n, 1, n, timestamptz '2026-02-01' + n * interval '1 minute', {messages}
        FROM generate_series(1, {count}) n;
    INSERT INTO messages (conversation_id, direction, number, text, reference, status, trouble, automatic, at)
        SELECT c, CASE WHEN m % 2 = 0 THEN 'out' ELSE 'in' END, '+14155550188',
            'Hello, is order ' || (c * {messages} + m) || ' ready' ||
            CASE WHEN m % 50 = 0 THEN ' with the sourdough' ELSE '' END || ' on Saturday?',
            'SM' || c || 'x' || m, 'delivered', '', false,
            timestamptz '2026-02-01' + c * interval '1 minute' - ({messages} - m) * interval '1 hour'
        FROM generate_series(1, {count}) c, generate_series(1, {messages}) m;
    INSERT INTO calls (conversation_id, number, reference, forwarded_from, outcome, seconds, at, voicemail_url,
            voicemail_reference, voicemail_seconds, voicemail_type, transcript)
        SELECT n, '+14155550188', 'CA' || n, '', 'missed', 0, timestamptz '2026-02-01' + n * interval '1 minute',
            '', '', 0, '', '' FROM generate_series(1, {count}) n;
"""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        small, large = _measured(server, SMALL), _measured(server, LARGE)
    print(f"inbox, {LARGE} conversations of {MESSAGES} messages against {SMALL}, p95 of {LOOKS} looks each")
    for look, was in small.items():
        ratio = large[look] / was
        print(f"  {look:34} {was:6.1f} ms  {large[look]:6.1f} ms  ratio {ratio:5.2f}  (wanted at most {WANTED})")


def _measured(server: str, count: int) -> dict[str, float]:
    """95th percentile in milliseconds of each kind of look, in an inbox of so many conversations."""
    os.environ.update(environ(_filled(server, count)))
    client = create_app(wire()).test_client()
    with client.session_transaction() as cookie:
        cookie.update(_user_id="anna", _fresh=True)
    return {look: _p95(client, address) for look, address in _looks(count).items()}


def _looks(count: int) -> dict[str, Callable[[int], str]]:
    """What a member opens, by the number of the look: none is opened twice with the same words."""
    own = count * MESSAGES // (LOOKS + 1)
    return {
        "the inbox": lambda _: "/inbox/",
        "nothing new (304 to a page)": lambda _: "/inbox/list",
        "one conversation": lambda turn: f"/inbox/{count - turn % SMALL}",
        "a word of one text": lambda turn: f"/inbox/?q=order {MESSAGES + 1 + turn * own}",
        "a word of every fiftieth text": lambda _: "/inbox/?q=sourdough",
        "a word of every text": lambda _: "/inbox/?q=saturday",
        "a name": lambda turn: f"/inbox/?q=customer {count - turn % SMALL}",
        "the end of a number": lambda turn: f"/inbox/?q={2000000 + count - turn % SMALL}",
    }


def _p95(client: FlaskClient, address: Callable[[int], str]) -> float:
    marks: dict[str, str] = {}
    took = []
    for turn in range(-5, LOOKS):  # the first few warm up
        path = address(max(turn, 0))
        began = time.perf_counter()
        answer = client.get(path, headers={"If-None-Match": marks.get(path, "")})
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code in {200, 304}, answer.status
        if path == "/inbox/list":
            marks[path] = answer.headers["ETag"]
    return quantiles(took[5:], n=20)[-1]


def _filled(server: str, count: int) -> str:
    """The address of a database of its own with so many conversations."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE inbox_{count}")
    address = make_url(server).set(database=f"inbox_{count}").render_as_string(hide_password=False)
    Base.metadata.create_all(connect(address))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_PEOPLE)
        connection.execute(_CONVERSATIONS.format(count=count, messages=MESSAGES))
        connection.execute("VACUUM ANALYZE")
    return address


if __name__ == "__main__":
    main()
