"""The audit reports nothing on a good day, and everything that only one side has on record."""

from copy import deepcopy

import pytest
from sqlalchemy import delete, select, update

from reliability.audit import doubled, unexplained
from sandbox.records import new_sid
from service.inbox.models import Message
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import PhoneNumber
from service.porting.models import PortNumber
from service.porting.states import State
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER

NUMBER = "+12125552000"


@pytest.fixture
def journey(harness):
    """A port under way, and an incoming text."""
    journey = harness.begin_anew()
    temporary = journey.sign_up()
    journey.file(NUMBER)
    harness.world.text(CALLER, temporary, "Hello")
    harness.worker()
    return journey


@pytest.fixture
def audit(harness):
    def findings():
        with harness.services.sessions() as session:
            return unexplained(session, harness.world.state, PLATFORM_NUMBER)

    return findings


def again(things):
    """A copy of a record under another id."""
    copy = deepcopy(next(reversed(things.values())))
    copy.sid = new_sid(copy.sid[:2])
    things[copy.sid] = copy


def test_on_a_good_day_everything_is_explained(journey, audit):
    assert audit() == []


def test_a_second_purchase_text_or_order_for_one_effect_is_found(harness, journey):
    for things in (harness.world.state.numbers, harness.world.state.port_ins):
        again(things)
    outgoing = {sid: text for sid, text in harness.world.state.messages.items() if text.status_callback}
    again(outgoing)
    harness.world.state.messages.update(outgoing)
    assert len(doubled(harness.world.state)) == 3


def test_a_number_that_only_one_side_knows_is_found(harness, journey, audit):
    with harness.services.sessions.begin() as session:
        session.execute(update(PhoneNumber).values(number="+12125559999"))
    assert [finding.split(" is ")[1] for finding in audit()[:2]] == [
        "at the carrier and in no row",
        "in a row and not at the carrier",
    ]


def test_a_text_that_is_not_in_the_inbox_is_found(harness, journey, audit):
    with harness.services.sessions.begin() as session:
        session.execute(update(PhoneNumber).values(last_used_at=None))
        session.execute(delete(Message))
    assert len(audit()) == 1


def test_an_effect_left_open_and_one_that_never_happened_are_found(harness, journey, audit):
    with harness.services.sessions.begin() as session:
        first = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.SEND_TEXT)).first()
        first.progress = Progress.TRYING
    assert len(audit()) == 2
    harness.world.state.messages.clear()
    assert any("is done, and the carrier has 0" in finding or "never came in" in finding for finding in audit())


def test_a_port_that_the_carrier_sees_otherwise_is_found(harness, journey, audit):
    with harness.services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.LIVE))
    assert len(audit()) == 1
