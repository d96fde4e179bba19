"""A worker is killed at every named point of every kind of entry: nothing is lost and nothing is done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from reliability.audit import doubled, unexplained
from reliability.points import Point
from service.calls.outgoing import call_out
from service.inbox import contacts, writing
from service.inbox.models import Call, Outcome
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines import own_number
from service.lines.models import Line, OwnNumber, Phone, PhoneNumber, Showing
from service.notifications.facts import About
from service.notifications.notices import Done
from service.notifications.notify import Recipient, notify
from service.porting import projects
from service.porting.models import PortProject
from service.time import now
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER, CUSTOMER, a_line

MEMBER = "+14155550131"


def buy_number(stage, journey):
    with stage.services.sessions.begin() as session:
        a_line(session, stage.services, area="212")


def file_port(stage, journey):
    journey.ask(projects.submit)


def send_text_and_mail(stage, journey):
    with stage.services.sessions.begin() as session:
        language = session.get_one(PortProject, journey.project_id).language
        recipient = Recipient(journey.project_id, language, number=CUSTOMER, email="alice@bakery.example")
        about = About(numbers=["+12125552000"], link="http://localhost:8000/ports/1", zone="America/New_York")
        notify(session, stage.services, recipient, about, Done(done_at=now()), "done")


def send_message(stage, journey):
    with stage.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        writing.write(session, contacts.conversation_with(session, line, CALLER), "On our way", None)


def place_call(stage, journey):
    with stage.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        phone = Phone(line_id=line.id, number=MEMBER, name="Bob")
        conversation = contacts.conversation_with(session, line, CALLER)
        session.add(phone)
        session.flush()
        call_out(session, conversation, phone.id, None)


def prove_number(stage, journey):
    with stage.services.sessions.begin() as session:
        own_number.begin(session, session.get_one(Line, journey.line_id), "+12125552000")


WANTING = {
    EntryKind.BUY_NUMBER: buy_number,
    EntryKind.FILE_PORT: file_port,
    EntryKind.SEND_TEXT: send_text_and_mail,
    EntryKind.SEND_MESSAGE: send_message,
    EntryKind.SEND_MAIL: send_text_and_mail,
}
# calls that a person waits for at a phone are not made when they are late; the person is told
RINGING = {EntryKind.PLACE_CALL: place_call, EntryKind.PROVE_NUMBER: prove_number}
RUNG = {Point.AFTER_CALL, Point.BEFORE_RECORD, Point.AFTER_RECORD}


@pytest.fixture
def journey(stage):
    """A customer with a working number and a draft that could be sent."""
    journey = stage.begin_anew()
    journey.sign_up()
    journey.draft("+12125552000")
    stage.remember()
    return journey


def each_death(stage, journey, kind, want):
    """Each point in turn, once a worker has died there at what was wanted; from the same beginning."""
    for point in Point:
        stage.go_back()
        stage.deaths.arm(point, kind)
        want(stage, journey)
        stage.hands()
        assert stage.deaths.struck, point
        yield point


def entries(stage, kind):
    with stage.services.sessions() as session:
        return list(session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.id)))


def rung(stage):
    """How many calls the carrier has made for us, to put somebody through or to have a code keyed."""
    ordered = [call for call in stage.world.state.calls.values() if call.direction == "outbound-api"]
    return len(ordered) + len(stage.world.state.caller_ids)


def anybody_waits(stage):
    """Whether some page still says that a phone is about to ring."""
    with stage.services.sessions() as session:
        calls = session.scalars(select(Call.outcome).where(Call.outcome == Outcome.RINGING)).all()
        codes = session.scalars(select(OwnNumber.state).where(OwnNumber.state == Showing.ASKED)).all()
    return bool(calls or codes)


def books_of_the_carrier_and_ours(stage):
    with stage.services.sessions() as session:
        return unexplained(session, stage.world.state, PLATFORM_NUMBER)


@pytest.mark.parametrize("kind", WANTING)
def test_an_effect_whose_worker_died_is_done_once_all_the_same(stage, journey, kind):
    for point in each_death(stage, journey, kind, WANTING[kind]):
        stage.good_hours()
        assert (point, entries(stage, kind)[-1].progress) == (point, Progress.DONE)
        assert (point, doubled(stage.world.state)) == (point, [])
        assert (point, books_of_the_carrier_and_ours(stage)) == (point, [])


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_whose_call_was_cut_off_rings_once_at_most(stage, journey, kind):
    for point in each_death(stage, journey, kind, RINGING[kind]):
        stage.good_hours()
        # a code is lost with its answer: it is asked for anew by a person, who was told
        times = int(kind is EntryKind.PLACE_CALL or point is not Point.AFTER_TRYING)
        assert (point, rung(stage)) == (point, times)
        assert (point, anybody_waits(stage)) == (point, False)


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_never_rings_after_its_time_and_whoever_waited_is_told(stage, journey, kind):
    for point in each_death(stage, journey, kind, RINGING[kind]):
        stage.pass_time(timedelta(minutes=5))
        stage.good_hours()
        assert (point, rung(stage)) == (point, int(point in RUNG))
        assert (point, anybody_waits(stage)) == (point, False)


def test_every_kind_of_effect_is_held_to_its_promise():
    assert {*WANTING, *RINGING} == set(EntryKind)


def test_a_letter_that_had_to_go_out_again_is_known_by_its_id(stage, journey):
    for point in each_death(stage, journey, EntryKind.SEND_MAIL, send_text_and_mail):
        stage.good_hours()
        sent = {letter.message_id for letter in stage.mailbox.mails if letter.to == "alice@bakery.example"}
        assert (point, len(sent), len(entries(stage, EntryKind.SEND_MAIL))) == (point, 1, 1)


def test_a_message_that_was_sent_is_found_even_if_its_recipient_wants_no_more_since(stage, journey):
    stage.deaths.arm(Point.AFTER_CALL, EntryKind.SEND_MESSAGE)
    send_message(stage, journey)
    stage.hands()
    stage.world.text(CALLER, journey.numbers()[0].number, "STOP")
    stage.good_hours()
    assert entries(stage, EntryKind.SEND_MESSAGE)[0].progress is Progress.DONE
    assert books_of_the_carrier_and_ours(stage) == []


def test_a_number_is_bought_once_for_a_line_that_is_owed_one_twice(stage, journey):
    with stage.services.sessions.begin() as session:
        row = session.scalars(select(PhoneNumber)).first()
        owe(session, EntryKind.BUY_NUMBER, row.id)
    stage.good_hours()
    assert len(entries(stage, EntryKind.BUY_NUMBER)) == 1
    assert books_of_the_carrier_and_ours(stage) == []
