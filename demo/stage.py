"""A deployment for one demo, which begins with nothing and runs beside others on this machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import requests

from demo.browser import straight_session
from laptop import rehearsal, watchdog
from laptop.errors import using
from laptop.stop_database import stop_below

PATIENCE = 120.0


class NotStanding(Exception):
    """The deployment did not start; the message says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The addresses of the service's pages and of the sandbox, whose interface is asked with the carrier's token."""

    pages: str
    console: str
    carrier_token: str = field(default="", repr=False)


@contextmanager
def standing(home: Path, settings: Mapping[str, str]) -> Iterator[Stage]:
    """A deployment that begins with nothing and runs while the block does. Raises `NotStanding` and `CannotStart`.

    `settings` are those in which it differs from other rehearsals.
    """
    lock = home.with_suffix(".lock")
    with using(home):
        home.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    with watchdog.guarding(lock):
        _clear(home)
        web, sandbox, mail, live = _free_ports(4)
        stage = Stage(f"http://localhost:{web}", f"http://127.0.0.1:{sandbox}")
        ports = {"PORT": str(web), "SANDBOX_PORT": str(sandbox), "SANDBOX_SMTP_PORT": str(mail), "LIVE_PORT": str(live)}
        with _deployed(home, {**settings, **ports}) as deployment:
            _wait_for(stage, deployment, home / "log")
            yield replace(stage, carrier_token=rehearsal.carrier_token(home))


@contextmanager
def _deployed(home: Path, settings: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with (home / "log").open("wb") as log:
        deployment = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-m", "laptop", str(home)],
            env={**os.environ, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield deployment
    finally:
        deployment.send_signal(signal.SIGTERM)
        deployment.wait()


def _clear(home: Path) -> None:
    """Delete what an earlier demo has left; if that was killed, its processes may still be stopping."""
    with using(home):
        watchdog.wait_until_free(home / "running")
        stop_below(home)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in held]
    for listening in held:
        listening.close()
    return ports


def _wait_for(stage: Stage, deployment: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the pages can work and the platform has the number that its own texts leave from."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if deployment.poll() is not None:
            raise NotStanding(_last_line(log))
        if _answer(f"{stage.pages}/readyz") and _answer(f"{stage.console}/_control/numbers") not in {"", "[]"}:
            return
        time.sleep(0.1)
    raise NotStanding(f"Not ready after {PATIENCE:.0f} seconds.")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "A process ended.")


def _answer(url: str) -> str:
    """The body of a page; empty unless it answers with success."""
    with straight_session() as session:
        try:
            answer = session.get(url, timeout=5)
        except requests.RequestException:
            return ""
        return answer.text.strip() if answer.ok else ""
