"""What each process of a deployment does, from its environment; imported once before anybody is forked."""

import runpy
import sys
from typing import Any

import service.app  # noqa: F401 -- what the web processes need, imported before they are forked
from service import clockwork
from service import worker as working
from service.ledger.models import Effect, EffectKind
from service.ledger.performers import POSTINGS, Posting
from service.notifications.channels.sms import Text, Texting
from service.queue import Lane
from service.services import Services
from service.wiring import wire


def web() -> None:
    """The Procfile's web command, with two processes."""
    sys.argv = ["gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "wsgi:app"]
    runpy.run_module("gunicorn", run_name="__main__")


def worker() -> None:
    """The Procfile's worker command."""
    working.run(wire())


def clock() -> None:
    """The Procfile's clock command."""
    clockwork.run(wire())


class Blind(Texting):
    """Sends texts without ever looking for one whose answer was lost: what a queue alone would do."""

    def look(self, services: Services, effect: Effect, prepared: Text) -> str | None:
        """Always "surely not made"."""
        return None


def naive_worker() -> None:
    """A worker that sends again without looking: the control, which has to fail."""
    services = wire()
    blind: Posting = Posting(_blind(), Lane.NOTIFICATION)
    POSTINGS[EffectKind.SEND_TEXT] = blind
    working.run(services)


def _blind() -> Any:  # noqa: ANN401 -- a performer of the ledger, whose postings are untyped in what they prepare
    return Blind()
