"""Numbers that live at the second carrier: it is bought, called and texted, over signed callbacks at the real door."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from provisioning.contract.messaging import MessageStatus
from service import optouts
from service.calls.outgoing import call_out
from service.errors import Conflict
from service.inbox import writing
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Conversation, Message, Outcome, Picture
from service.lines.models import Line, OwnNumber, Phone, PhoneNumber, Showing, Standing
from service.lines.own_number import begin, enter_code
from tests.factories import CALLER, OWN, a_caller, a_line

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


def test_a_caller_leaves_a_message(services, number, work, world):
    world.call(CALLER, number, says="Two rye loaves.")
    work()
    [call] = rows(services, Call)
    assert call.outcome is Outcome.VOICEMAIL
    assert call.voicemail_url


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
