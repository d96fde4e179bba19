"""Measure what is asked all day on a database of 100,000 businesses with a million ports, compared with ten businesses.

`python -m benchmarks.scale 0.1` fills a tenth of it, which takes a few minutes.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry, generate_latest

from benchmarks.filling import browser_of, new_database
from benchmarks.million import BUSINESSES, FIRST, NUMBER, fill
from benchmarks.rig import environ
from laptop import database
from provisioning.contract.callbacks import CallArrived, MessageArrived, Subject
from service.arrivals import text_arrived
from service.calls.queries import answering_at
from service.figures import Figures
from service.porting.asking import ask_carrier
from service.queue import waiting_times
from service.schedule.timetable import JOBS
from service.services import Services
from service.time import now
from service.wiring import wire
from webhooks.intake import Callback, Intake

SHARE: Final = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
FEW: Final = 10
MANY: Final = int(BUSINESSES * SHARE)
LOOKS: Final = 15
WANTED: Final = 1.5
UNFELT_MS: Final = 2.0
"""What takes no longer than this is flat, however its ratio comes out."""

_PAGES: Final = {
    "home": "/home",
    "inbox": "/inbox/",
    "a conversation": "/inbox/1",
    "search for a word": "/inbox/?q=sourdough",
    "calls": "/calls/",
    "numbers and transfers": "/numbers/",
    "a transfer": f"/ports/{FIRST}",
}


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        sides = [_Side(server, FEW), _Side(server, MANY)]
        rows = {what: [median(side.look(what) for _ in range(LOOKS)) for side in sides] for what in sides[0].looks}
        gigabytes = _bytes(server, MANY) / 1e9
    load = os.getloadavg()[0]
    print(f"{FEW} and {MANY} businesses ({gigabytes:.1f} GB), median of {LOOKS} looks  (load {load:.1f})")
    for what, (few, many) in rows.items():
        told = "flat" if many <= max(few * WANTED, UNFELT_MS) else f"NOT FLAT, wanted {WANTED}"
        print(f"  {what:28} {few:8.1f} ms  {many:8.1f} ms  ratio {many / few:7.2f}  {told}")


@dataclass
class _Side:
    """One of the two databases, and what is asked of it."""

    server: str
    businesses: int
    looks: dict[str, Callable[[], object]] = field(init=False)

    def __post_init__(self) -> None:
        os.environ.update(environ(_filled(self.server, self.businesses)), LOG_LEVEL="ERROR")
        services = wire()
        self.looks = _pages(services) | _reads(services) | _writes(services) | _jobs(services)
        for look in self.looks.values():
            look()  # the first look connects, plans, and does what has been due

    def look(self, what: str) -> float:
        """The milliseconds that one look takes."""
        began = time.perf_counter()
        self.looks[what]()
        return (time.perf_counter() - began) * 1000


def _filled(server: str, businesses: int) -> str:
    """Create a database with so many businesses; its address."""
    address = new_database(server, f"scale_{businesses}")
    fill(address, businesses)
    return address


def _bytes(server: str, businesses: int) -> int:
    """How much room a filled database takes, with its indexes."""
    with psycopg.connect(server) as connection:
        found = connection.execute("SELECT pg_database_size(%s)", [f"scale_{businesses}"]).fetchone()
    return int(found[0]) if found else 0


def _pages(services: Services) -> dict[str, Callable[[], object]]:
    """The pages of a member of the first business."""
    client = browser_of(services, 1)
    return {f"page: {name}": partial(_open, client, path) for name, path in _PAGES.items()}


def _open(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")


def _reads(services: Services) -> dict[str, Callable[[], object]]:
    """What others than members ask: Prometheus, an alarm, a ringing call."""
    registry = CollectorRegistry()
    registry.register(Figures(services))
    call = CallArrived("CA-new", "+14155550171", NUMBER)

    def waited() -> None:
        with services.sessions() as session:
            waiting_times(session)

    def rings() -> None:
        with services.sessions() as session:
            assert answering_at(session, call, now())

    return {"metrics": partial(generate_latest, registry), "waiting times of jobs": waited, "a call is answered": rings}


def _writes(services: Services) -> dict[str, Callable[[], object]]:
    """A callback kept, a text read into the inbox, a job queued once."""
    intake, turn = Intake(services.settings.direct_url), count()

    def keeps() -> None:
        intake.keep(Callback("twilio", Subject.MESSAGE, "", f"kept {next(turn)}".encode()))

    def reads() -> None:
        with services.sessions.begin() as session:
            text_arrived(session, services, MessageArrived(f"SM-new-{next(turn)}", "+14155550171", NUMBER, "Hello"))

    def queues() -> None:
        with services.sessions.begin() as session:
            ask_carrier.defer_once(session, order_id=-next(turn))

    return {"a callback is kept": keeps, "a text is read": reads, "a job is queued once": queues}


def _jobs(services: Services) -> dict[str, Callable[[], object]]:
    """Each job of the clock that reads rows, when what was due has been done."""
    return {f"clock: {job.name}": partial(job.run, services) for job in JOBS if job.asks_rows}


if __name__ == "__main__":
    main()
