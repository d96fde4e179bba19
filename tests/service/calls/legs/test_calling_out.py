"""Calls out: the member hears it ring, and the contact, who has a call of their own, can be held and passed on."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived, KeyPressed
from provisioning.contract.voice import Join
from service.accounts.models import User
from service.alerts import AlertKind
from service.audit.prices import learn_prices
from service.backfill.catching_up import catch_up
from service.callback_addresses import Carried, Step, read
from service.calls.answering import answer_call
from service.calls.changing import keep
from service.calls.legs import talking
from service.calls.legs.models import LegState
from service.calls.nodes import usual
from service.calls.outgoing import call_out
from service.errors import Conflict
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Outcome
from service.ledger.models import EntryKind, LedgerEntry
from service.lines.models import Line
from service.spending.estimates import call_cost
from service.spending.models import Expense
from tests.factories import CALLER
from tests.service.calls.legs.phones import BAKER, DRIVER, OUTSIDE, OVEN, talks


@pytest.fixture
def calls_out(shop, services, world):
    """Have the baker call the contact, who answers in some way; the calls to both, None where none is placed."""
    shop.rings(BAKER, DRIVER, OVEN)

    def calls_out(how="answer after 2", baker="press:1 after 1", seconds=6):
        world.phone(BAKER, answers=baker)
        world.phone(CALLER, answers=how)
        with services.sessions.begin() as session:
            user = User(email="bob@bakery.example", fs_uniquifier="bob")
            session.add(user)
            session.flush()
            conversation = conversation_with(session, session.scalars(select(Line)).one(), CALLER)
            call_out(session, conversation, shop.phone_id(BAKER), user.id)
        shop.work.for_seconds(seconds)
        return shop.legs().get(BAKER), shop.legs().get(CALLER)

    return calls_out


@pytest.fixture
def both(calls_out):
    """The calls of the baker and of the contact, who talk."""
    baker, contact = calls_out()
    assert (talks(baker), talks(contact)) == (1, 1)
    return baker, contact


def music(call):
    return any("hold-music.wav" in words for words in call.transcript)


def the_call(shop):
    with shop.services.sessions() as session:
        return session.scalars(select(Call)).one()


def test_a_contact_is_held_with_music_and_taken_back(shop, both):
    baker, contact = both
    shop.act(talking.hold)
    assert music(contact)
    assert not baker.ended
    shop.act(talking.resume)
    assert (talks(baker), talks(contact)) == (2, 2)
    shop.work()
    assert (baker.status, contact.status, shop.outcome()) == ("completed", "completed", Outcome.ANSWERED)
    assert set(shop.rows()[1]) == {LegState.ENDED}


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("to", [DRIVER, OUTSIDE])
def test_a_contact_is_passed_on_to_a_colleague_or_a_number_outside(shop, both, world, held, to):
    baker, contact = both
    if held:
        shop.act(talking.hold)
    world.phone(to, answers="press:1 after 2")
    shop.act(talking.pass_on, to if to == OUTSIDE else shop.phone_id(to))
    assert baker.ended
    shop.work.for_seconds(3)
    assert (talks(contact), talks(shop.placed_last()), shop.taken_on()) == (2, 1, to)
    assert not contact.ended


def test_a_contact_who_is_passed_on_in_vain_comes_back(shop, both, world):
    _, contact = both
    world.phone(DRIVER, answers="no-answer")
    world.phone(BAKER, answers="press:1 after 2")
    shop.act(talking.pass_on, shop.phone_id(DRIVER))
    shop.work.for_seconds(45)
    assert (talks(contact), shop.taken_on()) == (2, BAKER)


def test_a_colleague_joins_and_is_handed_the_contact(shop, both, world):
    baker, contact = both
    world.phone(DRIVER, answers="press:1 after 1")
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    assert talks(shop.legs()[DRIVER]) == 1
    shop.act(talking.hold)
    shop.act(talking.hand_over)
    assert baker.ended
    assert not contact.ended
    assert (talks(contact), shop.state()) == (2, "taken")


def test_a_parked_contact_is_taken_by_another_phone(shop, both, world):
    baker, contact = both
    shop.act(talking.park_caller)
    assert music(contact)
    assert baker.ended
    world.phone(OVEN, answers="press:1 after 2")
    shop.act(talking.ring_phone, shop.phone_id(OVEN))
    shop.work.for_seconds(3)
    assert (talks(contact), shop.taken_on()) == (2, OVEN)


def test_a_parked_contact_whom_nobody_takes_can_leave_a_message(shop, both, clock):
    _, contact = both
    shop.act(talking.park_caller)
    clock.jump(timedelta(minutes=5))
    shop.work()
    assert any("leave" in words and "message" in words for words in contact.transcript), contact.transcript
    assert shop.state() == "over"


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
def test_a_member_whose_contact_does_not_pick_up_is_let_go(shop, calls_out, how):
    baker, _ = calls_out(how)
    shop.work()
    assert (baker.status, talks(baker), shop.outcome(), shop.state()) == ("completed", 0, Outcome.MISSED, "over")


def test_a_member_who_gives_up_has_the_contacts_phone_ring_no_more(shop, calls_out, world):
    baker, contact = calls_out("answer after 20")
    world.calls.under_way.hang_up(baker)
    shop.work.for_seconds(2)
    assert (contact.status, shop.outcome()) == ("canceled", Outcome.MISSED)


def test_a_contact_who_picks_up_when_the_member_is_gone_is_hung_up_on(shop, calls_out, world):
    world.faults.add("drop", path="*/call-status*entry=*")
    baker, contact = calls_out("answer after 4", seconds=3)
    world.calls.under_way.hang_up(baker)
    world.faults.clear()
    shop.work()
    assert (baker.ended is not None, contact.ended is not None, talks(contact)) == (True, True, 0)
    assert shop.state() == "over"


@pytest.mark.parametrize("who", [BAKER, CALLER])
def test_who_hangs_up_ends_the_call_for_both(shop, both, who):
    shop.hang_up(who)
    shop.work.for_seconds(3)
    assert [call.ended is not None for call in both] == [True, True]
    assert (shop.state(), shop.outcome()) == ("over", Outcome.ANSWERED)


def test_a_contact_who_hangs_up_on_hold_frees_the_member(shop, both):
    baker, _ = both
    shop.act(talking.hold)
    shop.hang_up(CALLER)
    shop.work.for_seconds(3)
    assert (baker.ended is not None, shop.state()) == (True, "over")


def test_a_member_who_hangs_up_while_the_contact_is_held_parks_them(shop, both):
    _, contact = both
    shop.act(talking.hold)
    shop.hang_up(BAKER)
    shop.work.for_seconds(2)
    assert (shop.state(), contact.ended) == ("parked", None)


def test_the_length_of_a_call_out_is_how_long_the_contact_was_connected(shop, both):
    _, contact = both
    shop.act(talking.hold)
    shop.act(talking.resume)
    shop.work()
    assert the_call(shop).seconds == contact.seconds > 0


def test_a_talk_whose_end_no_callback_told_is_over_once_the_carrier_was_asked(shop, both, world, services, clock):
    _, contact = both
    world.faults.add("drop", path="*/call-status*")
    shop.work()
    assert the_call(shop).seconds == 0
    clock.jump(timedelta(minutes=3))
    catch_up(services, carrier="twilio")
    assert (the_call(shop).seconds, the_call(shop).outcome) == (contact.seconds, Outcome.ANSWERED)


def test_nothing_can_be_done_with_a_contact_who_has_not_picked_up(shop, calls_out):
    calls_out("answer after 20", seconds=3)
    with shop.services.sessions.begin() as session:
        assert talking.on_the_line(session, shop.conversation(session)) is None
        assert talking.rings_contact(session, session.scalars(select(Call)).one())
        with pytest.raises(Conflict, match="over"):
            talking.hold(session, shop.conversation(session))


def test_a_contact_meets_the_member_though_no_worker_puts_them_through(shop, calls_out):
    baker, contact = calls_out("answer after 20", seconds=3)
    for _ in range(30):
        shop.world.clock.jump(timedelta(seconds=1))
        shop.world.run_due()
    assert (talks(baker), talks(contact)) == (1, 1)


def test_a_contact_who_is_not_called_in_time_is_rung_in_one_step_and_the_operators_hear_of_it(shop, calls_out, world):
    calls_out(seconds=0)
    shop.work.jobs()
    world.run_due()
    shop.forget_jobs("place_legs")
    for _ in range(15):
        world.clock.jump(timedelta(seconds=1))
        world.run_due()
    baker = shop.legs()[BAKER]
    assert f"talks with {CALLER}" in baker.transcript
    shop.work()
    assert (shop.outcome(), shop.placed()) == (Outcome.ANSWERED, [BAKER])
    assert shop.alerts() == [(AlertKind.RING_GROUP_HELD_BACK, "no phone was called in time")]


def test_a_request_that_comes_again_rings_the_contact_once_and_finds_the_talk(shop, both, services):
    baker, _ = both
    with services.sessions() as session:
        entry = session.scalars(select(LedgerEntry.tag).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one()
        line_id = session.scalars(select(Line.id)).one()
        again = KeyPressed(baker.sid, "1", shop.number, BAKER)
        [step] = answer_call(session, services, "twilio", again, Carried(Step.CONNECT, line_id, entry=entry))
        carried = read(urlsplit(step.then_url).query)
        room, _ = answer_call(session, services, "twilio", CallArrived(baker.sid, shop.number, BAKER), carried)
    assert isinstance(room, Join)
    shop.work()
    assert shop.placed() == [BAKER, CALLER]


def test_a_recorded_talk_is_told_to_both_and_its_recording_pauses(shop, calls_out, services):
    with services.sessions.begin() as session:
        keep(session, session.scalars(select(Line)).one(), replace(usual(), recorded=True))
    baker, contact = calls_out()
    assert all("says “This call is recorded.”" in call.transcript for call in (baker, contact))
    shop.act(talking.pause_recording)
    assert "the recording is paused" in contact.transcript
    shop.act(talking.resume_recording)
    assert "the recording goes on" in contact.transcript
    shop.work()
    assert the_call(shop).recording_url


@pytest.mark.parametrize("passed_on", [False, True])
def test_each_phone_is_paid_for(shop, both, services, world, passed_on):
    if passed_on:
        world.phone(OUTSIDE, answers="press:1 after 2")
        shop.act(talking.pass_on, OUTSIDE)
    shop.work()
    prices = services.network("twilio").prices
    rung = [CALLER, BAKER, *([OUTSIDE] if passed_on else [])]
    with services.sessions() as session:
        spent = session.scalars(select(Expense.amount)).all()
    minutes = {number: -(-shop.legs()[number].seconds // 60) for number in rung}
    assert call_cost(prices, [CALLER], minutes[CALLER]) > 0
    assert sum(call_cost(prices, [number], minutes[number]) for number in rung) in spent


def test_the_price_that_the_carrier_tells_is_that_of_both_ends(shop, both, services, world, clock):
    shop.work()
    before = world.state.calls
    learn_prices(services, "twilio")
    with services.sessions() as session:
        entry_id = session.scalars(select(LedgerEntry.id).where(LedgerEntry.kind == EntryKind.PLACE_CALL)).one()
        spent = session.get_one(Expense, entry_id).amount
    told = services.network("twilio").calling.prices(clock.now() - timedelta(days=1))
    assert len(told) == len(before) == 2
    assert spent == sum(told.values())
