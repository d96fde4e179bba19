"""Callers who are held, parked, passed on to another phone, and taken by one more."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from provisioning.contract.callbacks import TalkRecorded
from service.accounts.models import User
from service.calls.events import talk_recorded
from service.calls.legs import talking
from service.calls.legs.models import LegState, Ringing
from service.calls.outgoing import call_out
from service.errors import Conflict, Invalid
from service.inbox.models import Call, Outcome
from service.schedule.chase_overdue import chase_ringings
from service.time import now
from tests.service.calls.legs.phones import BAKER, DRIVER, OUTSIDE, OVEN, PATIENT, talked, talks


def music(call):
    return any("hold-music.wav" in words for words in call.transcript)


def test_a_held_caller_hears_music_until_the_same_person_comes_back(shop, talk):
    shop.act(talking.hold)
    assert music(talk)
    assert not shop.legs()[BAKER].ended
    shop.act(talking.resume)
    assert (talks(talk), talks(shop.legs()[BAKER])) == (2, 2)
    shop.work()
    assert (talk.status, shop.legs()[BAKER].status, shop.outcome()) == ("completed", "completed", Outcome.ANSWERED)


def test_who_holds_and_takes_back_at_once_goes_on_talking(shop, talk):
    with shop.services.sessions.begin() as session:
        conversation = shop.conversation(session)
        talking.hold(session, conversation)
        talking.resume(session, conversation)
    shop.work.for_seconds(3)
    assert talks(talk) == 1
    assert not talk.ended


def test_a_person_who_hangs_up_while_the_caller_is_held_parks_them_for_anybody(shop, talk, world):
    shop.act(talking.hold)
    shop.hang_up(BAKER)
    shop.work.for_seconds(2)
    assert (shop.state(), talk.ended) == ("parked", None)
    world.phone(DRIVER, answers="press:1 after 2")
    shop.act(talking.ring_phone, shop.phone_id(DRIVER))
    shop.work.for_seconds(3)
    assert (talks(talk), talks(shop.placed_last())) == (2, 1)


@pytest.mark.parametrize("begun", [timedelta(), timedelta(hours=2)], ids=["lately", "two hours ago"])
def test_a_caller_who_is_held_for_fifteen_minutes_is_parked_and_the_person_let_go(shop, services, talk, clock, begun):
    with services.sessions.begin() as session:
        session.execute(update(Ringing).values(begun_at=now() - begun))
    shop.act(talking.hold)
    chase_ringings(services)
    shop.work.for_seconds(1)
    assert shop.state() == "held"
    clock.jump(timedelta(minutes=15))
    chase_ringings(services)
    shop.work.jobs()
    assert (shop.state(), talk.ended, talks(talk)) == ("parked", None, 1)
    shop.work.for_seconds(1)
    assert (shop.legs()[BAKER].ended is not None, talk.ended) == (True, None)


def test_a_caller_who_is_held_for_too_long_is_put_back_while_no_worker_can_park_them(shop, talk, clock, world):
    shop.act(talking.hold)
    clock.jump(timedelta(minutes=17))
    world.run_due()
    assert talks(talk) == 2


def test_asking_a_colleague_does_not_shorten_the_time_on_hold(shop, services, talk, clock):
    shop.act(talking.hold)
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    clock.jump(timedelta(minutes=5))
    chase_ringings(services)
    shop.work.jobs()
    assert shop.state() == "held"


def test_a_parked_caller_is_let_go_of_by_the_first_person_and_taken_by_another(shop, talk, world):
    shop.act(talking.park_caller)
    assert music(talk)
    assert shop.legs()[BAKER].ended
    world.phone(OVEN, answers="press:1 after 2")
    shop.act(talking.ring_phone, shop.phone_id(OVEN))
    shop.work.for_seconds(3)
    assert talks(talk) == 2
    assert shop.taken_on() == OVEN


def test_a_parked_caller_whom_nobody_takes_leaves_a_message(shop, talk, clock):
    shop.act(talking.park_caller)
    clock.jump(timedelta(minutes=5))
    shop.work()
    assert "records “Two rye loaves.”" in talk.transcript
    assert shop.state() == "over"


@pytest.mark.parametrize("held", [False, True])
def test_a_caller_is_passed_on_to_another_phone(shop, talk, world, held):
    if held:
        shop.act(talking.hold)
    world.phone(DRIVER, answers="press:1 after 3")
    shop.act(talking.pass_on, shop.phone_id(DRIVER))
    assert shop.legs()[BAKER].ended
    shop.work.for_seconds(4)
    assert (talks(talk), shop.taken_on()) == (2, DRIVER)
    shop.work()
    assert set(shop.rows()[1]) == {LegState.ENDED}


def test_a_caller_is_passed_on_to_a_number_outside(shop, talk, world):
    world.phone(OUTSIDE, answers="press:1 after 2")
    shop.act(talking.pass_on, OUTSIDE)
    shop.work.for_seconds(3)
    assert (talks(talk), talks(shop.placed_last()), shop.taken_on()) == (2, 1, OUTSIDE)


@pytest.mark.parametrize("number", ["+19005550123", "+4687001234"], ids=["costs extra", "not served"])
def test_a_number_that_may_not_be_called_is_refused_and_the_talk_goes_on(shop, talk, number):
    with pytest.raises(Invalid) as refusal:
        shop.act(talking.pass_on, number)
    assert "You can’t call" in refusal.value.fields["number"][0]
    shop.work.for_seconds(1)
    assert (shop.state(), talk.ended) == ("taken", None)


def test_our_own_number_is_refused_as_calls_would_go_round(shop, talk):
    with pytest.raises(Invalid) as refusal:
        shop.act(talking.ask_in, shop.number)
    assert "circles" in refusal.value.fields["number"][0]


def passed_on_to_the_driver(shop, how="no-answer", baker="press:1 after 2"):
    """The baker passes a caller on; how the driver answers, and the baker's phone if it rings again."""
    shop.world.phone(DRIVER, answers=how)
    shop.world.phone(BAKER, answers=baker)
    before = len(shop.placed())
    shop.act(talking.pass_on, shop.phone_id(DRIVER))
    return before


