"""Two PostgreSQL nodes under Patroni with etcd, and haproxy in front of them, with the files of `docs/database/`.

Each node is a machine of its own (`reliability/networks.py`), which can die and can be cut off.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psycopg
import requests
from psycopg import sql

from laptop import watchdog
from laptop.postgres import as_owner, own
from reliability import networks
from reliability.networks import HERE, Machine

FILES: Final = Path(__file__).parents[1] / "docs" / "database"
NODES: Final = {"one": "10.0.0.11", "two": "10.0.0.12"}
"""As `docs/database/haproxy.cfg` names them."""

PATIENCE: Final = 90.0
LAG: Final = 1.0
"""Seconds before its death in which what a leader writes does not reach the standby."""

_DAEMONS: Final = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
_PASSWORD: Final = "of-the-drill"  # noqa: S105 -- of databases that live for minutes, in a network of their own
_ROLES: Final = ("SUPERUSER", "REPLICATION", "REWIND")
_SECOND: Final = 1.0


def trouble() -> str:
    """Why no cluster can be run here, in a sentence; "" if it can."""
    missing = [program for program in ("patroni", "etcd", "haproxy") if _found(program) is None]
    if missing or not _programs():
        wanted = ", ".join([*missing, *(["PostgreSQL"] if not _programs() else [])])
        return f"there is no {wanted} on this machine (Debian: apt install patroni etcd-server haproxy postgresql)."
    return networks.trouble()


@dataclass
class Node:
    """A machine with Patroni, which starts a PostgreSQL on the data in its folder."""

    machine: Machine
    folder: Path
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start Patroni on the same data, with the network that it had when all was well."""
        self.machine.mend()
        with (self.folder.parent / f"{self.machine.name}.log").open("ab") as log:
            patroni = [_found("patroni") or "", str(FILES / "patroni.yml")]
            command = self.machine.command([*as_owner(self.folder), *patroni])
            self._running = _follower(command, log=log, environ=self._environ())

    def die(self) -> None:
        """End Patroni and all of its PostgreSQL at once, and the machine's network with them."""
        self.machine.cut()
        self._kill()

    def stop(self) -> None:
        """End what runs."""
        self._kill()

    @property
    def is_running(self) -> bool:
        """Whether Patroni runs."""
        return self._running is not None and self._running.poll() is None

    def _kill(self) -> None:
        if self._running:
            os.killpg(self._running.pid, 9)
            self._running.wait()

    def _environ(self) -> dict[str, str]:
        address = self.machine.address
        own_settings = {
            "NAME": self.machine.name,
            "RESTAPI_CONNECT_ADDRESS": f"{address}:8008",
            "POSTGRESQL_CONNECT_ADDRESS": f"{address}:5432",
            "POSTGRESQL_DATA_DIR": str(self.folder / "data"),
            "POSTGRESQL_BIN_DIR": str(_programs()),
            "POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            **{f"{role}_PASSWORD": _PASSWORD for role in _ROLES},
        }
        return _neutral() | {f"PATRONI_{name}": value for name, value in own_settings.items()}


