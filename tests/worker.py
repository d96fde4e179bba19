"""Doing everything due on both sides, with the queue's own worker in an event loop of its own."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from sandbox.world import World
from service.handlers import app
from service.services import Services
from webhooks.reader import read_all


class Loop:
    """An event loop in a thread of its own: a browser's driver leaves one running in the main thread."""

    def __init__(self):
        self._thread = ThreadPoolExecutor(1, "queue")
        self._runner = self._thread.submit(asyncio.Runner).result()

    def run(self, coroutine):
        return self._thread.submit(self._runner.run, coroutine).result()

    def close(self):
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


class _Failures(logging.Handler):
    """The exceptions of failed jobs, so that a test fails with them."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.seen = []

    def emit(self, record):
        if record.exc_info and record.exc_info[1]:
            self.seen.append(record.exc_info[1])


@dataclass
class Work:
    """Does everything that is due on both sides until nothing is left: `work()`.

    Calls under way are played to their end, for which the clock moves on.
    """

    world: World
    services: Services
    loop: Loop

    def __call__(self, *, failing: bool = False) -> list[BaseException]:
        """With `failing` jobs may fail, and what they failed of is returned; else the first failure is raised."""
        failures = _Failures()
        log = logging.getLogger("procrastinate.worker")
        log.addHandler(failures)
        try:
            self._until_quiet()
        finally:
            log.removeHandler(failures)
        if failures.seen and not failing:
            raise failures.seen[0]
        return failures.seen

    def jobs(self):
        """Run the jobs that are due, and nothing at the carrier."""
        self.loop.run(self._jobs())

    def for_seconds(self, seconds):
        """Let so many seconds pass, in each of which everything is done that is due on both sides."""
        for _ in range(seconds):
            self.world.clock.jump(timedelta(seconds=1))
            self.world.run_due()
            read_all(self.services)
            while self._due():
                self.jobs()
                self.world.run_due()
                read_all(self.services)

    def _until_quiet(self):
        for _ in range(100):
            self.world.run_due()
            read_all(self.services)
            if self._due():
                self.loop.run(self._jobs())
            elif moment := self.world.next_in_calls():
                self.world.clock.jump_to(max(moment, self.world.clock.now()))
            else:
                return
        raise AssertionError("there is always more to do")

    def _due(self):
        due = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        with self.services.sessions() as session:
            return session.scalar(text(due))

    async def _jobs(self):
        await app.run_worker_async(
            wait=False,
            concurrency=1,
            listen_notify=False,
            install_signal_handlers=False,
            additional_context={"services": self.services},
        )
