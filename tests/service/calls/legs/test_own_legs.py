"""Ring groups of which each phone is called by itself, at a carrier whose clock goes on."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest

from service.calls.legs.models import LegState, RingingState
from service.inbox.models import Outcome
from service.schedule.chase_overdue import chase_ringings
from service.schedule.prune import forget_counts
from tests.factories import CALLER
from tests.service.calls.legs.phones import BAKER, DRIVER, OVEN, talked


def test_all_phones_ring_and_the_first_person_to_accept_is_connected(shop):
    shop.rings(BAKER, DRIVER, OVEN)
    call = shop.call({BAKER: "no-answer", DRIVER: "press:1 after 7", OVEN: "press:1 after 12"})
    assert talked(call)
    assert talked(shop.legs()[DRIVER])
    assert {leg.to: leg.status for leg in shop.legs().values()} == {
        BAKER: "canceled",
        DRIVER: "completed",
        OVEN: "canceled",
    }
    assert shop.outcome() is Outcome.ANSWERED
    assert shop.rows() == ([RingingState.OVER], [LegState.ENDED] * 3)


def test_a_phone_that_is_switched_off_ends_nothing(shop):
    shop.rings(BAKER, DRIVER)
    call = shop.call({BAKER: "voicemail", DRIVER: "press:1 after 12"})
    assert talked(call)
    assert shop.legs()[BAKER].status == "completed"


@pytest.mark.parametrize(
    ("spots_machines", "verdicts"),
    [(True, {BAKER: "machine_start", DRIVER: "human"}), (False, {BAKER: None, DRIVER: None})],
)
def test_the_carrier_listens_for_the_voicemail_of_phones_if_the_line_says_so(shop, spots_machines, verdicts):
    shop.rings(BAKER, DRIVER, spots_machines=spots_machines)
    assert talked(shop.call({BAKER: "voicemail", DRIVER: "press:1 after 12"}))
    assert {number: leg.answered_by for number, leg in shop.legs().items()} == verdicts
    assert shop.rows() == ([RingingState.OVER], [LegState.ENDED] * 2)


def test_a_person_who_declines_leaves_the_call_to_the_others(shop):
    shop.rings(BAKER, DRIVER)
    assert talked(shop.call({BAKER: "press:2 after 2", DRIVER: "press:1 after 15"}))


def test_of_two_who_accept_at_once_one_is_connected_and_the_other_hears_why(shop):
    shop.rings(BAKER, DRIVER)
    call = shop.call({BAKER: "press:1 after 4", DRIVER: "press:1 after 4"})
    legs = shop.legs()
    assert talked(call)
    won, lost = sorted(legs.values(), key=talked, reverse=True)
    assert (talked(won), talked(lost)) == (True, False)
    assert "says “Someone else has taken this call.”" in lost.transcript


def test_when_all_have_declined_the_caller_waits_no_longer(shop):
    shop.rings(BAKER, DRIVER)
    call = shop.call(dict.fromkeys((BAKER, DRIVER), "press:2 after 3"))
    assert "records “Two rye loaves.”" in call.transcript
    assert call.ended - call.created < timedelta(seconds=10)
    assert shop.outcome() is Outcome.VOICEMAIL


@pytest.mark.parametrize("how", ["no-answer", "voicemail", "busy", "failed"])
def test_when_nobody_answers_a_message_is_taken(shop, how):
    shop.rings(BAKER, DRIVER)
    call = shop.call(dict.fromkeys((BAKER, DRIVER), how))
    assert "records “Two rye loaves.”" in call.transcript
    assert shop.outcome() is Outcome.VOICEMAIL
    assert shop.rows() == ([RingingState.OVER], [LegState.ENDED] * 2)


def test_a_caller_who_hangs_up_stops_the_ringing(shop, world):
    shop.rings(BAKER, DRIVER, seconds=60)
    call = shop.begin(dict.fromkeys((BAKER, DRIVER), "press:1 after 50"), patience=8)
    shop.work()
    assert (call.status, talked(call)) == ("completed", False)
    assert [leg.status for leg in shop.legs().values()] == ["canceled"] * 2
    assert shop.outcome() is Outcome.MISSED


def test_the_phones_show_who_calls(shop):
    shop.rings(BAKER, DRIVER)
    shop.call({BAKER: "press:1", DRIVER: "no-answer"})
    assert {leg.from_ for leg in shop.legs().values()} == {CALLER}


def test_where_no_worker_places_a_leg_the_phones_ring_in_one_step(shop, world, clock):
    shop.rings(BAKER, DRIVER)
    call = shop.begin({BAKER: "press:1", DRIVER: "no-answer"})
    for _ in range(12):
        clock.jump(timedelta(seconds=1))
        world.run_due()
    assert f"talks with {BAKER}" in call.transcript
    shop.work()
    assert list(shop.legs()) == []


@pytest.mark.parametrize("fault", [{"kind": "error", "status": 400}, {"kind": "throttle"}])
def test_where_the_carrier_takes_no_order_the_phones_ring_in_one_step(shop, world, fault):
    shop.rings(BAKER, DRIVER)
    world.faults.add(fault.pop("kind"), path="*/Calls.json", **fault)
    call = shop.call({BAKER: "press:1", DRIVER: "no-answer"})
    assert f"talks with {BAKER}" in call.transcript
    assert [kind for kind, _ in shop.alerts()] == ["ring_group_held_back"]


def test_orders_that_are_lost_on_their_way_lose_no_caller(shop, world):
    shop.rings(BAKER, DRIVER)
    world.faults.add("lose-before", path="*/Calls.json")
    assert "records “Two rye loaves.”" in shop.call(dict.fromkeys((BAKER, DRIVER), "press:1")).transcript


def test_a_leg_of_which_the_carriers_answer_is_lost_stops_when_another_takes_the_call(shop, world):
    shop.rings(BAKER, DRIVER)
    world.faults.add("lose-after", path="*/Calls.json", count=1)
    call = shop.call({BAKER: "press:1 after 15", DRIVER: "press:1"})
    assert talked(call)
    assert shop.legs()[BAKER].status == "canceled"


def test_a_leg_of_which_the_carriers_answer_is_lost_takes_the_call_all_the_same(shop, world):
    shop.rings(BAKER, DRIVER)
    world.faults.add("lose-after", path="*/Calls.json")
    assert talked(shop.call({BAKER: "press:1", DRIVER: "no-answer"}))
    assert len(shop.legs()) == 2


def test_a_talk_is_recorded_if_the_plan_says_so(shop):
    shop.rings(BAKER, DRIVER, recorded=True)
    call = shop.call({BAKER: "press:1", DRIVER: "no-answer"})
    assert "says “This call is recorded.”" in call.transcript
    assert len(call.recordings) == 1
    assert any("which will be recorded" in words for words in shop.legs()[BAKER].transcript)


def test_eleven_phones_ring_in_two_groups(shop):
    numbers = [f"+141555502{at:02}" for at in range(12)]
    shop.rings(*numbers)
    assert talked(shop.call(dict.fromkeys(numbers, "no-answer") | {numbers[-1]: "press:1"}))
    assert len(shop.legs()) == 12


def in_turn(legs):
    return all(first.ended <= second.created for first, second in pairwise(legs))


@pytest.mark.parametrize(("limits", "why"), [({}, "concurrency"), ({"calls_at_once": 2}, "CALLS_AT_ONCE=2")])
def test_where_the_account_holds_two_calls_the_phones_ring_in_turn_and_the_operators_see_it(shop, world, why):
    shop.rings(BAKER, DRIVER, OVEN)
    world.limit_calls(at_once=2)
    call = shop.call({BAKER: "no-answer", DRIVER: "press:2 after 3", OVEN: "press:1 after 18"})
    assert talked(call)
    assert in_turn(list(shop.legs().values()))
    assert [(kind, why in told) for kind, told in shop.alerts()] == [("ring_group_held_back", True)]


def test_phones_that_ring_in_turn_and_are_not_answered_lead_to_a_message(shop, world):
    shop.rings(BAKER, DRIVER, OVEN)
    world.limit_calls(at_once=2)
    call = shop.call(dict.fromkeys((BAKER, DRIVER, OVEN), "no-answer"))
    assert "records “Two rye loaves.”" in call.transcript
    assert len(shop.legs()) == 3


@pytest.mark.parametrize("limits", [{"calls_at_once": 2}])
def test_while_the_account_is_full_one_job_waits_for_room_however_many_callers_wait(shop, services):
    shop.rings(BAKER, DRIVER)
    for _ in range(3):
        shop.begin(dict.fromkeys((BAKER, DRIVER), "no-answer"))
    for _ in range(3):
        chase_ringings(services)
        shop.work.jobs()
        assert shop.jobs("place_legs") == 1
    assert shop.placed() == []


def test_the_phone_that_takes_most_calls_is_called_first(shop):
    shop.rings(BAKER, DRIVER, OVEN)
    shop.call({BAKER: "no-answer", DRIVER: "no-answer", OVEN: "press:1"})
    before = len(shop.placed())
    shop.call({BAKER: "no-answer", DRIVER: "no-answer", OVEN: "press:1"})
    assert shop.placed()[before:] == [OVEN, BAKER, DRIVER]


def test_of_two_callers_each_has_a_phone_called_before_either_has_a_second(shop):
    shop.rings(BAKER, DRIVER)
    for _ in range(2):
        shop.begin(dict.fromkeys((BAKER, DRIVER), "no-answer"))
    shop.work()
    assert shop.placed() == [BAKER, BAKER, DRIVER, DRIVER]


@pytest.mark.parametrize("limits", [{"calls_per_second": 20}])
def test_calls_are_placed_no_faster_than_the_account_may(shop):
    shop.rings(BAKER, DRIVER, OVEN)
    shop.begin(dict.fromkeys((BAKER, DRIVER, OVEN), "press:2"))
    began = time.monotonic()
    shop.work()
    assert time.monotonic() - began >= 2 / 20


def test_one_phone_needs_no_leg_of_its_own(shop):
    shop.rings(BAKER)
    assert f"talks with {BAKER}" in shop.call({BAKER: "press:1"}).transcript
    assert shop.legs() == {}


def test_a_single_phone_that_is_recorded_has_one_so_that_the_recording_can_pause(shop):
    shop.rings(BAKER, recorded=True)
    assert talked(shop.call({BAKER: "press:1"}))
    assert list(shop.legs()) == [BAKER]


@pytest.mark.parametrize("first", ["no-answer", "voicemail", "press:2 after 2"])
def test_phones_that_ring_in_turn_are_recorded_and_the_caller_hears_so_once(shop, first):
    shop.rings(BAKER, DRIVER, recorded=True, in_turn=True)
    call = shop.call({BAKER: first, DRIVER: "press:1 after 2"})
    assert shop.placed() == [BAKER, DRIVER]
    assert (talked(call), call.transcript.count("says “This call is recorded.”")) == (True, 1)


def test_a_single_recorded_phone_that_nobody_answers_leads_to_a_message(shop):
    shop.rings(BAKER, recorded=True)
    shop.call({BAKER: "no-answer"})
    assert shop.outcome() is Outcome.VOICEMAIL


def test_a_group_whose_job_was_lost_with_its_worker_is_settled_by_the_clock(shop, services, world, clock):
    shop.rings(BAKER, DRIVER)
    shop.begin(dict.fromkeys((BAKER, DRIVER), "no-answer"), patience=5)
    shop.forget_jobs("place_legs")
    for _ in range(10):
        clock.jump(timedelta(seconds=6))
        world.run_due()
    chase_ringings(services)
    shop.work()
    assert shop.rows()[0] == [RingingState.OVER]


def test_phones_that_ring_on_as_the_worker_died_that_was_to_stop_them_are_stopped_by_the_clock(shop, services, world):
    shop.rings(BAKER, DRIVER)
    shop.begin({BAKER: "press:1 after 3", DRIVER: "no-answer"})
    shop.work.jobs()
    world.run_due()
    world.clock.jump(timedelta(seconds=3))
    world.run_due()
    shop.forget_jobs("settle_ringing")
    chase_ringings(services)
    shop.work.jobs()
    assert shop.legs()[DRIVER].status == "canceled"


def test_phones_that_no_worker_has_called_are_called_by_the_clock(shop, services):
    shop.rings(BAKER, DRIVER)
    call = shop.begin({BAKER: "press:1", DRIVER: "no-answer"})
    shop.forget_jobs("place_legs")
    chase_ringings(services)
    shop.work()
    assert talked(call)
    assert len(shop.legs()) == 2


def test_phones_whose_job_failed_are_called_by_the_clock_and_not_after_its_next_try(shop, services):
    shop.rings(BAKER, DRIVER)
    call = shop.begin({BAKER: "press:1", DRIVER: "no-answer"})
    shop.put_off_jobs("place_legs")
    chase_ringings(services)
    shop.work()
    assert talked(call)
    assert len(shop.legs()) == 2


def test_groups_are_forgotten_after_two_days(shop, services, clock):
    shop.rings(BAKER, DRIVER)
    shop.call({BAKER: "press:1", DRIVER: "no-answer"})
    clock.jump(timedelta(days=3))
    forget_counts(services)
    assert shop.rows() == ([], [])


def test_a_phone_that_cannot_be_hung_up_on_keeps_no_other_ringing(shop, world):
    shop.rings(BAKER, DRIVER, OVEN)
    call = shop.begin({BAKER: "press:1 after 4", DRIVER: "no-answer", OVEN: "no-answer"}, patience=3600)
    shop.work.for_seconds(2)
    world.faults.add("error", path=f"*/Calls/{shop.legs()[DRIVER].sid}.json", status=500)
    shop.work.for_seconds(4)
    assert talked(call)
    assert {number: leg.status for number, leg in shop.legs().items()} == {
        BAKER: "in-progress",
        DRIVER: "ringing",
        OVEN: "canceled",
    }
    world.faults.clear()
    shop.forget_jobs("settle_ringing")
    chase_ringings(shop.services)
    shop.work.for_seconds(1)
    assert shop.legs()[DRIVER].status == "canceled"