class Cluster:
    """The nodes. `url` leads through haproxy to the one that takes changes, `hosts_url` names both."""

    url: Final = f"postgresql://portline:{_PASSWORD}@127.0.0.1:5432/portline"
    hosts_url: Final = (
        f"postgresql://portline:{_PASSWORD}@{','.join(NODES.values())}/portline?target_session_attrs=read-write"
    )

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._replication = "sync"

    def start(self) -> None:
        """Start the nodes that do not run; return once one leads and the other follows. Raises `TimeoutError`."""
        for node in self._nodes:
            if not node.is_running:
                node.start()
            node.machine.mend()
        self._wait_until_whole()

    def crash(self) -> None:
        """Have the leader die, a second after the standby's network was cut, which is mended then."""
        leader, standby = self._leader_first()
        standby.machine.cut()
        time.sleep(LAG)
        leader.die()
        standby.machine.mend()

    def part(self) -> None:
        """Cut the leader off everybody; it runs on. `start` mends that."""
        leader, _ = self._leader_first()
        leader.machine.cut()

    def replicate_later(self) -> None:
        """Commit without waiting for the standby: the control, which has to lose something."""
        leader, _ = self._leader_first()
        _asked("PATCH", leader, "config", {"synchronous_mode": False}).raise_for_status()
        self._replication = "async"
        self._wait_until_whole()

    def make_database(self) -> None:
        """Make the role and the database of a deployment."""
        leader, _ = self._leader_first()
        own_url = f"postgresql://postgres:{_PASSWORD}@{leader.machine.address}/postgres"
        with psycopg.connect(own_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE portline LOGIN PASSWORD {}").format(_PASSWORD))
            connection.execute("CREATE DATABASE portline OWNER portline")

    def _leader_first(self) -> tuple[Node, Node]:
        """The leader and the other one. Raises `TimeoutError` if none leads."""
        one, two = self._nodes
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for leader, other in ((one, two), (two, one)):
                if _is_leading(leader):
                    return leader, other
            time.sleep(0.2)
        raise TimeoutError("no node leads")

    def _wait_until_whole(self) -> None:
        """Wait until one node leads and the other follows, synchronously if that is how this cluster commits."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if _follows(*self._leader_first()) == self._replication:
                return
            time.sleep(0.2)
        raise TimeoutError("the standby did not come back")


@contextmanager
def running() -> Iterator[Cluster]:
    """Run a cluster on empty data, in whose database are no tables, while the block runs."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="portline-reliability-")))
        running.enter_context(watchdog.guarding(folder / "running"))
        running.enter_context(_etcd(folder))
        nodes = [running.enter_context(_node(name, address, folder)) for name, address in NODES.items()]
        running.enter_context(_haproxy(folder))
        cluster = Cluster(nodes)
        cluster.start()
        cluster.make_database()
        yield cluster


@contextmanager
def _node(name: str, address: str, folder: Path) -> Iterator[Node]:
    (data := folder / name).mkdir(mode=0o700)
    own(data)
    with networks.machine(name, address) as machine:
        node = Node(machine, data)
        node.start()
        try:
            yield node
        finally:
            node.stop()


@contextmanager
def _etcd(folder: Path) -> Iterator[None]:
    clients = f"http://{HERE}:2379"
    command = [_found("etcd") or "", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", "--logger", "zap"]
    command += ["--listen-client-urls", clients, "--advertise-client-urls", clients]
    with _daemon(command, folder / "etcd.log"):
        yield


@contextmanager
def _haproxy(folder: Path) -> Iterator[None]:
    with _daemon([_found("haproxy") or "", "-f", str(FILES / "haproxy.cfg")], folder / "haproxy.log"):
        yield


@contextmanager
def _daemon(command: Sequence[str], log: Path) -> Iterator[None]:
    with log.open("wb") as said:
        running = _follower(command, log=said, environ=_neutral())
    try:
        yield
    finally:
        os.killpg(running.pid, 9)
        running.wait()


def _follower(command: Sequence[str], *, log: IO[bytes], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a command that ends when the harness does."""
    following = [sys.executable, "-m", "laptop.watchdog", *command]
    return subprocess.Popen(  # noqa: S603 -- Debian's programs
        following,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environ,
        start_new_session=True,
    )


def _is_leading(node: Node) -> bool:
    with suppress(requests.RequestException):
        return _asked("GET", node, "primary").ok
    return False


def _follows(leader: Node, other: Node) -> str:
    """How the other node follows: "sync" once Patroni would promote it, "async", or "" for not at all."""
    with suppress(requests.RequestException, ValueError):
        followers = _asked("GET", leader, "patroni").json().get("replication", [])
        for one in followers:
            if (one["application_name"], one["state"]) == (other.machine.name, "streaming"):
                return "sync" if _asked("GET", other, "sync").ok else "async"
    return ""


def _asked(method: str, node: Node, what: str, body: dict[str, bool] | None = None) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"http://{node.machine.address}:8008/{what}", json=body, timeout=_SECOND)


def _programs() -> Path | None:
    """Debian's newest PostgreSQL; Patroni knows no newer one than its own Debian has."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def _found(program: str) -> str | None:
    return shutil.which(program, path=_DAEMONS)


def _neutral() -> dict[str, str]:
    """The environment without settings for another PostgreSQL and proxies."""
    foreign = ("PG", "LC_", "LANG", "PATRONI_", "ETCD_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | {"LC_ALL": "C.UTF-8"}
