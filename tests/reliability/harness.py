"""Runs that begin with one customer, one carrier and one clock, again and again from the same state."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

from sandbox.clock import Setting
from service.schedule.timetable import JOBS
from tests.conftest import MONDAY
from tests.journeys.journey import Journey


class Harness:
    """Everything that a run needs; `begin_anew` resets it."""

    def __init__(self, services, world, clock, mailbox, worker, crashes):
        self.services, self.world, self.clock = services, world, clock
        self.mailbox, self.worker, self.crashes = mailbox, worker, crashes
        self._first_morning = deepcopy(world.state)

    def begin_anew(self):
        """Reset to an empty database and a carrier that has only our own number; the customer of the run."""
        self._set_back(MONDAY, self._first_morning)
        return Journey(self.services, self.world, self.clock, self.worker)

    def remember(self):
        """Keep the present state for `go_back`."""
        self._remembered = self.clock.now(), deepcopy(self.world.state)
        self._rows = self.worker.written_out()

    def go_back(self):
        """Restore the remembered state, without faults."""
        self._set_back(*self._remembered)
        self.worker.put_back(self._rows)

    def _set_back(self, moment, state):
        self.worker.forget()
        self.mailbox.mails.clear()
        self.crashes.disarm()
        self.world.faults.clear()
        self.world.faults.seed(1)
        self.clock._setting = Setting(datetime.now(UTC), moment, speed=0.0)
        self.world.exchange.adopt(deepcopy(state))

    def pass_time(self, length):
        """Let time pass on both sides, then do what is due and run the scheduled jobs."""
        self.clock.jump(length)
        self.worker.wait_over()
        self.worker()
        for job in JOBS:
            if job.asks_rows:
                job.run(self.services)
        self.worker()

    def good_hours(self):
        """End all faults, and let everything be tried that is still owed."""
        self.world.faults.clear()
        self.crashes.disarm()
        for _ in range(2):
            self.pass_time(timedelta(minutes=2))

    def good_days(self):
        """As `good_hours`, and let the days pass in which the carrier is polled about everything."""
        self.good_hours()
        for _ in range(2):
            self.pass_time(timedelta(hours=25))
