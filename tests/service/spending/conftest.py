"""A bakery with a number, whose texts and calls are sent through the sandbox."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.alerts import Alert
from service.calls.outgoing import call_out
from service.inbox import writing
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Message
from service.lines.models import Line, Phone
from service.spending.models import DailyCost
from tests.factories import CALLER, a_line

BAKER = "+14155550131"


class Bakery:
    """A line with a number and one phone; everything it sends is sent when `work` runs."""

    def __init__(self, services, world, work):
        self.services, self.world, self.work = services, world, work
        with services.sessions.begin() as session:
            line = a_line(session, services)
            phone = Phone(line_id=line.id, number=BAKER)
            session.add_all([phone, User(email="bob@bakery.example", fs_uniquifier="bob")])
            session.flush()
            self.line_id, self.phone_id, self.workspace_id = line.id, phone.id, line.workspace_id
        work()

    def text(self, to=CALLER, words="Hello"):
        """Write a text, let it be sent, and return what became of it."""
        with self.services.sessions.begin() as session:
            conversation = conversation_with(session, session.get_one(Line, self.line_id), to)
            message_id = writing.write(session, conversation, words, None).id
        self.work()
        with self.services.sessions() as session:
            return session.get_one(Message, message_id)

    def call(self, to=CALLER):
        with self.services.sessions.begin() as session:
            conversation = conversation_with(session, session.get_one(Line, self.line_id), to)
            user_id = session.scalars(select(User.id)).one()
            call_id = call_out(session, conversation, self.phone_id, user_id).id
        self.work()
        with self.services.sessions() as session:
            return session.get_one(Call, call_id)

    def texted(self):
        return [text for text in self.world.state.messages.values() if text.direction == "outbound-api"]

    def rung(self):
        return [call for call in self.world.state.calls.values() if call.direction == "outbound-api"]

    def spent(self):
        """What it has spent on all days, besides the first month of its number."""
        with self.services.sessions() as session:
            rows = session.scalars(select(DailyCost.amount).where(DailyCost.workspace_id == self.workspace_id))
            return sum(rows, Decimal(0)) - Decimal("1.15")

    def alerts(self):
        with self.services.sessions() as session:
            return {(alert.kind, alert.about) for alert in session.scalars(select(Alert))}


@pytest.fixture
def bakery(services, app, world, work):
    return Bakery(services, world, work)
