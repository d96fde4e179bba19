"""A deployment on the loopback to be broken: database, carrier, and a crew of processes."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import func, select

from laptop import processes, rehearsal, watchdog
from reliability import carrier, crew, database
from reliability.audit import unexplained
from sandbox.world import World
from service.callbacks import set_up_carrier
from service.ledger.models import LedgerEntry, Progress
from service.services import Services
from service.wiring import wire


class Database(Protocol):
    """A database that can crash, as `laptop.postgres.Server` and `reliability.cluster.Cluster`."""

    @property
    def url(self) -> str:
        """Its address, the same after each crash."""

    def crash(self) -> None:
        """Have it die at once."""

    def start(self) -> None:
        """Put back what has died; return once all is well again."""


@dataclass(frozen=True, slots=True)
class Rig:
    """The parts of the deployment, and services of the harness to read rows with."""

    environ: Mapping[str, str]
    database: Database
    world: World
    line: carrier.Line
    crew: crew.Crew
    services: Services

    def unexplained(self) -> list[str]:
        """A sentence for each difference between the carrier's records and our rows."""
        with self.services.sessions() as session, self.world.exchange.lock:
            return unexplained(session, self.world.state, rehearsal.PLATFORM_NUMBER)

    def progress(self) -> Counter[Progress]:
        """The number of entries in each progress."""
        with self.services.sessions() as session:
            counted = session.execute(select(LedgerEntry.progress, func.count()).group_by(LedgerEntry.progress))
            return Counter(dict(counted.all()))

    def owed(self) -> int:
        """The number of entries that are not done."""
        progress = self.progress()
        return progress[Progress.READY] + progress[Progress.TRYING]

    def until_done(self, patience: float) -> float:
        """Wait until nothing is owed, at most `patience` seconds; the seconds that took."""
        began = time.monotonic()
        while self.owed() and time.monotonic() < began + patience:
            self.crew.replace_the_dead()
            time.sleep(0.2)
        return time.monotonic() - began


_NO_CAPS: Final = dict.fromkeys(
    ("SPEND_PER_DAY", "SPEND_PER_MONTH", "WORKSPACE_SPEND_PER_DAY", "WORKSPACE_SPEND_PER_MONTH"), "1000000"
)
"""A flood of texts costs more than one workspace may spend in a day."""

_ONE_BUSINESS: Final = {"SINGLE_BUSINESS": "true"}
"""Its numbers text at once; `registrations` plays how businesses register."""

_NO_LIVE: Final = {"LIVE_URL": ""}
"""No page is open; in earnest, which is without a rehearsal's clock, a rehearsal's address is refused."""


@contextmanager
def standing(**changes: str) -> Iterator[Rig]:
    """Run everything but the crew on an empty database of its own while the block runs.

    `changes` replace settings of a rehearsal; "" removes one.
    """
    with _guarded() as home, database.running() as data, _standing_on(home, data, data.url, changes) as rig:
        yield rig


@contextmanager
def standing_on(data: Database, url: str, **changes: str) -> Iterator[Rig]:
    """As `standing`, on an empty database that runs already, and that all processes reach by a URL."""
    with _guarded() as home, _standing_on(home, data, url, changes) as rig:
        yield rig


@contextmanager
def _guarded() -> Iterator[Path]:
    """A temporary folder of a harness, whose processes end with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (
        tempfile.TemporaryDirectory(prefix="portline-reliability-") as home,
        watchdog.guarding(Path(home) / "running"),
    ):
        yield Path(home)


@contextmanager
def _standing_on(home: Path, data: Database, url: str, changes: Mapping[str, str]) -> Iterator[Rig]:
    environ = settings(home, url, changes)
    os.environ.clear()
    os.environ.update(environ)
    processes.run_once("release", environ)
    with carrier.answering(environ) as (world, line), crew.hired(environ) as members:
        services = wire()
        set_up_carrier(services, buy_platform_number=True)
        yield Rig(environ, data, world, line, members, services)
        services.sessions.kw["bind"].dispose()


def settings(home: Path, database_url: str, changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of every process, on free ports of the loopback."""
    ports = rehearsal.Ports(*_free_ports(4))
    environ = (
        os.environ | rehearsal.environ(home, database_url, ports) | _NO_CAPS | _ONE_BUSINESS | _NO_LIVE | dict(changes)
    )
    return {name: value for name, value in environ.items() if value}


def zeros(**counted: int) -> int:
    """Print figures that have to be zero, in a line that `reliability/drill.py` reads; the exit code."""
    say("  zeros: " + ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counted.items()))
    return int(any(counted.values()))


SKIPPED: Final = 77
"""The exit code of a harness that this machine cannot play, as automake's tests have it."""


def skipped(why: str) -> int:
    """Say why a harness cannot be played here, in a line that `reliability/drill.py` reads; its exit code."""
    say(f"  skipped: {why}")
    return SKIPPED


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in held]
    for listening in held:
        listening.close()
    return ports
