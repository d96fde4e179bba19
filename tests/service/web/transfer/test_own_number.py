"""Showing the own number on calls before it is ported: a call to it asks for the code on the page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.calls.outgoing import call_out
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation
from service.ledger.ledger import perform
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.lines.inventory import add_arriving, make_primary, number_held
from service.lines.models import Line, OwnNumber, Phone, Showing
from service.lines.own_number import CALLS_A_DAY, ask_whether_proven, begin, end, forget_proof
from tests.factories import CALLER, OWN, a_line

SHOW, MEMBER = "Show my own number", "+14155550131"


@pytest.fixture
def page(alice, filed):
    public_id = filed()
    return lambda reader=alice: reader.get("ports.show", public_id=public_id)


@pytest.fixture
def called(alice, page, work):
    """Alice has asked, and the phone rings."""
    page()
    alice.submit(button=SHOW)
    work()


@pytest.fixture
def proven(called, world, work):
    [asked] = world.state.caller_ids.values()
    world.verify_caller(OWN, asked.code)
    work()


@pytest.fixture
def seen(services, line, alice, world, work):
    """Call a contact from the inbox; the caller ids that our phone and theirs see."""

    def call():
        world.phone(MEMBER).answers = "press:1"
        before = set(world.state.calls)
        with services.sessions.begin() as session:
            here = session.get_one(Line, line.id)
            phone = session.scalar(select(Phone)) or Phone(line_id=here.id, number=MEMBER, name="Bob")
            session.add(phone)
            conversation = conversation_with(session, here, CALLER)
            session.flush()
            call_out(session, session.get_one(Conversation, conversation.id), phone.id, None)
        work()
        return [one.from_ for key, one in world.state.calls.items() if key not in before]

    return call


def states(services):
    with services.sessions() as session:
        return list(session.scalars(select(OwnNumber.state).order_by(OwnNumber.id)))


def test_the_page_tells_the_code_that_the_call_asks_for(called, page, world):
    [asked] = world.state.caller_ids.values()
    assert page().says(asked.code)
    assert page().says("Answer, and press these keys")


def test_the_code_comes_without_loading_the_page_again(called, alice, page, world):
    [asked] = world.state.caller_ids.values()
    assert alice.open(page().select_one("#own-number")["data-refresh"]).says(asked.code)


def test_once_the_code_was_keyed_both_sides_of_a_call_see_the_own_number(proven, page, seen):
    assert page().says("People you call see")
    assert set(seen()) == {OWN}


def test_before_that_they_see_the_temporary_number(called, seen):
    assert OWN not in seen()


def test_a_wrong_code_is_said_and_it_can_be_tried_again(called, alice, page, world, work):
    [asked] = world.state.caller_ids.values()
    world.verify_caller(OWN, "000000" if asked.code != "000000" else "111111")
    work()
    assert page().says("We didn’t get the right code")
    alice.submit(button="Try again")
    work()
    assert page().says("Answer, and press these keys")


def test_a_phone_that_nobody_answers_is_said(alice, page, world, work):
    world.phone(OWN).answers = "no-answer"
    page()
    alice.submit(button=SHOW)
    work()
    assert page().says("We didn’t get the right code")


def test_lost_news_of_the_call_is_made_up_for_by_asking(called, services, world, page):
    for asked in world.state.caller_ids.values():
        asked.verified = True
    with services.sessions() as session:
        own = session.scalars(select(OwnNumber)).one()
    ask_whether_proven(services, own_number_id=own.id)
    assert page().says("People you call see")


def test_pressing_twice_calls_once(alice, page, world, work):
    page()
    alice.submit(button=SHOW)
    address = alice.page.select_one("#own-number")["data-refresh"]
    alice.client.post(address, data={"number": OWN, "csrf_token": alice.page.select_one("[name=csrf_token]")["value"]})
    work()
    assert len(world.state.caller_ids) == 1


def test_once_it_is_stopped_the_carrier_has_forgotten_the_proof_and_another_code_shows_it_again(
    proven, alice, page, seen, world, work
):
    page()
    alice.submit(button="Stop showing it")
    work()
    assert not world.state.caller_ids
    assert OWN not in seen()
    page()
    alice.submit(button=SHOW)
    work()
    [asked] = world.state.caller_ids.values()
    world.verify_caller(OWN, asked.code)
    work()
    assert set(seen()) == {OWN}


def test_who_stops_and_begins_anew_at_once_is_called_for_a_code(proven, alice, page, work):
    page()
    alice.submit(button="Stop showing it")
    alice.submit(button=SHOW)
    work()
    assert page().says("Answer, and press these keys")


def test_a_code_that_is_keyed_after_it_was_stopped_proves_nothing_for_long(called, services, line, world, work):
    with services.sessions.begin() as session:
        own = session.scalars(select(OwnNumber)).one()
        end(session, line.id)
    [asked] = world.state.caller_ids.values()
    world.verify_caller(OWN, asked.code)
    work()
    forget_proof(services, own_number_id=own.id)
    assert not world.state.caller_ids


def test_once_the_number_is_the_lines_own_nothing_is_left_to_show(proven, page, services, line):
    with services.sessions.begin() as session:
        make_primary(session, add_arriving(session, line.id, "twilio", OWN, "PN1"))
    assert not page().says("Your caller ID until then")


def test_a_move_that_is_called_off_ends_it(proven, alice, page, services, work, clock, world):
    page()
    alice.submit(button="Cancel transfer")
    work()
    clock.jump(timedelta(hours=1))
    work()
    assert states(services) == [Showing.ENDED]
    assert not world.state.caller_ids


def test_what_the_carrier_will_not_show_is_said_in_plain_words(alice, page, world, work):
    world.caller_ids.ask(next(iter(world.state.accounts)), OWN, "Somebody", "")
    for asked in world.state.caller_ids.values():
        asked.verified = True
    page()
    alice.submit(button=SHOW)
    work()
    assert page().says("doesn’t let us show")


def test_a_call_that_would_come_too_late_is_not_made(alice, page, world, work, clock):
    page()
    alice.submit(button=SHOW)
    clock.jump(timedelta(minutes=3))
    work()
    assert not world.state.caller_ids
    assert page().says("We didn’t get the right code")


def test_after_an_answer_was_lost_nobody_is_called_by_surprise(called, services, world):
    with services.sessions.begin() as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.PROVE_NUMBER)).one()
        entry.progress = Progress.TRYING
        session.scalars(select(OwnNumber)).one().state = Showing.ASKED
    perform(services, entry.id)
    assert states(services) == [Showing.UNPROVEN]
    assert len(world.state.caller_ids) == 1


def test_a_number_that_the_carrier_no_longer_shows_is_noticed_at_the_next_call(proven, services, world, seen):
    world.state.caller_ids.clear()
    seen()
    assert states(services) == [Showing.UNPROVEN]
    assert OWN not in seen()


def test_a_phone_is_not_rung_again_and_again(called, services, line, alice, page):
    with services.sessions.begin() as session:
        for own in session.scalars(select(OwnNumber)):
            own.state = Showing.UNPROVEN
        for _ in range(CALLS_A_DAY):
            session.add(OwnNumber(line_id=line.id, number=OWN, carrier="twilio", state=Showing.UNPROVEN))
    page()
    assert alice.submit(button="Try again").says("Try again tomorrow.")


def test_another_line_cannot_show_what_one_has_proven(proven, services, work):
    with services.sessions.begin() as session:
        other = a_line(session, services).id
    work()
    with services.sessions.begin() as session, pytest.raises(Conflict):
        begin(session, session.get_one(Line, other), OWN)


def test_only_a_number_on_its_way_can_be_asked_for(alice, page, services):
    page().select_one("#own-number [name=number]")["value"] = CALLER
    assert alice.submit(number=CALLER).says("This number isn’t being transferred")
    assert states(services) == []


def test_a_member_sees_no_button_and_a_stranger_no_page(bob, charlie, page, alice):
    address = page().select_one("#own-number form")["action"]
    assert not page(bob).select("#own-number form")
    charlie.open(address, status=404)
    token = bob.page.select_one("[name=csrf_token]")["value"]
    assert bob.client.post(address, data={"number": OWN, "csrf_token": token}).status_code == 403


def test_until_it_moves_the_number_is_not_held_here(proven, services):
    with services.sessions() as session:
        assert number_held(session, OWN) is None
