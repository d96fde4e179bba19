"""Callbacks in any order, doubled or missing, lead to the same end."""

import os
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from service.lines.models import NumberRole
from service.notifications.models import Channel, NoticeKind
from service.porting.states import State
from tests.webhooks.callback_forms import post_json

NUMBER = "+12125552000"
SAMPLE = int(os.environ.get("CALLBACK_ORDERS", "16"))
"""How many of all the orders are played; 0 for every one."""


@pytest.fixture
def callbacks(stage):
    """A port that is complete at the carrier, and all its callbacks, none of which we have heard yet."""
    journey, world = stage.begin_anew(), stage.world
    journey.sign_up()
    world.faults.add("drop", path="*/porting")
    journey.file(NUMBER)
    for act in (None, world.sign, world.accept, world.complete):
        if act:
            act(NUMBER)
        stage.clock.jump(timedelta(seconds=40))
        world.run_due()
    world.faults.clear()
    stage.journey = journey
    stage.remember()
    return [post.json_body.encode() for post in world.state.posts.values() if post.json_body]


def all_orders(callbacks):
    """Every order of all of them, of all but one, and of all with one of them twice."""
    yield from permutations(callbacks)
    for one in callbacks:
        rest = [other for other in callbacks if other is not one]
        yield from permutations(rest)
        yield from dict.fromkeys(permutations([*callbacks, one]))


def play(stage, client, order):
    stage.go_back()
    for callback in order:
        assert post_json(client, callback).status_code == 204
        stage.hands()
    stage.hands.wait_over()
    stage.hands()
    roles = {number.number: number.role for number in stage.journey.numbers()}
    return stage.journey.state(), roles[NUMBER], stage.journey.told(), stage.journey.told(Channel.EMAIL)


def test_all_orders_of_a_ports_callbacks_come_to_the_same_end(stage, client, callbacks):
    orders = list(all_orders(callbacks))
    chosen = Random(1).sample(orders, SAMPLE) if SAMPLE else orders  # noqa: S311 -- repeatable, not secret
    ends = [play(stage, client, order) for order in chosen]
    told = [NoticeKind.SUBMITTED, NoticeKind.ARRIVED]
    assert ends == [(State.PORTED, NumberRole.PRIMARY, told, told)] * len(chosen)
    assert len(orders) == 151_200
