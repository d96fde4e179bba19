"""One customer, one carrier, one clock: played again and again from the same first morning."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

from sandbox.clock import Setting
from service.schedule.timetable import JOBS
from tests.conftest import MONDAY
from tests.journeys.journey import Journey


class Stage:
    """Everything a play needs; `begin_anew` sets it back."""

    def __init__(self, services, world, clock, mailbox, hands, deaths):
        self.services, self.world, self.clock = services, world, clock
        self.mailbox, self.hands, self.deaths = mailbox, hands, deaths
        self._first_morning = deepcopy(world.state)

    def begin_anew(self):
        """The first morning again: an empty database, a carrier with nothing but our own number, a customer."""
        self._set_back(MONDAY, self._first_morning)
        return Journey(self.services, self.world, self.clock, self.hands)

    def remember(self):
        """Keep this moment, to play on from it again and again."""
        self._moment = self.clock.now(), deepcopy(self.world.state)
        self._rows = self.hands.written_out()

    def go_back(self):
        """The remembered moment again, on a day without faults."""
        self._set_back(*self._moment)
        self.hands.put_back(self._rows)

    def _set_back(self, moment, state):
        self.hands.forget()
        self.mailbox.mails.clear()
        self.deaths.disarm()
        self.world.faults.clear()
        self.world.faults.seed(1)
        self.clock._setting = Setting(datetime.now(UTC), moment, speed=0.0)
        self.world.exchange.adopt(deepcopy(state))

    def pass_time(self, length):
        """Time passes on both sides; then everybody does what is due, and the clock asks the rows."""
        self.clock.jump(length)
        self.hands.wait_over()
        self.hands()
        for job in JOBS:
            if job.asks_rows:
                job.run(self.services)
        self.hands()

    def good_hours(self):
        """Nothing goes wrong any more, and everything that is still owed is tried until it is done."""
        self.world.faults.clear()
        self.deaths.disarm()
        for _ in range(2):
            self.pass_time(timedelta(minutes=2))

    def good_days(self):
        """Good hours, and days in which the carrier is asked about everything."""
        self.good_hours()
        for _ in range(2):
            self.pass_time(timedelta(hours=25))
