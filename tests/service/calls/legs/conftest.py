"""A shop with phones, at a carrier whose clock goes on."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from service.alerts import Alert
from service.calls.changing import keep
from service.calls.legs.models import Leg, Ringing
from service.calls.nodes import RingPhones, usual
from service.inbox.models import Call, Conversation
from service.lines.models import Line, Phone, PhoneNumber
from tests.factories import CALLER
from tests.service.calls.legs.phones import BAKER, DRIVER, OVEN, PATIENT, talks


class Shop:
    """A line with a number of the carrier's, and phones that people answer in their own ways."""

    def __init__(self, services, world, work):
        self.services, self.world, self.work = services, world, work
        with services.sessions() as session:
            self.number = session.scalars(select(PhoneNumber.number)).one()

    def rings(self, *numbers, recorded=False, spots_machines=False, rings_busy=False, **node):
        with self.services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate(numbers))
            session.flush()
            nodes = {**usual().nodes, "ring": RingPhones("message", **node)}
            switches = {"recorded": recorded, "spots_machines": spots_machines, "rings_busy": rings_busy}
            keep(session, line, replace(usual(), nodes=nodes, **switches))

    def begin(self, answers, **told):
        for number, how in answers.items():
            self.world.phone(number, answers=how)
        return self.world.call(CALLER, self.number, says="Two rye loaves.", **told)

    def call(self, answers, **told):
        """A call, played to its end on all sides."""
        call = self.begin(answers, **told)
        self.work()
        return call

    def act(self, act, *more):
        """Do something with the caller, as a page does, and let two seconds pass."""
        with self.services.sessions.begin() as session:
            act(session, *([self.services] if more else []), self.conversation(session), *more)
        self.work.for_seconds(2)

    def with_phone(self, act, phone_id, session, conversation):
        act(session, self.services, conversation, phone_id)

    def conversation(self, session):
        return session.scalars(select(Conversation)).one()

    def rings_only(self, *numbers):
        ids = tuple(self.phone_id(number) for number in numbers)
        with self.services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            keep(session, line, replace(usual(), nodes={**usual().nodes, "ring": RingPhones("message", ids)}))

    def hang_up(self, number):
        """The person with this phone hangs up."""
        self.world.calls.under_way.hang_up(self.legs()[number])

    def state(self):
        return self.rows()[0][0]

    def taken_on(self):
        with self.services.sessions() as session:
            return session.scalars(select(Call.answered_on)).one()

    def placed_last(self):
        return [call for call in self.world.state.calls.values() if call.direction == "outbound-api"][-1]

    def phone_id(self, number):
        with self.services.sessions() as session:
            return session.scalars(select(Phone.id).where(Phone.number == number)).one()

    def legs(self):
        return {leg.to: leg for leg in self.world.state.calls.values() if leg.direction == "outbound-api"}

    def placed(self):
        return [call.to for call in self.world.state.calls.values() if call.direction == "outbound-api"]

    def outcome(self):
        with self.services.sessions() as session:
            return session.scalars(select(Call.outcome)).one()

    def forget_jobs(self, name):
        """As if a worker had taken them and died."""
        with self.services.sessions.begin() as session:
            session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = :name"), {"name": name})

    def jobs(self, name):
        """How many of them wait."""
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name AND status = 'todo'"
        with self.services.sessions() as session:
            return session.scalar(text(waiting), {"name": name})

    def put_off_jobs(self, name):
        """As if they had failed and waited for their next try."""
        put_off = "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '30 s' WHERE task_name = :name"
        with self.services.sessions.begin() as session:
            session.execute(text(put_off), {"name": name})

    def alerts(self):
        with self.services.sessions() as session:
            return [(alert.kind, alert.details["why"]) for alert in session.scalars(select(Alert))]

    def rows(self):
        with self.services.sessions() as session:
            return session.scalars(select(Ringing.state)).all(), session.scalars(select(Leg.state)).all()


@pytest.fixture
def shop(services, world, work, numbered):
    return Shop(services, world, work)


@pytest.fixture
def talk(shop):
    """The baker talks with a caller."""
    shop.rings(BAKER, DRIVER, OVEN)
    call = shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer", OVEN: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    assert talks(call) == 1
    return call
