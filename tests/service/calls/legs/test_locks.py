"""Legs that two processes change at the same moment: a group is locked before its legs, so nobody waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from provisioning.contract.callbacks import CallEnded
from service.calls.legs import talking
from service.calls.legs.ending import leg_ended
from service.calls.legs.models import Leg, LegState, Ringing
from service.calls.legs.placing import place_legs
from tests.service.calls.legs.phones import BAKER, DRIVER

PATIENCE = 10
_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def place(shop):
    place_legs(shop.services, ringing_id=ids(shop, Ringing.id))


def end(shop):
    with shop.services.sessions.begin() as session:
        leg_ended(session, CallEnded("", "", "", 0), ids(shop, Leg.tag))


def pick_up(shop):
    shop.world.run_due()


def ids(shop, column):
    with shop.services.sessions() as session:
        return session.scalars(select(column).order_by(column).limit(1)).one()


def waits(services):
    with services.sessions() as session:
        return session.scalar(text(_WAITS))


def until(seen):
    ends = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize(("act", "after"), [(place, 0), (end, 1), (pick_up, 1)])
def test_who_waits_for_a_group_holds_none_of_its_legs(shop, services, world, clock, act, after):
    shop.rings(BAKER, DRIVER)
    shop.begin(dict.fromkeys((BAKER, DRIVER), "press:1 after 2"))
    shop.work.for_seconds(after)
    clock.jump(timedelta(seconds=2 * after))
    with ThreadPoolExecutor(1) as other, services.sessions.begin() as session:
        session.scalars(select(Ringing).with_for_update()).one()
        acting = other.submit(act, shop)
        until(lambda: waits(services))
        assert len(session.scalars(select(Leg).with_for_update(nowait=True)).all()) == 2
        session.commit()
        acting.result(PATIENCE)


def test_a_phone_that_was_let_go_while_the_carrier_had_no_room_does_not_wait_again(shop, services, world):
    shop.rings(BAKER, DRIVER)
    shop.begin({BAKER: "press:1 after 2", DRIVER: "no-answer"}, patience=3600)
    shop.work.for_seconds(4)
    with services.sessions.begin() as session:
        talking.ask_in(session, services, shop.conversation(session), shop.phone_id(DRIVER))
    world.faults.add("slow", path="*/Calls.json", seconds=1, count=1)
    world.faults.add("throttle", path="*/Calls.json", count=1)
    with ThreadPoolExecutor(1) as other:
        placing = other.submit(place, shop)
        until(lambda: LegState.PLACING in shop.rows()[1])
        with services.sessions.begin() as session:
            talking.park_caller(session, shop.conversation(session))
        placing.result(PATIENCE)
    assert LegState.WAITING not in shop.rows()[1]
