"""One customer's port as tests drive it: through the use-cases, with the sandbox on the other side."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.lines.inventory import numbers_of
from service.lines.models import Line
from service.notifications.models import Channel, Notification
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.schedule.timetable import JOBS
from tests.factories import CALLER, CUSTOMER, a_draft, a_line, sign_letters
from tests.registering import register_at_once

AT_BOTH = pytest.mark.parametrize("carrier", ["twilio", "telnyx"], indirect=True)
"""For a journey that is the same whichever carrier takes the number."""


class Journey:
    """One customer's port, and the clock that brings what is due on both sides."""

    def __init__(self, services, world, clock, work, story=None):
        """With a story, steps that another test has taken are restored from a snapshot."""
        self.services, self.world, self.clock, self.work = services, world, clock, work
        self.line_id = self.project_id = None
        self._story = story

    def sign_up(self):
        return self._step(self._sign_up)

    def _sign_up(self):
        """Her business is registered at once where it registers itself."""
        with self.services.sessions.begin() as session:
            line = a_line(session, self.services)
        self.line_id = line.id
        self.work()
        if not self.services.settings.single_business:
            register_at_once(self.services, self.world, self.work, line.workspace_id)
        return self.numbers()[0].number

    def draft(self, *numbers, **changes):
        with self.services.sessions.begin() as session:
            line = session.get_one(Line, self.line_id)
            self.project_id = a_draft(session, line, *numbers, **changes).id
        self.work()

    def file(self, *numbers, **changes):
        self._step(self._file, *numbers, **changes)

    def _file(self, *numbers, **changes):
        self.draft(*numbers, **changes)
        self.ask(projects.submit)
        self.work()

    def sign_letters(self):
        """The person with authority signs what waits on our own page."""
        with self.services.sessions.begin() as session:
            sign_letters(session, self.services)
        self.work()

    def schedule(self, *numbers, **changes):
        """File, sign, and have a date committed."""
        self._step(self._file_and_sign, *numbers, **changes)
        assert self.state() == State.SCHEDULED

    def be_rejected(self, number):
        """File with an account number that the old operator of this number does not know, and sign."""
        self._step(self._file_and_sign, number, account_number="1", pin="4242")
        assert self.state() == State.ACTION_REQUIRED

    def arrive(self, *numbers, **changes):
        """Have a date committed, and wait for it and the minutes after."""
        self._step(self._arrive, *numbers, **changes)

    def _arrive(self, *numbers, **changes):
        self.schedule(*numbers, **changes)
        self.pass_time_until(self.committed())
        self.pass_time(timedelta(minutes=1), steps=3)

    def prove(self, number, *, texts=True):
        """Somebody outside calls and texts the number, and the text that it sends is delivered seconds later."""
        self.world.call(CALLER, number)
        if texts:
            self.world.text(CALLER, number, "Are you open?", media=["image/jpeg"])
        self.work()
        self.pass_time(timedelta(seconds=10))

    def _step(self, take, *numbers, **changes):
        """Take a step, or have it copied with the ids it gave."""

        def live():
            told = take(*numbers, **changes)
            return told, self.line_id, self.project_id

        given = type(self), take.__name__, self.line_id, self.project_id, numbers, tuple(changes.items())
        told, self.line_id, self.project_id = self._story.come_to(live, *given) if self._story else live()
        return told

    def _file_and_sign(self, *numbers, **changes):
        self.file(*numbers, **changes)
        self.pass_time(timedelta(seconds=10))
        self.world.sign(numbers[0], "Alice Baker")
        self.pass_time(timedelta(hours=5))

    def ask(self, use_case, *more):
        """What the customer does on a page."""
        with self.services.sessions.begin() as session:
            use_case(session, self.services, session.get_one(PortProject, self.project_id), *more)

    def pass_time(self, length, steps=1):
        """Time passes on both sides, in equal steps; the clock process asks what is due after each."""
        for _ in range(steps):
            self.clock.jump(length / steps)
            self.work()
            for job in JOBS:
                job.run(self.services)
            self.work()

    def pass_time_until(self, moment):
        self.pass_time(moment - self.clock.now())

    def committed(self):
        with self.services.sessions() as session:
            return session.scalar(select(PortNumber.committed_at))

    def numbers(self):
        with self.services.sessions() as session:
            return numbers_of(session, self.line_id)

    def state(self, number=None):
        with self.services.sessions() as session:
            ported = select(PortNumber).where(PortNumber.project_id == self.project_id).order_by(PortNumber.id)
            states = {row.number: row.state for row in session.scalars(ported)}
        return states[number] if number else next(iter(states.values()))

    def told(self, channel=Channel.SMS):
        with self.services.sessions() as session:
            rows = select(Notification.kind).where(Notification.channel == channel).order_by(Notification.id)
            return list(session.scalars(rows))

    def texts(self):
        return [text.body for text in self.world.phone(CUSTOMER).texts]


class SigningJourney(Journey):
    """One by a carrier that takes our letters, which are signed as soon as they are wanted."""

    def _file(self, *numbers, **changes):
        super()._file(*numbers, **changes)
        self.sign_letters()

    def _file_and_sign(self, *numbers, **changes):
        self.file(*numbers, **changes)
        self.pass_time(timedelta(hours=5))
