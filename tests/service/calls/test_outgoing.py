"""Calling from the inbox: one's own phone first, then the contact, who sees the line's number."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import User
from service.backfill.catching_up import catch_up
from service.calls.changing import keep
from service.calls.legs.models import Leg, Ringing
from service.calls.nodes import usual
from service.calls.outgoing import PlaceCall, call_out
from service.errors import Conflict, Invalid
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Conversation, Direction, Outcome
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.models import Line, Phone, PhoneNumber
from service.time import now
from tests.factories import CALLER, CUSTOMER

BAKER = "+14155550131"


class Office:
    """A line with a number and one phone, and a contact to call."""

    def __init__(self, services, world):
        self.services, self.world = services, world
        with services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            phone = Phone(line_id=line.id, number=BAKER, name="Bob")
            session.add(phone)
            session.flush()
            self.line_id, self.phone_id = line.id, phone.id
            self.conversation_id = conversation_with(session, line, CALLER).id
            self.number = session.scalars(select(PhoneNumber.number)).one()

    def call_out(self, phone_id=None):
        with self.services.sessions.begin() as session:
            user = session.scalar(select(User)) or User(email="bob@bakery.example", fs_uniquifier="bob")
            session.add(user)
            session.flush()
            conversation = session.get_one(Conversation, self.conversation_id)
            return call_out(session, conversation, phone_id or self.phone_id, user.id).id

    def call(self):
        with self.services.sessions() as session:
            return session.scalars(select(Call)).one()

    def rung(self):
        return [call for call in self.world.state.calls.values() if call.direction == "outbound-api"]


@pytest.fixture
def office(services, world, work, numbered):
    return Office(services, world)


def test_who_presses_twice_is_called_once(office, work):
    first = office.call_out()
    assert office.call_out() == first
    work()
    assert len(office.rung()) == 1
    assert office.call_out() != first


def test_the_own_phone_rings_first_and_the_contact_sees_the_number_of_the_line(office, work, world):
    world.phone(BAKER).answers = "press:1"
    office.call_out()
    work()
    call = office.call()
    assert (call.direction, call.outcome, call.number) == (Direction.OUT, Outcome.ANSWERED, office.number)
    own, contact = office.rung()
    assert [(one.to, one.from_) for one in (own, contact)] == [(BAKER, office.number), (CALLER, office.number)]
    assert own.transcript[:4] == [
        "says “Your call to 1 4 1 5 5 5 5 0 1 2 3. Press 1 to be put through.”",
        "keys 1",
        f"waits in the queue line-{office.line_id}",
        "plays http://localhost:8000/greetings/ringback-america.wav",
    ]
    assert own.transcript[-2] == contact.transcript[1] == contact.transcript[0].replace("joins", "talks in")
    assert (call.reference, call.answered_on, call.seconds) == (contact.sid, BAKER, contact.seconds)


def test_who_does_not_press_the_key_calls_nobody(office, work, world):
    world.phone(BAKER).answers = "voicemail"
    office.call_out()
    work()
    assert office.call().outcome is Outcome.MISSED
    assert not any(line.startswith("rings") for line in office.rung()[0].transcript)


@pytest.mark.parametrize(("ours", "theirs"), [("no-answer", "answer"), ("press:1", "busy")])
def test_a_call_that_nobody_takes_was_not_answered(office, work, world, ours, theirs):
    world.phone(BAKER).answers, world.phone(CALLER).answers = ours, theirs
    office.call_out()
    work()
    assert office.call().outcome is Outcome.MISSED


def test_both_sides_are_told_of_a_recording(office, work, world, services):
    world.phone(BAKER).answers = "press:1"
    with services.sessions.begin() as session:
        keep(session, session.get_one(Line, office.line_id), replace(usual(), recorded=True))
    office.call_out()
    work()
    for side in office.rung():
        assert "says “This call is recorded.”" in side.transcript
    assert office.call().recording_url


def test_a_call_is_ordered_once_however_often_its_job_runs(office, work, services):
    call_id = office.call_out()
    with services.sessions() as session:
        owed = session.scalars(select(LedgerEntry.id).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one()
    for _ in range(3):
        perform(services, owed)
    work()
    assert len(office.rung()) == 1
    assert office.call().id == call_id


def test_a_call_whose_answer_was_lost_is_found_and_not_made_again(office, work, services):
    office.call_out()
    with services.sessions() as session:
        owed = session.scalars(select(LedgerEntry.id).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one()
    perform(services, owed)
    with services.sessions.begin() as session:
        entry = session.get_one(LedgerEntry, owed)
        entry.progress = Progress.TRYING
        session.get_one(Call, entry.subject_id).reference = None
    perform(services, owed)
    work()
    assert len(office.rung()) == 1
    assert office.call().reference == office.rung()[0].sid


def test_of_calls_whose_answer_was_lost_none_is_taken_for_a_phone_that_rings_for_a_caller(office, work, services):
    """The same phone may ring for a caller at that moment, shown the same number."""
    office.call_out()
    with services.sessions() as session:
        owed = session.scalars(select(LedgerEntry.id).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one()
    perform(services, owed)
    theirs = office.rung()[0].sid
    with services.sessions.begin() as session:
        entry = session.get_one(LedgerEntry, owed)
        entry.progress = Progress.TRYING
        session.get_one(Call, entry.subject_id).reference = None
        about = {"line_id": office.line_id, "carrier": "twilio", "call_reference": "CA-in", "deadline_at": now()}
        numbers = {"caller": CALLER, "called": office.number, "shown": office.number}
        session.add(Leg(ringing=Ringing(**about, **numbers), number=BAKER, reference=theirs))
    perform(services, owed)
    work()
    assert len(office.rung()) == 2
    assert office.call().reference == office.rung()[1].sid


def test_calls_whose_ids_the_carrier_tells_later_do_not_hinder_each_other(office, services):
    """Telnyx answers an order without one: https://developers.telnyx.com/api/call-scripting/initiate-texml-call."""
    office.call_out()
    with services.sessions.begin() as session:
        other = conversation_with(session, session.get_one(Line, office.line_id), CUSTOMER)
        call_out(session, other, office.phone_id, session.scalars(select(User.id)).one())
    with services.sessions.begin() as session:
        for entry in session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).all():
            PlaceCall().settle(session, services, entry, "")
    with services.sessions() as session:
        assert session.scalars(select(Call.reference)).all() == [None, None]


