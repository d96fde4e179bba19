"""Colleagues who are asked into the call of another person."""

from functools import partial

import pytest

from service.calls.legs import talking
from service.calls.legs.models import LegState
from service.errors import Conflict
from tests.service.calls.legs.phones import BAKER, DRIVER, OUTSIDE, OVEN, talks


def test_a_colleague_is_asked_first_and_then_handed_the_caller(shop, talk, world):
    shop.act(talking.hold)
    world.phone(DRIVER, answers="press:1 after 1")
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    shop.work.for_seconds(2)
    assert (talks(talk), talks(shop.legs()[BAKER]), talks(shop.placed_last())) == (1, 2, 1)
    shop.act(talking.hand_over)
    assert shop.legs()[BAKER].ended
    assert (talks(talk), talks(shop.placed_last()), talk.ended) == (2, 2, None)
    shop.work()
    assert (shop.taken_on(), set(shop.rows()[1])) == (DRIVER, {LegState.ENDED})


def test_a_third_person_joins_and_leaves_while_the_others_talk_on(shop, talk, world):
    world.phone(DRIVER, answers="press:1 after 1")
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    third = shop.placed_last()
    assert talks(third) == 1
    world.calls.under_way.hang_up(third)
    shop.work.for_seconds(2)
    assert (talk.ended, shop.legs()[BAKER].ended, shop.state()) == (None, None, "taken")


def test_a_colleague_is_rung_once_however_often_they_are_asked(shop, talk, world):
    world.phone(DRIVER, answers="press:1 after 1")
    before = len(shop.placed())
    asked = partial(shop.with_phone, talking.ask_in, shop.phone_id(DRIVER))
    with shop.services.sessions.begin() as session:
        asked(session, shop.conversation(session))
        with pytest.raises(Conflict, match="already"):
            asked(session, shop.conversation(session))
    shop.work.for_seconds(2)
    with pytest.raises(Conflict, match="already"):
        shop.act(asked)
    with pytest.raises(Conflict, match="already"):
        shop.act(partial(shop.with_phone, talking.ask_in, shop.phone_id(BAKER)))
    assert shop.placed()[before:] == [DRIVER]


def test_a_colleague_who_did_not_answer_is_asked_again(shop, talk, world):
    world.phone(DRIVER, answers="press:2 after 1")
    before = len(shop.placed())
    for _ in range(2):
        shop.act(talking.ask_in, shop.phone_id(DRIVER))
        shop.work.for_seconds(2)
    assert shop.placed()[before:] == [DRIVER, DRIVER]


def test_no_more_than_three_colleagues_are_added_to_a_call(shop, services, talk):
    with services.sessions.begin() as session:
        for number in (DRIVER, OVEN, OUTSIDE):
            talking.ask_in(
                session, services, shop.conversation(session), shop.phone_id(number) if number != OUTSIDE else number
            )
        with pytest.raises(Conflict, match="three"):
            talking.ask_in(session, services, shop.conversation(session), "+12125550178")


def test_three_talk_on_after_the_caller_was_held(shop, talk, world):
    world.phone(DRIVER, answers="press:1 after 1")
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    third = shop.placed_last()
    shop.act(talking.hold)
    shop.act(talking.resume)
    assert (third.ended, talk.ended, shop.legs()[BAKER].ended) == (None, None, None)
    assert talks(talk) == 2


def test_a_colleague_who_does_not_join_changes_nothing(shop, talk, world):
    shop.act(talking.hold)
    world.phone(DRIVER, answers="press:2 after 1")
    shop.act(talking.ask_in, shop.phone_id(DRIVER))
    shop.work.for_seconds(2)
    with pytest.raises(Conflict, match="joined"):
        shop.act(talking.hand_over)
    shop.act(talking.resume)
    assert talks(talk) == 2
