"""What each process of a deployment runs; imported once, before the processes are forked."""

import runpy
import sys
from dataclasses import replace

import service.app  # noqa: F401 -- what the web processes need, imported before they are forked
from service import clockwork
from service import worker as working
from service.connections import Process
from service.ledger.models import EntryKind, LedgerEntry
from service.live import __main__ as listening
from service.notifications.channels.sms import Text, Texting
from service.services import Services
from service.wiring import wire


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


def live() -> None:
    """The Procfile's live command."""
    listening.main()


class Blind(Texting):
    """Sends texts again without looking for one whose answer was lost, as a plain queue would."""

    def look(self, services: Services, entry: LedgerEntry, prepared: Text) -> str | None:
        """Say that the text was not sent."""
        return None


def naive_worker() -> None:
    """Run a worker that sends again without looking: the control, which must send texts twice."""
    services = wire(Process.WORKER)
    working.run(replace(services, performers={**services.performers, EntryKind.SEND_TEXT: Blind()}))