@pytest.mark.parametrize("how", ["no-answer", "busy", "press:2 after 3", "voicemail"])
def test_a_caller_who_is_passed_on_in_vain_comes_back_to_the_person_who_did(shop, talk, how):
    passed_on_to_the_driver(shop, how)
    shop.work.for_seconds(45)
    assert (talks(talk), talks(shop.placed_last()), shop.taken_on()) == (2, 1, BAKER)


def test_a_phone_that_cannot_be_called_brings_the_caller_back_at_once(shop, talk, world):
    world.faults.add("error", path="*/Calls.json", status=400, count=1)
    before = passed_on_to_the_driver(shop)
    shop.work.for_seconds(2)
    assert shop.placed()[before:] == [BAKER]
    assert talks(talk) == 2


def test_a_phone_whose_end_is_not_told_keeps_no_caller_from_coming_back(shop, talk, world):
    world.faults.add("drop", path="*/call-status*", count=2)
    passed_on_to_the_driver(shop)
    shop.work.for_seconds(55)
    assert (talks(talk), shop.taken_on()) == (2, BAKER)


def test_a_person_who_does_not_take_the_caller_back_is_rung_once_and_a_message_taken(shop, talk):
    before = passed_on_to_the_driver(shop, baker="no-answer")
    shop.work()
    assert shop.placed()[before:] == [DRIVER, BAKER]
    assert talks(talk) == 1
    assert "records “Two rye loaves.”" in talk.transcript


def test_a_person_is_not_rung_again_for_a_caller_who_has_hung_up(shop, talk, world):
    before = passed_on_to_the_driver(shop)
    world.calls.under_way.hang_up(talk)
    shop.work()
    assert shop.placed()[before:] == [DRIVER]


def test_a_caller_whom_a_colleague_took_and_parked_does_not_come_back(shop, talk, clock):
    before = passed_on_to_the_driver(shop, "press:1 after 2")
    shop.work.for_seconds(3)
    shop.act(talking.park_caller)
    clock.jump(timedelta(minutes=5))
    shop.work()
    assert shop.placed()[before:] == [DRIVER]
    assert "records “Two rye loaves.”" in talk.transcript


def test_who_passes_a_caller_on_to_their_own_phone_is_rung_once(shop, talk, world):
    world.phone(BAKER, answers="no-answer")
    before = len(shop.placed())
    shop.act(talking.pass_on, shop.phone_id(BAKER))
    shop.work()
    assert shop.placed()[before:] == [BAKER]


def test_a_held_caller_who_hangs_up_frees_the_person(shop, talk, world):
    shop.act(talking.hold)
    world.calls.under_way.hang_up(talk)
    shop.work()
    assert shop.legs()[BAKER].status == "completed"
    assert shop.state() == "over"


def test_looking_for_a_lost_leg_ends_no_call_out_from_the_same_phone(shop, services, talk, world):
    world.faults.add("lose-after", path="*/Calls.json", count=1)
    shop.act(talking.pass_on, shop.phone_id(DRIVER))
    lost = shop.placed_last()
    with services.sessions.begin() as session:
        session.add(User(id=1, email="bob@bakery.example", fs_uniquifier="bob"))
        session.flush()
        call_out(session, shop.conversation(session), shop.phone_id(DRIVER), 1)
    shop.work.for_seconds(2)
    called_out = shop.placed_last()
    world.calls.under_way.hang_up(talk)
    shop.work.for_seconds(2)
    assert (called_out.to, lost.to, called_out.from_) == (DRIVER, DRIVER, lost.from_)
    assert lost.ended
    assert called_out is not lost
    assert not called_out.ended


def test_one_more_phone_takes_a_call_that_rings_for_others(shop):
    shop.rings(BAKER, DRIVER, OVEN)
    shop.rings_only(BAKER, DRIVER)
    call = shop.begin({BAKER: "no-answer", DRIVER: "no-answer", OVEN: "press:1 after 2"}, patience=PATIENT)
    shop.work.for_seconds(2)
    shop.act(talking.ring_phone, shop.phone_id(OVEN))
    shop.work.for_seconds(2)
    assert talked(call)
    assert (shop.taken_on(), shop.legs()[BAKER].status) == (OVEN, "canceled")


