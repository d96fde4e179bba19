"""What each process of a deployment runs; imported once, before the processes are forked."""

import os
import random
import runpy
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import service.app  # noqa: F401 -- what the web processes need, imported before they are forked
from service import clockwork
from service import worker as working
from service.connections import Process
from service.ledger.models import EntryKind, LedgerEntry
from service.notifications.channels.sms import Text, Texting
from service.services import Services
from service.wiring import wire

PAUSED_RATE: Final = 0.05
PAUSED_SECONDS: Final = 12


def web() -> None:
    """The Procfile's web command, with two processes."""
    sys.argv = ["gunicorn", "--workers", "2", "wsgi:app"]
    runpy.run_module("gunicorn", run_name="__main__")


def worker() -> None:
    """The Procfile's worker command."""
    working.run(wire(Process.WORKER))


def clock() -> None:
    """The Procfile's clock command."""
    clockwork.run(wire(Process.CLOCK))


class Blind(Texting):
    """Sends texts again without looking for one whose answer was lost, as a plain queue would."""

    def look(self, services: Services, entry: LedgerEntry, prepared: Text) -> str | None:
        """Say that the text was not sent."""
        return None


def naive_worker() -> None:
    """Run a worker that sends again without looking: the control, which must send texts twice."""
    services = wire(Process.WORKER)
    working.run(replace(services, performers={**services.performers, EntryKind.SEND_TEXT: Blind()}))


class Paused(Texting):
    """Stops its whole process now and then around a call, for longer than a lease, as a frozen machine would."""

    def call(self, services: Services, entry: LedgerEntry, prepared: Text) -> str:
        """Send the text, with a stop before it or after it one time in ten."""
        _pause_sometimes()
        reference = super().call(services, entry, prepared)
        _pause_sometimes()
        return reference


def paused_worker() -> None:
    """Run a worker that is stopped and goes on, again and again."""
    services = wire(Process.WORKER)
    working.run(replace(services, performers={**services.performers, EntryKind.SEND_TEXT: Paused()}))


def _pause_sometimes() -> None:
    if random.random() < PAUSED_RATE:  # noqa: S311 -- dice, no secret
        with Path(os.environ["PAUSES"]).open("a") as counted:
            counted.write("x")
        wake = f"sleep {PAUSED_SECONDS}; kill -CONT {os.getpid()}"
        subprocess.Popen(["/bin/sh", "-c", wake], start_new_session=True)  # noqa: S603 -- our own words
        os.kill(os.getpid(), signal.SIGSTOP)
