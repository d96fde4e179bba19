"""The worker process: runs the lanes of the queue in parallel and reads callbacks. Stops cleanly on SIGTERM."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from service.connections import POOLS, Process, arguments
from service.handlers import app
from service.jobs import Lane
from service.node_clocks import WATCHED_EVERY, ClockFarOff, is_right, wait_until_right
from service.restoring.identity import notice_restoration
from service.services import Services
from webhooks.reader import Reader

log = logging.getLogger(__name__)

Part = Callable[[], Awaitable[None]]

THREADS = {
    Lane.CARRIER: 6,
    Lane.CALLS: 6,
    Lane.LEGS: 6,
    Lane.FILES: 3,
    Lane.NOTIFICATION: 6,
    Lane.READING: 4,
    Lane.TEAM: 2,
    Lane.CHANNEL: 4,
}
"""Jobs at once in each lane, so that a carrier that does not answer, or a heavy file, holds up only its own lane."""

STALLED_AFTER = 30.0
"""Seconds without a heartbeat after which a worker counts as dead and its jobs are taken up by others."""


LOOK_EVERY = 2.0
"""Seconds between looks for jobs whose notification was lost."""

CONNECTION_PATIENCE = 30.0
"""Seconds that a lane waits for the database before it ends and is started again: a standby is promoted sooner."""

RECONNECTS_EVERY = 1.0
"""Seconds between two tries to reach a database that is away.

By itself the pool waits twice as long after each, and so as long again as a standby takes to be promoted.
"""

STOPS_WITHIN = 8.0
"""Seconds after a signal to stop: platforms kill what is still there after ten."""

REST = 1.0
"""Seconds before a lane is started again."""


async def work(services: Services, stop: asyncio.Event) -> None:
    """Run jobs until told to stop; what is running then is finished first. A database that goes away is waited for.

    Raises whatever else ends a lane: half a worker is worse than none, which a platform starts again.
    """
    connector = PsycopgConnector(
        conninfo=services.settings.direct_url,
        kwargs=arguments(Process.QUEUE),
        configure=_without_transactions,
        max_size=POOLS[Process.QUEUE],
        timeout=CONNECTION_PATIENCE,
        reconnect_timeout=RECONNECTS_EVERY,
        reconnect_failed=AsyncConnectionPool.check,
    )
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(sum(THREADS.values()) + 4))
    watching: Part = partial(_watch_clock, services)
    parts: list[Part] = [partial(_lane, services, lane, threads) for lane, threads in THREADS.items()]
    with app.replace_connector(connector):
        async with app.open_async(), asyncio.TaskGroup() as group:
            running = [group.create_task(_over_and_over(part)) for part in (*parts, _take_up_stalled, watching)]
            await stop.wait()
            for task in running:
                task.cancel()


async def _without_transactions(connection: AsyncConnection) -> None:
    """Each look for jobs is one statement; a transaction around it would make it three."""
    await connection.set_autocommit(True)


async def _over_and_over(part: Part) -> None:
    """Start a lane again whenever it ends, as it does when the database is away for too long, until canceled."""
    this = asyncio.current_task()
    while this and not this.cancelling():
        try:
            await part()
        except ConnectorException as error:
            log.warning("worker lost the database", extra={"trouble": type(error).__name__})
        await asyncio.sleep(REST)


async def _lane(services: Services, lane: Lane, threads: int) -> None:
    await app.run_worker_async(
        queues=[lane],
        name=lane,
        concurrency=threads,
        install_signal_handlers=False,
        fetch_job_polling_interval=LOOK_EVERY,
        shutdown_graceful_timeout=STOPS_WITHIN,
        stalled_worker_timeout=STALLED_AFTER,
        delete_jobs="successful",  # nothing asks for them again, and they would be most of the database in a year
        additional_context={"services": services},
    )


async def _watch_clock(services: Services) -> None:
    """End the worker when its machine's clock is far off; started again, it waits until that is mended."""
    while True:
        await asyncio.sleep(WATCHED_EVERY.total_seconds())
        if not await asyncio.to_thread(is_right, services, Process.WORKER):
            raise ClockFarOff


async def _take_up_stalled() -> None:
    """Procrastinate leaves a killed worker's jobs "doing" for ever; have them run again."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(STALLED_AFTER / 3)


async def _until_signalled(services: Services) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, _stop, stop)
    await work(services, stop)


def _stop(stop: asyncio.Event) -> None:
    """Take no more jobs. A job that is not finished in time is left as if the worker had died: another takes it up."""
    stop.set()
    leaving = threading.Timer(STOPS_WITHIN, os._exit, [0])
    leaving.daemon = True
    leaving.start()


def run(services: Services) -> None:
    """Work until SIGTERM or SIGINT. What a restored database has forgotten is seen to first."""
    wait_until_right(services, Process.WORKER)
    notice_restoration(services)
    stop_reading = threading.Event()
    reading = threading.Thread(target=Reader(services).run, args=[stop_reading], name="reader")
    reading.start()
    try:
        asyncio.run(_until_signalled(services))
    finally:
        stop_reading.set()
        reading.join()


if __name__ == "__main__":
    from service.config import stopping_on_wrong_settings
    from service.wiring import wire

    with stopping_on_wrong_settings():
        wired = wire(Process.WORKER)
    run(wired)
