"""The service that the benchmarks measure: an embedded database, and gunicorn with two processes of eight threads."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import psycopg
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from twilio.request_validator import RequestValidator

from laptop import database
from service.db import connect

TOKEN: Final = "benchmark-auth-token"  # noqa: S105 -- made up, for the loopback only
PUBLIC: Final = "https://bench.invalid"
_PATIENCE_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Rig:
    """A running service: `url` is its address on the loopback, `database` that of its database.

    `server` and `postgres` are the process ids of the two, `environ` has its settings.
    """

    url: str
    database: str
    folder: Path
    server: int
    postgres: int
    environ: Mapping[str, str]

    def signed(self, name: str, path: str, bodies: list[str]) -> Path:
        """Write a file of requests to a path, each signed as the carrier signs."""
        validator = RequestValidator(TOKEN)
        lines = [f"{validator.compute_signature(PUBLIC + path, _form(body))}\t{body}\n" for body in bodies]
        file = self.folder / f"{name}.requests"
        file.write_text("".join(lines))
        return file

    def rows(self) -> int:
        """The number of callbacks that are stored."""
        with psycopg.connect(self.database) as connection:
            counted = connection.execute("SELECT count(*) FROM received").fetchone()
        return int(counted[0]) if counted else 0


@contextmanager
def standing() -> Iterator[Rig]:
    """Run the service on an empty database with the current schema while the block runs."""
    with tempfile.TemporaryDirectory() as name, database.running(Path(name) / "database") as address:
        everything = {**os.environ, **environ(address)}
        make_tables(address)
        port = free_port()
        with _serving(everything, port) as server:
            yield Rig(
                f"http://127.0.0.1:{port}", address, Path(name), server, postmaster(Path(name) / "database"), everything
            )


def make_tables(address: str) -> None:
    """Bring an empty database to the schema that the service asks for."""
    engine = connect(address)
    with engine.connect() as connection:
        command.upgrade(Config("alembic.ini", attributes={"connection": connection}), "head")
    engine.dispose()


def environ(address: str) -> dict[str, str]:
    """Settings of a service on a database; its carrier is never asked anything."""
    return {
        "DATABASE_URL": address,
        "PUBLIC_BASE_URL": PUBLIC,
        "SECRET_KEY": "benchmarks" * 4,
        "SEALING_KEYS": Fernet.generate_key().decode(),
        "CARRIERS": "twilio",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


@contextmanager
def _serving(environ: dict[str, str], port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "warning"]
    command += ["--bind", f"127.0.0.1:{port}", "benchmarks.app:create()"]
    with process(command, environ) as server:
        wait_for(port)
        yield server.pid


@contextmanager
def process(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command while the block runs, then end it."""
    running = subprocess.Popen(command, env=environ)  # noqa: S603 -- our own
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


def processor_seconds(pid: int) -> float:
    """What a process, its ended and its running children have taken until now (user and system, `man 5 proc`)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:  # a child that has ended since it was listed
        return 0.0
    own = sum(map(int, stat.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
    children = (file.read_text().split() for file in Path(f"/proc/{pid}/task").glob("*/children"))
    return own + sum(processor_seconds(int(child)) for child in chain.from_iterable(children))


def postmaster(folder: Path) -> int:
    """The process id of the database server on the data in a folder."""
    return int((folder / "postmaster.pid").read_text().split()[0])


def wait_for(port: int) -> None:
    """Return when a server listens on a port of the loopback. Raises `TimeoutError` after 20 seconds."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not come up")


def free_port() -> int:
    """A free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _form(body: str) -> dict[str, str]:
    return dict(parse_qsl(body, keep_blank_values=True))
