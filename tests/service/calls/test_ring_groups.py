"""Ring groups in one step, while no worker calls the phones: the first that answers ends the ringing of the others."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.calls.changing import keep
from service.calls.nodes import RingPhones, usual
from service.inbox.models import Call, Outcome
from service.lines.models import Line, Phone, PhoneNumber
from tests.factories import CALLER
from tests.sandbox.conftest import play_calls

BAKER, DRIVER, OVEN = "+14155550131", "+14155550132", "+14155550134"


class Shop:
    """A line with a number of the carrier's, and phones."""

    def __init__(self, services, world, work):
        self.services, self.world, self.work = services, world, work
        with services.sessions() as session:
            self.number = session.scalars(select(PhoneNumber.number)).one()

    def rings(self, *numbers, **node):
        with self.services.sessions.begin() as session:
            line = session.scalars(select(Line)).one()
            session.add_all(Phone(line_id=line.id, number=number, position=at) for at, number in enumerate(numbers))
            session.flush()
            nodes = {**usual().nodes, "ring": RingPhones("message", **node)}
            keep(session, line, replace(usual(), nodes=nodes))

    def call(self, **answers):
        call = self.world.call(CALLER, self.number, says="Two rye loaves.", **answers)
        play_calls(self.world)
        self.work()
        return call.transcript

    def outcomes(self):
        with self.services.sessions() as session:
            return list(session.scalars(select(Call.outcome)))


@pytest.fixture
def shop(services, world, work, numbered):
    return Shop(services, world, work)


def rung(transcript):
    return [words.removeprefix("rings ") for words in transcript if words.startswith("rings")]


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_phone_that_is_switched_off_does_not_keep_a_call_from_the_others(shop, in_turn):
    shop.rings(BAKER, DRIVER, in_turn=in_turn)
    heard = shop.call(answers={BAKER: "voicemail", DRIVER: "press:1"})
    assert f"talks with {DRIVER}" in heard
    assert shop.outcomes() == [Outcome.ANSWERED]


def test_a_person_who_declines_leaves_the_call_to_the_others(shop):
    shop.rings(BAKER, DRIVER)
    heard = shop.call(answers={BAKER: "press:2", DRIVER: "press:1 after 15"})
    assert rung(heard) == [BAKER, DRIVER, BAKER, DRIVER]
    assert f"talks with {DRIVER}" in heard


def test_a_single_phone_that_nobody_takes_is_not_rung_twice(shop):
    shop.rings(BAKER)
    heard = shop.call(answers={BAKER: "voicemail"})
    assert rung(heard) == [BAKER]
    assert shop.outcomes() == [Outcome.VOICEMAIL]


def test_phones_that_nobody_picks_up_are_rung_once(shop):
    shop.rings(BAKER, DRIVER, OVEN)
    assert rung(shop.call(answers=dict.fromkeys((BAKER, DRIVER, OVEN), "no-answer"))) == [BAKER, DRIVER, OVEN]


def test_with_all_phones_switched_off_a_message_is_taken(shop):
    shop.rings(BAKER, DRIVER)
    heard = shop.call(answers=dict.fromkeys((BAKER, DRIVER), "voicemail"))
    assert rung(heard) == [BAKER, DRIVER, BAKER, DRIVER]
    assert "records “Two rye loaves.”" in heard
    assert shop.outcomes() == [Outcome.VOICEMAIL]


@pytest.mark.parametrize("in_turn", [False, True])
def test_the_eleventh_phone_rings_too(shop, in_turn):
    numbers = [f"+141555502{at:02}" for at in range(11)]
    shop.rings(*numbers, in_turn=in_turn)
    heard = shop.call(answers=dict.fromkeys(numbers, "no-answer") | {numbers[-1]: "press:1"})
    assert rung(heard) == numbers
    assert f"talks with {numbers[-1]}" in heard


def test_that_a_talk_is_recorded_is_said_once(shop, services):
    shop.rings(BAKER, DRIVER)
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        keep(session, line, replace(usual(), recorded=True))
    heard = shop.call(answers={BAKER: "voicemail", DRIVER: "press:1"})
    assert heard.count("says “This call is recorded.”") == 1


def test_a_phone_removed_from_the_line_during_the_call_ends_the_round(shop, services):
    shop.rings(BAKER, DRIVER, in_turn=True)
    with services.sessions.begin() as session:
        session.delete(session.scalars(select(Phone).where(Phone.number == BAKER)).one())
    assert rung(shop.call(answers={DRIVER: "no-answer"})) == [DRIVER]
