"""The clock process: runs the scheduled jobs with APScheduler. One process leads; others stand by.

The leader holds an advisory lock on a connection of its own. If that connection is lost, so is the lock: the process
stands by again, and whichever asks first once the database is back takes the lead.
"""

import logging
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from types import FrameType
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from psycopg import Connection, OperationalError

from service.connections import Process, arguments
from service.node_clocks import WATCHED_EVERY, is_right, wait_until_right
from service.schedule.leader import LEADER
from service.schedule.timetable import JOBS, ScheduledJob
from service.services import Services
from service.time import now, real_time

log = logging.getLogger(__name__)

ASK_AGAIN: Final = timedelta(seconds=2)
"""How often a spare asks for the lead, and so the longest time without a leader after one has died."""


LOOKS_EVERY: Final = timedelta(seconds=5)
"""How often a leader makes sure that it still leads."""

LOOKS_AT_ITS_CLOCK: Final = WATCHED_EVERY // LOOKS_EVERY

FOLLOWED_EVERY: Final = timedelta(seconds=1)
"""How often a rehearsal clock is looked at, and for `FOLLOWED_FOR` after a jump the jobs are run."""

FOLLOWED_FOR: Final = timedelta(minutes=1)


def run(services: Services) -> None:
    """Stand by until the lock is free, then run the jobs; begin anew when the database was lost. Ends by SIGTERM."""
    signal.signal(signal.SIGTERM, _stop)
    while True:
        wait_until_right(services, Process.CLOCK)
        try:
            _take_part(services)
        except OperationalError as error:
            log.warning("clock lost the database", extra={"trouble": type(error).__name__})
            time.sleep(ASK_AGAIN.total_seconds())


def _take_part(services: Services) -> None:
    """Stand by, then lead. Raises the driver's `OperationalError` when the database is lost."""
    url = services.settings.direct_url
    with Connection.connect(url, autocommit=True, **arguments(Process.CLOCK)) as connection:
        stand_by(connection)
        log.info("leading")
        scheduler = _scheduler(services)
        scheduler.start()
        try:
            _while_leading(connection, services)
        finally:
            scheduler.shutdown(wait=False)


def stand_by(connection: Connection) -> None:
    """Wait for the lead by asking again and again.

    Waiting inside the lock would hold a snapshot open, and what is deleted meanwhile could not be cleaned up
    (https://www.postgresql.org/docs/15/routine-vacuuming.html).
    """
    while connection.execute("SELECT pg_try_advisory_lock(%s)", [LEADER]).fetchone() != (True,):
        time.sleep(ASK_AGAIN.total_seconds())


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _while_leading(connection: Connection, services: Services) -> None:
    """Return when this machine's clock is far off. Raises `OperationalError` when the database is lost."""
    for turn in count():
        connection.execute("SELECT 1")
        if turn % LOOKS_AT_ITS_CLOCK == 0 and not is_right(services, Process.CLOCK):
            return
        time.sleep(LOOKS_EVERY.total_seconds())


def _scheduler(services: Services) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(2)}, timezone="UTC")
    for job in JOBS:
        _add(scheduler, job.name, job.every, _guarded(job, services))
    if services.settings.rehearsal_clock:
        # a job that still runs when it is to run again is left alone, which is no news
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        _add(scheduler, "follow the rehearsal clock", FOLLOWED_EVERY, Follower(scheduler).look)
    return scheduler


def _add(scheduler: BackgroundScheduler, name: str, every: timedelta, run: Callable[[], None]) -> None:
    scheduler.add_job(
        run,
        "interval",
        seconds=every.total_seconds(),
        id=name,
        name=name,
        next_run_time=real_time(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )


class Follower:
    """Runs the jobs every second while a rehearsal clock gains on real time, and for a minute afterwards.

    Such a clock passes weeks in a moment, in which jobs come due whose real interval has not passed. The minute is for
    what follows from them. At other times, the jobs keep their intervals.
    """

    def __init__(self, scheduler: BackgroundScheduler) -> None:
        self._scheduler = scheduler
        self._ahead = self._gained()
        self._until = real_time()

    def look(self) -> None:
        """Look at the clock once."""
        ahead = self._gained()
        if ahead > self._ahead + FOLLOWED_EVERY / 2:
            self._until = real_time() + FOLLOWED_FOR
        self._ahead = ahead
        if real_time() < self._until:
            for job in JOBS:
                if job.asks_rows:
                    self._scheduler.modify_job(job.name, next_run_time=real_time())

    @staticmethod
    def _gained() -> timedelta:
        return now() - real_time()


def _guarded(job: ScheduledJob, services: Services) -> Callable[[], None]:
    """A job whose failure does not stop the others; it runs again at its next interval."""
    return partial(_run, job, services)


def _run(job: ScheduledJob, services: Services) -> None:
    try:
        job.run(services)
    except Exception:
        log.exception("scheduled job failed", extra={"job": job.name})


if __name__ == "__main__":
    from service.config import stopping_on_wrong_settings
    from service.wiring import wire

    with stopping_on_wrong_settings():
        wired = wire(Process.CLOCK)
    run(wired)
