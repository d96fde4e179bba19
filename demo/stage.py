"""The stage: a whole deployment of its own, beside whatever else runs on this machine, from nothing."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from laptop import lifeline

PATIENCE = 60.0


class NotStanding(Exception):
    """The deployment did not come up; the log says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the service's pages and the carrier's other side are reached."""

    pages: str
    console: str


@contextmanager
def standing(home: Path) -> Iterator[Stage]:
    """Everything runs while the block does, and is begun anew. Raises `NotStanding`."""
    _clear(home)
    web, sandbox, mail = _free_ports(3)
    stage = Stage(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{sandbox}")
    ports = {"PORT": str(web), "SANDBOX_PORT": str(sandbox), "SANDBOX_SMTP_PORT": str(mail)}
    with (home / "log").open("wb") as log, lifeline.held(home / "playing"):
        crew = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-m", "laptop", str(home)],
            env={**os.environ, **ports},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for(stage, crew)
            yield stage
        finally:
            crew.send_signal(signal.SIGTERM)
            crew.wait()


def _clear(home: Path) -> None:
    """An earlier play may have been killed: its database is stopped before its data goes."""
    leftover = [sys.executable, "-m", "laptop.database", str(home)]
    subprocess.run(leftover, check=False, capture_output=True)  # noqa: S603 -- our own module
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in held]
    for listening in held:
        listening.close()
    return ports


def _wait_for(stage: Stage, crew: "subprocess.Popen[bytes]") -> None:
    """Until the pages can work and the platform has the number that its own texts leave from."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if crew.poll() is not None:
            raise NotStanding(f"a process ended with {crew.returncode}")
        if _answer(f"{stage.pages}/readyz") and _answer(f"{stage.console}/_control/numbers") not in {"", "[]"}:
            return
        time.sleep(0.1)
    raise NotStanding(f"not ready after {PATIENCE:.0f} s")


def _answer(url: str) -> str:
    try:
        answer = requests.get(url, timeout=5)
    except requests.RequestException:
        return ""
    return answer.text.strip() if answer.ok else ""
