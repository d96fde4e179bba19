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
"""How many of the possible orders are tested; 0 for all."""


@pytest.fixture
def callbacks(harness):
    """A port that is complete at the carrier, and its callbacks, none delivered yet."""
    journey, world = harness.begin_anew(), harness.world
    journey.sign_up()
    world.faults.add("drop", path="*/porting")
    journey.file(NUMBER)
    for act in (None, world.sign, world.accept, world.complete):
        if act:
            act(NUMBER)
        harness.clock.jump(timedelta(seconds=40))
        world.run_due()
    world.faults.clear()
    harness.journey = journey
    harness.remember()
    return [post.json_body.encode() for post in world.state.posts.values() if post.json_body]


def all_orders(callbacks):
    """Every order of the callbacks: all of them, all but one, and with one of them twice."""
    yield from permutations(callbacks)
    for one in callbacks:
        rest = [other for other in callbacks if other is not one]
        yield from permutations(rest)
        yield from dict.fromkeys(permutations([*callbacks, one]))


def play(harness, client, order):
    harness.go_back()
    for callback in order:
        assert post_json(client, callback).status_code == 204
        harness.worker()
    harness.worker.wait_over()
    harness.worker()
    roles = {number.number: number.role for number in harness.journey.numbers()}
    return harness.journey.state(), roles[NUMBER], harness.journey.told(), harness.journey.told(Channel.EMAIL)


def test_all_orders_of_a_ports_callbacks_come_to_the_same_end(harness, client, callbacks):
    orders = list(all_orders(callbacks))
    chosen = Random(1).sample(orders, SAMPLE) if SAMPLE else orders  # noqa: S311 -- repeatable, not secret
    ends = [play(harness, client, order) for order in chosen]
    told = [NoticeKind.SUBMITTED, NoticeKind.ARRIVED]
    assert ends == [(State.PORTED, NumberRole.PRIMARY, told, told)] * len(chosen)
    assert len(orders) == 151_200