def test_a_phone_on_which_somebody_talks_is_not_rung_again_while_another_is_free(shop, talk):
    before = len(shop.placed())
    shop.begin({DRIVER: "press:1 after 2"})
    shop.work.for_seconds(1)
    assert shop.placed()[before:] == [DRIVER, OVEN]
    shop.work.for_seconds(3)
    shop.begin({OVEN: "press:1 after 2"})
    shop.work.for_seconds(4)
    assert shop.placed()[before + 2 :] == [OVEN]


def test_a_phone_on_which_somebody_talks_is_rung_again_if_the_line_says_so(shop):
    shop.rings(BAKER, DRIVER, rings_busy=True)
    shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    before = len(shop.placed())
    shop.begin({DRIVER: "press:1 after 2"})
    shop.work.for_seconds(1)
    assert sorted(shop.placed()[before:]) == sorted([BAKER, DRIVER])


@pytest.mark.parametrize(
    ("limits", "act"), [({"calls_at_once": 3}, talking.hold), ({"calls_at_once": 2}, talking.park_caller)]
)
def test_callers_who_hear_music_count_among_the_calls_that_the_account_holds(shop, talk, act):
    shop.act(act)
    before = shop.placed()
    shop.begin({})
    shop.work.for_seconds(1)
    assert shop.placed() == before


def test_if_everybody_talks_all_phones_are_rung(shop):
    shop.rings(BAKER, DRIVER)
    for answers in ({BAKER: "press:1", DRIVER: "no-answer"}, {DRIVER: "press:1"}):
        shop.begin(answers)
        shop.work.for_seconds(7)
    before = len(shop.placed())
    shop.begin({})
    shop.work.for_seconds(1)
    assert sorted(shop.placed()[before:]) == [BAKER, DRIVER]


def test_what_cannot_be_done_now_is_refused(shop, talk):
    driver = shop.phone_id(DRIVER)
    for act in (talking.resume, partial(shop.with_phone, talking.ring_phone, driver)):
        with pytest.raises(Conflict, match="moved on"):
            shop.act(act)
    with pytest.raises(Invalid):
        shop.act(talking.pass_on, 999)
    shop.work()
    for act in (talking.hold, talking.park_caller, partial(shop.with_phone, talking.pass_on, driver)):
        with pytest.raises(Conflict, match="over"):
            shop.act(act)


def test_every_piece_of_a_recorded_call_is_kept_and_heard(shop, world):
    shop.rings(BAKER, DRIVER, recorded=True)
    call = shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer"}, patience=PATIENT)
    shop.work.for_seconds(4)
    for act in (talking.hold, talking.resume, talking.hold, talking.resume):
        shop.act(act)
    shop.work()
    first, *further = [f"{sid}.mp3" for sid in call.recordings]
    assert len(further) == 2
    with shop.services.sessions() as session:
        kept = session.scalars(select(Call)).one()
        assert kept.recording_url.endswith(first)
        assert [piece.url.rpartition("/")[2] for piece in kept.pieces] == further
        assert all(shop.services.media.get(piece.media) for piece in kept.pieces)


def test_a_piece_that_is_reported_twice_is_kept_once(shop):
    shop.rings(BAKER, DRIVER, recorded=True)
    shop.call({BAKER: "press:1", DRIVER: "no-answer"})
    with shop.services.sessions.begin() as session:
        call = session.scalars(select(Call)).one()
        for recording, url in [("RE2", "https://api.twilio.com/2.mp3")] * 2 + [("RE1", call.recording_url)]:
            talk_recorded(session, TalkRecorded(call.reference, recording, url, 7), "always")
        assert [piece.reference for piece in call.pieces] == ["RE2"]


def test_a_caller_whom_the_carrier_did_not_lead_is_led_by_the_next_request(shop, services, talk, world):
    world.faults.add("throttle", path=f"*/Calls/{talk.sid}.json", count=1)
    with services.sessions.begin() as session:
        talking.hold(session, shop.conversation(session))
    shop.work.for_seconds(1)
    shop.forget_jobs("settle_ringing")
    assert not music(talk)
    chase_ringings(services)
    shop.work.for_seconds(2)
    assert (music(talk), shop.state()) == (True, "held")


def test_a_person_who_was_let_go_is_hung_up_on_though_the_carrier_failed_at_first(shop, services, talk, world):
    shop.act(talking.hold)
    baker = shop.legs()[BAKER]
    world.faults.add("error", path=f"*/Calls/{baker.sid}.json", status=500)
    with services.sessions.begin() as session:
        talking.pass_on(session, services, shop.conversation(session), shop.phone_id(DRIVER))
    shop.work.for_seconds(1)
    shop.forget_jobs("settle_ringing")
    assert baker.ended is None
    world.faults.clear()
    chase_ringings(services)
    shop.work.for_seconds(1)
    assert baker.ended