def test_a_call_that_comes_too_late_is_not_made(office, work, clock):
    office.call_out()
    clock.jump(timedelta(minutes=3))
    work()
    assert office.rung() == []
    assert office.call().outcome is Outcome.MISSED


def test_only_a_phone_of_the_line_can_ring(office):
    with pytest.raises(Invalid):
        office.call_out(phone_id=99)


@pytest.mark.parametrize("number", ["+19005550123", "+46939123456", "+8821612345678", "+881612345678"])
def test_a_number_that_costs_extra_is_not_called_on_our_bill(office, services, number):
    with services.sessions.begin() as session:
        dear = conversation_with(session, session.get_one(Line, office.line_id), number)
        with pytest.raises(Conflict, match="premium-rate"):
            call_out(session, dear, office.phone_id, 1)


def test_a_number_that_cannot_exist_is_for_the_carrier_to_refuse(office, services):
    with services.sessions.begin() as session:
        spoofed = conversation_with(session, session.get_one(Line, office.line_id), "+9991234567")
        user = User(email="bob@bakery.example", fs_uniquifier="bob")
        session.add(user)
        session.flush()
        assert call_out(session, spoofed, office.phone_id, user.id)


def test_a_caller_without_a_number_cannot_be_called(office, services):
    with services.sessions.begin() as session:
        line = session.get_one(Line, office.line_id)
        nobody = conversation_with(session, line, "anonymous")
        with pytest.raises(Conflict):
            call_out(session, nobody, office.phone_id, 1)


def test_a_call_whose_end_no_callback_told_rings_no_longer_once_the_carrier_was_asked(
    office, work, world, services, clock
):
    world.phone(BAKER).answers = "no-answer"
    world.faults.add("drop")
    office.call_out()
    work()
    assert office.call().outcome is Outcome.RINGING
    clock.jump(timedelta(minutes=3))
    catch_up(services, carrier="twilio")
    assert office.call().outcome is Outcome.MISSED


def test_a_call_that_the_carrier_has_forgotten_is_over(office, work, world, services, clock):
    world.faults.add("drop")
    office.call_out()
    work()
    world.state.calls.clear()
    clock.jump(timedelta(minutes=3))
    catch_up(services, carrier="twilio")
    assert office.call().outcome is Outcome.MISSED
