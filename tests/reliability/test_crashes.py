"""A worker is killed at every named point of every kind of entry: nothing is lost and nothing is done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.numbers import Sought
from provisioning.contract.porting import NumberKind
from reliability.audit import doubled, unexplained
from reliability.points import Point
from service.calls.outgoing import call_out
from service.inbox import contacts, writing
from service.inbox.models import Call, Outcome
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines import own_number
from service.lines.models import Line, NumberRole, OwnNumber, Phone, PhoneNumber, Showing, Standing
from service.notifications.facts import About
from service.notifications.notices import Done
from service.notifications.notify import Recipient, notify
from service.porting import number_codes, projects
from service.porting.models import PortNumber, PortProject
from service.registration import submitting
from service.registration.models import Business, Subject
from service.time import now
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER, CUSTOMER, a_business, a_line

MEMBER = "+14155550131"


def buy_number(harness, journey):
    with harness.services.sessions.begin() as session:
        a_line(session, harness.services, area="212")


def file_port(harness, journey):
    journey.ask(projects.submit)


def send_text_and_mail(harness, journey):
    with harness.services.sessions.begin() as session:
        project = session.get_one(PortProject, journey.project_id)
        recipient = Recipient(project.id, project.workspace_id, project.language, CUSTOMER, "alice@bakery.example")
        about = About(numbers=["+12125552000"], link="http://localhost:8000/ports/1", zone="America/New_York")
        notify(session, harness.services, recipient, about, Done(done_at=now()), "done")


def send_message(harness, journey):
    with harness.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        writing.write(session, contacts.conversation_with(session, line, CALLER), "On our way", None)


def place_call(harness, journey):
    with harness.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        phone = Phone(line_id=line.id, number=MEMBER, name="Bob")
        conversation = contacts.conversation_with(session, line, CALLER)
        session.add(phone)
        session.flush()
        call_out(session, conversation, phone.id, None)


def prove_number(harness, journey):
    with harness.services.sessions.begin() as session:
        own_number.begin(session, session.get_one(Line, journey.line_id), "+12125552000")


def send_number_code(harness, journey):
    with harness.services.sessions.begin() as session:
        number = session.scalars(select(PortNumber).where(PortNumber.project_id == journey.project_id)).one()
        number_codes.ask(session, harness.services, number.project, number.number, number_codes.Way.TEXT)


def register_business(harness, journey):
    """The business and its pool."""
    with harness.services.sessions.begin() as session:
        workspace_id = session.get_one(Line, journey.line_id).workspace_id
        submitting.begin(session, harness.services, a_business(session, workspace_id), 1950)


def register_program(harness, journey):
    """What a business texts, which follows once the business is approved."""
    register_business(harness, journey)
    harness.worker()
    harness.pass_time(timedelta(minutes=5))


def verify_toll_free(harness, journey):
    numbers = harness.services.network("twilio").numbers
    [free, *_] = numbers.choices(Sought("US", NumberKind.TOLL_FREE))
    owned = numbers.buy(free.number, "toll-free", harness.services.routing("twilio"))
    with harness.services.sessions.begin() as session:
        line = session.get_one(Line, journey.line_id)
        fixed = {"role": NumberRole.ADDITIONAL, "standing": Standing.HELD, "carrier": "twilio"}
        session.add(PhoneNumber(line=line, number=owned.number, reference=owned.reference, **fixed))
        business = a_business(session, line.workspace_id)
        submitting.submit_new(session, business, Subject.TOLL_FREE, "twilio", number=owned.reference)


def register_caller(harness, journey):
    """How the calls of an approved business show."""
    register_program(harness, journey)
    with harness.services.sessions.begin() as session:
        business = session.scalars(select(Business)).one()
        submitting.submit_new(session, business, Subject.CALL_SIGNATURE, "twilio")


WANTING = {
    EntryKind.BUY_NUMBER: buy_number,
    EntryKind.FILE_PORT: file_port,
    EntryKind.SEND_TEXT: send_text_and_mail,
    EntryKind.SEND_MESSAGE: send_message,
    EntryKind.SEND_MAIL: send_text_and_mail,
    EntryKind.SEND_NUMBER_CODE: send_number_code,
    EntryKind.REGISTER_BUSINESS: register_business,
    EntryKind.OPEN_POOL: register_business,
    EntryKind.REGISTER_PROGRAM: register_program,
    EntryKind.VERIFY_TOLL_FREE: verify_toll_free,
    EntryKind.REGISTER_CALLER: register_caller,
}
# calls that a person waits for at a phone are not made when they are late; the person is told
RINGING = {EntryKind.PLACE_CALL: place_call, EntryKind.PROVE_NUMBER: prove_number}
RUNG = {Point.AFTER_CALL, Point.BEFORE_RECORD, Point.AFTER_RECORD}


@pytest.fixture
def journey(harness):
    """A customer with a working number and a draft that could be sent."""
    journey = harness.begin_anew()
    journey.sign_up()
    journey.draft("+12125552000")
    harness.remember()
    return journey


def each_crash(harness, journey, kind, want):
    """Kill a worker at each point in turn while it does what was wanted, each time from the same state."""
    for point in Point:
        harness.go_back()
        harness.crashes.arm(point, kind)
        want(harness, journey)
        harness.worker()
        assert harness.crashes.struck, point
        yield point


def entries(harness, kind):
    with harness.services.sessions() as session:
        return list(session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.id)))


def rung(harness):
    """How many calls the carrier has placed for us, to connect a member or to ask for a code."""
    ordered = [call for call in harness.world.state.calls.values() if call.direction == "outbound-api"]
    return len(ordered) + len(harness.world.state.caller_ids)


def anybody_waits(harness):
    """Whether a page still says that a phone is about to ring."""
    with harness.services.sessions() as session:
        calls = session.scalars(select(Call.outcome).where(Call.outcome == Outcome.RINGING)).all()
        codes = session.scalars(select(OwnNumber.state).where(OwnNumber.state == Showing.ASKED)).all()
    return bool(calls or codes)


def books_of_the_carrier_and_ours(harness):
    with harness.services.sessions() as session:
        return unexplained(session, harness.world.state, PLATFORM_NUMBER)


@pytest.mark.parametrize("kind", WANTING)
def test_an_entry_whose_worker_was_killed_is_done_once_all_the_same(harness, journey, kind):
    for point in each_crash(harness, journey, kind, WANTING[kind]):
        harness.good_hours()
        assert (point, entries(harness, kind)[-1].progress) == (point, Progress.DONE)
        assert (point, doubled(harness.world.state)) == (point, [])
        assert (point, books_of_the_carrier_and_ours(harness)) == (point, [])


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_whose_call_was_cut_off_rings_once_at_most(harness, journey, kind):
    for point in each_crash(harness, journey, kind, RINGING[kind]):
        harness.good_hours()
        # a code is lost with its answer: it is asked for anew by a person, who was told
        times = int(kind is EntryKind.PLACE_CALL or point is not Point.AFTER_TRYING)
        assert (point, rung(harness)) == (point, times)
        assert (point, anybody_waits(harness)) == (point, False)


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_never_rings_after_its_time_and_the_person_who_waited_is_told(harness, journey, kind):
    for point in each_crash(harness, journey, kind, RINGING[kind]):
        harness.pass_time(timedelta(minutes=5))
        harness.good_hours()
        assert (point, rung(harness)) == (point, int(point in RUNG))
        assert (point, anybody_waits(harness)) == (point, False)


def test_every_kind_of_entry_is_tested_here():
    assert {*WANTING, *RINGING} == set(EntryKind)


def test_a_letter_that_had_to_go_out_again_is_known_by_its_id(harness, journey):
    for point in each_crash(harness, journey, EntryKind.SEND_MAIL, send_text_and_mail):
        harness.good_hours()
        sent = {mail.message_id for mail in harness.mailbox.mails if mail.to == "alice@bakery.example"}
        assert (point, len(sent), len(entries(harness, EntryKind.SEND_MAIL))) == (point, 1, 1)


def test_a_message_that_was_sent_is_found_even_if_its_recipient_wants_no_more_since(harness, journey):
    harness.crashes.arm(Point.AFTER_CALL, EntryKind.SEND_MESSAGE)
    send_message(harness, journey)
    harness.worker()
    harness.world.text(CALLER, journey.numbers()[0].number, "STOP")
    harness.good_hours()
    assert entries(harness, EntryKind.SEND_MESSAGE)[0].progress is Progress.DONE
    assert books_of_the_carrier_and_ours(harness) == []


def test_a_number_is_bought_once_for_a_line_that_is_owed_one_twice(harness, journey):
    with harness.services.sessions.begin() as session:
        row = session.scalars(select(PhoneNumber)).first()
        owe(session, EntryKind.BUY_NUMBER, row.id)
    harness.good_hours()
    assert len(entries(harness, EntryKind.BUY_NUMBER)) == 1
    assert books_of_the_carrier_and_ours(harness) == []
