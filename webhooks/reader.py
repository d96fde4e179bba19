"""Reading stored callbacks in the order they came, each in its own transaction; none is lost.

A callback that cannot be read now is tried again after ever longer waits; after eight tries the operators are alerted,
and when the fault is corrected, `flask --app wsgi read-again` has it read again.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from threading import Event as Stop
from typing import Final

import psycopg
from psycopg.errors import LockNotAvailable
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.alerts import AlertKind, alert
from service.connections import Process, arguments
from service.queue import TRIES
from service.services import Services
from service.time import now
from webhooks.dispatch import read_received
from webhooks.intake import CHANNEL
from webhooks.models import Received

log = logging.getLogger(__name__)

FIRST_WAIT: Final = timedelta(seconds=5)
"""A wait doubles with each try: in all, a callback is tried for ten minutes."""

_NET_SECONDS: Final = 1.0


class Reader:
    """Reads callbacks until the process ends: when the intake wakes it, and at least every second."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def run(self, stop: Stop) -> None:
        """Read until told to stop. After any error, such as a lost database, it waits a second and goes on."""
        while not stop.is_set():
            try:
                self._listen(stop)
            except (psycopg.OperationalError, OperationalError) as error:
                log.warning("reader lost the database", extra={"trouble": type(error).__name__})
                stop.wait(_NET_SECONDS)
            except Exception:
                log.exception("reader begins anew")
                stop.wait(_NET_SECONDS)

    def _listen(self, stop: Stop) -> None:
        url = self._services.settings.database_url
        with psycopg.connect(url, autocommit=True, **arguments(Process.WORKER)) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                read_all(self._services)
                for _ in connection.notifies(timeout=_NET_SECONDS, stop_after=1):
                    pass


def read_all(services: Services) -> int:
    """Read every callback that is due, oldest first. Returns how many, failed ones included."""
    count = 0
    while _read_next(services):
        count += 1
    return count


def read_again(session: Session, ids: Iterable[int]) -> None:
    """Have these callbacks read once more, as if they had just come."""
    fresh = {"read_at": None, "tries": 0, "due_at": func.clock_timestamp(), "trouble": ""}
    session.execute(update(Received).where(Received.id.in_(ids)).values(fresh))


def _read_next(services: Services) -> bool:
    with services.sessions.begin() as session:
        session.execute(_WAIT_BRIEFLY)
        received = session.scalar(_NEXT)
        if received is None:
            return False
        try:
            with session.begin_nested():
                done = read_received(session, services, received)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            _put_off(session, received, "a row it needs is held")
        except Exception as error:  # noqa: BLE001 -- whatever the fault, the callback is kept and the next is read
            # only the kind of error is noted: its message may quote a customer
            _put_off(session, received, type(error).__name__)
        else:
            if done:
                _put_away(received)
            else:
                _put_off(session, received, "too early")
    return True


# a process that is stopped inside a transaction holds a row: what needs that row waits, and no other callback does
_WAIT_BRIEFLY = text("SET LOCAL lock_timeout = '1s'")

_NEXT = (
    select(Received)
    .where(Received.read_at.is_(None), Received.tries < TRIES, Received.due_at <= func.clock_timestamp())
    .order_by(Received.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _put_away(received: Received) -> None:
    received.read_at = now()
    received.trouble = ""


def _put_off(session: Session, received: Received, trouble: str) -> None:
    received.trouble = trouble
    received.tries += 1
    received.due_at = func.clock_timestamp() + FIRST_WAIT * 2 ** (received.tries - 1)
    log.warning("callback not read", extra={"received": received.id, "trouble": received.trouble})
    if received.tries == TRIES:
        alert(
            session,
            AlertKind.CALLBACK_UNREAD,
            f"received:{received.id}",
            subject=received.subject,
            trouble=received.trouble,
        )
