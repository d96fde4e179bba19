"""Numbers that live at the second carrier: it is bought, called and texted, over signed callbacks at the real door."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import Subject
from provisioning.contract.messaging import MessageStatus, Trouble
from service import optouts
from service.alerts import Alert, AlertKind
from service.backfill.catching_up import catch_up
from service.calls.changing import keep
from service.calls.legs import talking
from service.calls.legs.models import Pause, Ringing
from service.calls.nodes import usual
from service.calls.outgoing import call_out
from service.carrier_cursors import Cursor
from service.errors import Conflict
from service.inbox import writing
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Conversation, Message, Outcome, Picture, RecordedPiece
from service.lines.models import Line, OwnNumber, Phone, PhoneNumber, Showing, Standing
from service.lines.own_number import begin, enter_code
from service.port_outs.departures import seek_departed
from tests.factories import CALLER, OWN, a_caller, a_line
from webhooks.intake import Callback, Intake
from webhooks.models import Received
from webhooks.reader import read_all

MEMBER = "+14155550131"


@pytest.fixture
def settings(settings):
    """One business has the installation, so that nothing has to be registered before."""
    return replace(settings, single_business=True)


@pytest.fixture
def carriers(second_carrier):
    return second_carrier


@pytest.fixture
def number(services, work):
    """The temporary number of a line that was opened just now."""
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions() as session:
        held = session.scalars(select(PhoneNumber)).one()
    assert (held.carrier, held.standing) == ("telnyx", Standing.HELD)
    return held.number


def rows(services, kind):
    with services.sessions() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def write(services, text):
    with services.sessions.begin() as session:
        conversation = a_caller(session, session.scalars(select(Line)).one())
        writing.write(session, conversation, text, None)


def test_a_text_comes_in_and_its_answer_is_delivered(services, number, work, world, let_pass):
    world.text(CALLER, number, "Are you open?", media=["image/png"])
    work()
    write(services, "Until six.")
    work()
    let_pass(30)
    work()
    asked, answered = rows(services, Message)
    assert asked.text == "Are you open?"
    assert len(rows(services, Picture)) == 1
    assert (answered.text, answered.status) == ("Until six.", MessageStatus.DELIVERED)
    assert [text.body for text in world.phone(CALLER).texts] == ["Until six."]


def test_a_text_whose_answer_was_lost_is_sent_once_and_told_by_its_callback(services, number, work, world, let_pass):
    world.faults.add("lose-after", path="*/messages", count=1)
    write(services, "Until six.")
    work()
    let_pass(30)
    work()
    [answered] = rows(services, Message)
    assert answered.status is MessageStatus.DELIVERED
    assert [text.body for text in world.phone(CALLER).texts] == ["Until six."]


def test_who_writes_stop_is_texted_no_more(services, number, work, world, let_pass):
    world.text(CALLER, number, "STOP")
    work()
    let_pass(30)
    work()
    with services.sessions() as session:
        workspace_id = session.scalars(select(Line.workspace_id)).one()
        assert optouts.stopped(session, CALLER, workspace_id)
    with pytest.raises(Conflict):
        write(services, "Are you sure?")


@pytest.mark.parametrize("forbids", [False, True], ids=["409", "403"])
def test_a_stop_that_the_carrier_alone_received_is_stored(services, number, work, world, let_pass, forbids):
    world.state.unproved.opt_outs_forbid = forbids
    held = world.inventory.held(number)
    opted_out = f"{world.inventory.service_of(held).sid} {CALLER}"
    world.state.opt_outs[opted_out] = world.exchange.now()
    write(services, "Your loaf is ready.")
    work()
    [message] = rows(services, Message)
    assert (message.status, message.trouble) == (MessageStatus.FAILED, Trouble.OPTED_OUT)
    with services.sessions() as session:
        assert optouts.stopped(session, CALLER, session.scalars(select(Line.workspace_id)).one())


def test_a_caller_leaves_a_message(services, number, work, world):
    world.call(CALLER, number, says="Two rye loaves.")
    work()
    [call] = rows(services, Call)
    assert call.outcome is Outcome.VOICEMAIL
    assert call.voicemail_url


def test_a_question_that_is_refused_is_no_silence_and_keeps_no_other_from_being_asked(
    services, number, world, let_pass
):
    catch_up(services, carrier="telnyx")
    [reached] = [cursor.reached_at for cursor in rows(services, Cursor)]
    world.faults.add("drop")
    world.call(CALLER, number, says="Two rye loaves.")
    let_pass(120)
    world.faults.add("error", path="*/detail_records", status=400)
    catch_up(services, carrier="telnyx")
    [cursor] = rows(services, Cursor)
    assert (cursor.failing_since, cursor.reached_at) == (None, reached)
    assert [call.outcome for call in rows(services, Call)] == [Outcome.MISSED]
    with services.sessions() as session:
        shown = session.scalars(select(Alert).where(Alert.kind == AlertKind.CARRIER_TROUBLE)).one()
    assert shown.about == "catch_up:telnyx"


def test_a_carrier_that_does_not_take_our_key_counts_as_silent(services, number, world):
    world.faults.add("error", path="*/detail_records", status=401)
    catch_up(services, carrier="telnyx")
    assert rows(services, Cursor)[0].failing_since


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("voicemail", Outcome.VOICEMAIL), ("press:2", Outcome.VOICEMAIL), ("press:1", Outcome.ANSWERED)],
)
def test_a_call_to_a_line_with_one_phone_is_answered_by_a_person_alone(services, number, work, world, how, outcome):
    world.phone(MEMBER).answers = how
    with services.sessions.begin() as session:
        session.add(Phone(line_id=session.scalars(select(Line.id)).one(), number=MEMBER, name="Bob"))
    caller = world.call(CALLER, number, says="Two rye loaves.", patience=3600)
    work()
    [call] = rows(services, Call)
    assert call.outcome is outcome
    assert bool(call.voicemail_url) is (outcome is Outcome.VOICEMAIL)
    assert any("talks in the conference" in words for words in caller.transcript) is (outcome is Outcome.ANSWERED)


@pytest.mark.parametrize("status", ["initiated", "completed", "no-answer"])
def test_what_becomes_of_a_phone_that_a_step_rang_is_nothing_to_look_at(services, number, status):
    told = {"CallSid": "v3:child", "ParentCallSid": "v3:caller", "From": CALLER, "To": MEMBER, "CallStatus": status}
    Intake(services.settings.database_url).keep(Callback("telnyx", Subject.CALL_STATUS, "", urlencode(told).encode()))
    assert read_all(services) == 1
    [received] = [one for one in rows(services, Received) if b"child" in one.body]
    assert received.read_at
    assert (rows(services, Call), rows(services, Alert)) == ([], [])


@pytest.fixture
def talk(services, number, work, world):
    """Bob talks with a caller, and is recorded."""
    world.phone(MEMBER).answers = "press:1 after 2"
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        session.add(Phone(line_id=line.id, number=MEMBER, name="Bob"))
        session.flush()
        keep(session, line, replace(usual(), recorded=True))
    caller = world.call(CALLER, number, patience=3600)
    work.for_seconds(6)
    assert talks(caller) == 1
    return caller


def talks(call):
    return sum("talks in the conference" in words for words in call.transcript)


def pause(services):
    return rows(services, Ringing)[0].pause


def act(services, work, change):
    """Do something with the caller, as a page does, and let the time pass in which they are on their way to a room."""
    with services.sessions.begin() as session:
        change(session, session.scalars(select(Conversation)).one())
    work.for_seconds(12)


def test_while_a_recording_pauses_the_room_is_not_recorded_and_afterwards_it_is_again(services, work, world, talk):
    work.for_seconds(9)
    act(services, work, talking.pause_recording)
    assert (pause(services), talks(talk)) == (Pause.DONE, 2)
    assert [one.source for one in world.state.recordings.values()] == ["Conference"]
    act(services, work, talking.resume_recording)
    assert (pause(services), talks(talk), len(world.state.recordings)) == (Pause.NONE, 3, 1)
    work()
    assert len(world.state.recordings) == 2
    [call] = rows(services, Call)
    assert call.recording_url
    assert bool(call.recording_url) + len(rows(services, RecordedPiece)) == 2


def test_a_member_calls_out_and_both_phones_are_connected(services, number, work, world):
    world.phone(MEMBER).answers = "press:1"
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        phone = Phone(line_id=line.id, number=MEMBER, name="Bob")
        session.add(phone)
        conversation = conversation_with(session, line, CALLER)
        session.flush()
        call_out(session, session.get_one(Conversation, conversation.id), phone.id, None)
    work()
    [call] = rows(services, Call)
    assert call.outcome is Outcome.ANSWERED
    own, contact = world.state.calls.values()
    assert (own.to, contact.to, call.reference, call.seconds) == (MEMBER, CALLER, contact.sid, contact.seconds)
    assert all(any("talks in the conference" in words for words in one.transcript) for one in (own, contact))


def test_a_number_that_the_carrier_examines_has_not_left(services, number, world, let_pass):
    held = world.inventory.held(number)
    held.status = "requirement-info-exception"
    for _ in range(2):
        seek_departed(services, carrier="telnyx")
        let_pass(2 * 60 * 60)
    [row] = rows(services, PhoneNumber)
    assert (row.standing, row.missing_since) == (Standing.HELD, None)


def test_the_own_number_is_shown_once_the_code_that_was_heard_there_is_told(services, number, work, world):
    with services.sessions.begin() as session:
        begin(session, session.scalars(select(Line)).one(), OWN)
    work()
    [asked] = world.state.caller_ids.values()
    with services.sessions.begin() as session:
        enter_code(session, session.scalars(select(Line.id)).one(), asked.code)
    work()
    [own] = rows(services, OwnNumber)
    assert own.state is Showing.SHOWN
