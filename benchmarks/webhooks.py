"""Measure how many events a worker delivers in a second, how soon, and whether a million kept ones slow it down."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

import psycopg
from sqlalchemy import select

from benchmarks.bakery import PEOPLE
from benchmarks.rig import environ, make_tables, process, processor_seconds
from laptop import database
from service.accounts.models import Member
from service.events.endpoints import add_endpoint
from service.events.models import EventKind
from service.events.publishing import Event, publish
from service.services import Services
from service.wiring import wire

WORKSPACES: Final = 20
AT_ONCE: Final = 100
APART: Final = 60
EVERY_SECONDS: Final = 0.5
KEPT: Final = 1_000_000
WANTED_SECONDS: Final = 1.0

_numbers: Final = count(1)

_OTHERS: Final = f"""
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        SELECT n, 'Shop ' || n, 'en', 'UTC', '', '', '2026-01-01' FROM generate_series(2, {WORKSPACES}) n;
    INSERT INTO members (workspace_id, user_id, role) SELECT n, 1, 'owner' FROM generate_series(2, {WORKSPACES}) n;
"""  # noqa: S608 -- a number of ours
_ENDPOINTS: Final = """
    INSERT INTO webhook_endpoints (workspace_id, url, kinds, secret, made_at)
        SELECT n, url, kinds, secret, made_at FROM webhook_endpoints, generate_series(2, %s) n WHERE workspace_id = 1
"""
_KEEP: Final = """
    INSERT INTO webhook_deliveries (endpoint_id, event_id, kind, sequence, data, happened_at, wanted_at, tries,
            tried_at, status, answer, sent_at)
        SELECT e.id, 'call.ended:old' || n, 'call.ended', 'conversation:' || n % 1000, '{"id": 1}', at, at, 1, at, 200,
            'thanks', at
        FROM generate_series(1, %s) n,
            LATERAL (SELECT now() - n * interval '2 seconds' AS at) times,
            LATERAL (SELECT id FROM webhook_endpoints ORDER BY id OFFSET n %% %s LIMIT 1) e
"""
_LEFT: Final = "SELECT count(*) FROM webhook_deliveries WHERE due_at IS NOT NULL"
_TOOK: Final = "SELECT extract(epoch FROM sent_at - wanted_at) FROM webhook_deliveries WHERE event_id = %s"


class _Taking(BaseHTTPRequestHandler):
    """A program that takes every event."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as address, _receiver() as url:
        os.environ.update(environ(address) | {"NOTICES_INTO_PRIVATE_NETWORKS": "true", "LOG_LEVEL": "WARNING"})
        make_tables(address)
        services = wire()
        _fill(services, address, url)
        with process(["python", "-m", "service.worker"], os.environ) as worker:
            time.sleep(5)
            print(f"webhooks, one worker, {WORKSPACES} businesses  (load of the machine {os.getloadavg()[0]:.1f})")
            _measure(services, address, worker.pid, "an empty outbox")
            with psycopg.connect(address) as connection:
                connection.execute(_KEEP.encode(), [KEPT, WORKSPACES])
                connection.commit()
                connection.autocommit = True
                connection.execute("VACUUM ANALYZE webhook_deliveries")
            _measure(services, address, worker.pid, f"{KEPT:,} kept events")


def _fill(services: Services, address: str, url: str) -> None:
    """The businesses, each with an endpoint."""
    with psycopg.connect(address) as connection:
        connection.execute((PEOPLE + _OTHERS).encode())
    with services.sessions.begin() as session:
        owner = session.scalars(select(Member).where(Member.workspace_id == 1)).one()
        add_endpoint(session, services, owner, url, [EventKind.CALL_ENDED])
    with psycopg.connect(address) as connection:
        connection.execute(_ENDPOINTS, [WORKSPACES])


def _measure(services: Services, address: str, worker: int, outbox: str) -> None:
    """How long single events take, and how many of a heap go out in a second."""
    took = [_one(services, address, turn % WORKSPACES + 1) for turn in range(APART)]
    cuts = quantiles(took, n=20)
    print(f"  {outbox}: one by one   p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s (wanted {WANTED_SECONDS})")
    before, began = processor_seconds(worker), time.perf_counter()
    for turn in range(AT_ONCE):
        _publish(services, turn % WORKSPACES + 1)
    written = (time.perf_counter() - began) / AT_ONCE * 1000
    while _asked(address, _LEFT):
        time.sleep(0.05)
    lasted = time.perf_counter() - began
    spent = (processor_seconds(worker) - before) / AT_ONCE * 1000
    print(
        f"    {AT_ONCE} at once   {AT_ONCE / lasted:.1f}/s, {spent:.0f} ms of processor each, {written:.1f} ms to write"
    )


def _one(services: Services, address: str, workspace_id: int) -> float:
    """The seconds from an event's commit until the endpoint has taken it."""
    name = _publish(services, workspace_id)
    time.sleep(EVERY_SECONDS)
    while (took := _asked(address, _TOOK, name)) is None:
        time.sleep(0.05)
    return float(took)


def _publish(services: Services, workspace_id: int) -> str:
    number = next(_numbers)
    event = Event(EventKind.CALL_ENDED, f"conversation:{number}", number, {"id": number})
    with services.sessions.begin() as session:
        publish(session, workspace_id, [event])
    return event.id


@contextmanager
def _receiver() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Taking) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/events"
        server.shutdown()


def _asked(address: str, statement: str, *values: object) -> Any:  # noqa: ANN401 -- whatever is asked for
    with psycopg.connect(address) as connection:
        found = connection.execute(statement.encode(), values).fetchone()
        return found[0] if found else None


if __name__ == "__main__":
    main()
