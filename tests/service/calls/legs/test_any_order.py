"""What happens in a call to a ring group, in any order: people, requests, callbacks, jobs and the clock by the dice.

What a carrier asks when is tested with the sandbox, which is slower (`tests/reliability/test_ring_groups.py`).
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, text

from provisioning.contract.callbacks import CallOutcome
from provisioning.contract.voice import TakeMessage
from service.calls.legs.models import LegState, Ringing
from service.calls.legs.placing import place_legs
from service.calls.legs.settling import settle_ringing
from service.inbox.models import Call, Outcome
from service.schedule.chase_overdue import chase_ringings
from tests.factories import CALLER
from tests.service.calls.legs.carrier import ASKED, IN_ROOM, LEFT_MESSAGE, OVER, RINGING, RUNG, WAITS, Carrier
from tests.service.calls.legs.phones import BAKER, DRIVER, OVEN

CALLS = int(os.environ.get("RING_GROUP_ORDERS", "40"))
"""So many calls take less than ten seconds of a processor."""

FIRST = int(os.environ.get("RING_GROUP_SEED", "0"))
"""The seed of the first call; the next ones count on from it."""

MOST_STEPS = 40
EVERY = 6
"""Seconds after which a wait document has ended."""

ALONE = 60
"""Seconds after which a person hangs up who is alone in a room; a caller who has to is lost."""

TALK = 30
TAKEN = "Someone else has taken this call."
TASKS = {task.name: task for task in (place_legs, settle_ringing)}
_JOBS = text("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY(:names)")
_DONE = text("DELETE FROM procrastinate_jobs WHERE id = :id")


class Dice:
    """One call whose events fall by the dice, and then come to their end."""

    def __init__(self, carrier, clock, seed):
        self.services, self.carrier, self.clock = carrier.services, carrier, clock
        self.rang_on = False
        self.dice = Random(seed)  # noqa: S311 -- repeatable, not secret
        carrier.answers_with_ids = seed % 2 == 0  # elsewhere a callback tells them
        carrier.begin(f"CA-{seed}", CALLER)

    def play(self):
        for _ in range(self.dice.randint(5, MOST_STEPS)):
            self.dice.choice(self._may_happen())()
        for _ in range(400 // EVERY):
            self._pass(EVERY)
            self.quiet()
            if all(party.at is OVER for party in self.carrier.parties.values()) and not self.carrier.told:
                break
        chase_ringings(self.services)
        self.quiet()

    def _may_happen(self):
        """What may happen next; what is likelier stands here more often."""
        acts = [lambda: self._pass(self.dice.randint(1, 4))]
        acts += [lambda: chase_ringings(self.services)] if self.dice.random() < 0.3 else []
        acts += [lambda job=job: self._work(job) for job in self._jobs()]
        acts += [self._deliver] * min(len(self.carrier.told), 3) + [self._obey] * len(self.carrier.ordered) * 2
        for leg in self.carrier.legs:
            acts += self._of_a_phone(leg)
        caller = self.carrier.caller
        if caller.at is not OVER and self.dice.random() < 0.05:
            acts.append(lambda: self.carrier.hang_up(caller))
        if caller.at is RUNG:
            acts += [lambda: self.carrier.rung(self.dice.choice([CallOutcome.ANSWERED, CallOutcome.NO_ANSWER]))]
        return acts

    def _of_a_phone(self, leg):
        if leg.at is RINGING:
            return [lambda: self.carrier.pick_up(leg)] * 2 + [lambda: self.carrier.over(leg)]
        if leg.at is ASKED:
            keys = [lambda: self.carrier.press(leg, "1")] * 2 + [lambda: self.carrier.press(leg, "2")]
            verdict = self.dice.random() < 0.2
            judged = [lambda: self.carrier.judge(leg, machine=verdict)] if leg.judged else []
            return [*keys, *judged, lambda: self.carrier.perform(leg, leg.rest)]
        return [lambda: self.carrier.hang_up(leg)] if leg.at is IN_ROOM and self.dice.random() < 0.3 else []

    def _pass(self, seconds):
        """Let time pass, in which wait documents end and people give up."""
        self.clock.jump(timedelta(seconds=seconds))
        for party in list(self.carrier.parties.values()):
            since = (self.clock.now() - party.since).total_seconds()
            if party.at is WAITS and since >= EVERY:
                self.carrier.wait_on()
            elif party.at is LEFT_MESSAGE or (party.at is RINGING and since > party.seconds):
                self.carrier.over(party)
            elif party.at is ASKED and since >= EVERY:
                self.carrier.perform(party, party.rest)
            elif party.at is IN_ROOM and since >= self._patience(party):
                self.carrier.over(party)

    def _patience(self, party):
        return TALK if len(self.carrier.in_room(party.step.room)) > 1 else ALONE

    def quiet(self):
        """Do whatever is due on both sides."""
        while (jobs := self._jobs()) or self.carrier.told or self.carrier.ordered or self.carrier.caller.at is RUNG:
            if self.carrier.ordered:
                self._obey()
            elif self.carrier.told:
                self._deliver(twice=0)
            elif jobs:
                self._work(jobs[0])
            else:
                self.carrier.rung(CallOutcome.NO_ANSWER)
        self.rang_on |= bool(self.carrier.caller.rooms) and any(leg.at is RINGING for leg in self.carrier.legs)

    def _deliver(self, twice=0.15):
        told = self.carrier.told
        callback = told.pop(self.dice.randrange(len(told)))
        if not self.carrier.deliver(*callback) or self.dice.random() < twice:
            told.append(callback)

    def _obey(self):
        ordered = self.carrier.ordered
        party, act = ordered.pop(self.dice.randrange(len(ordered)))
        act(party)

    def judge(self, leg):
        """The carrier tells, and our side reads, that a machine has picked up."""
        self.carrier.judge(leg, machine=True)
        self.carrier.deliver(*self.carrier.told.pop())

    def work_all(self):
        """Do every job; what they ask of the carrier is on its way then."""
        while jobs := self._jobs():
            self._work(jobs[0])

    def _jobs(self):
        with self.services.sessions() as session:
            return session.execute(_JOBS, {"names": list(TASKS)}).all()

    def _work(self, job):
        with self.services.sessions.begin() as session:
            session.execute(_DONE, {"id": job.id})
        TASKS[job.task_name](self.services, **job.args)

    def wrong(self):
        """What is wrong with a call that is over."""
        caller, legs = self.carrier.caller, self.carrier.legs
        with self.services.sessions() as session:
            call = session.scalars(select(Call).where(Call.reference == caller.reference)).one()
            group = session.scalars(select(Ringing).where(Ringing.call_reference == caller.reference)).one()
            talked_long = any(leg.rooms for leg in legs) and not any(one.hung_up for one in [caller, *legs])
            holds = {
                "the caller is lost": caller.rooms or isinstance(caller.step, TakeMessage) or caller.hung_up,
                "put through twice": all(len(set(one.rooms)) <= 1 for one in [caller, *legs]),
                "two took the call": sum(bool(leg.rooms) for leg in legs) <= 1,
                "a phone rang on": not self.rang_on,
                "a call goes on": all(party.at is OVER for party in self.carrier.parties.values()),
                "a leg is open": all(leg.state is LegState.ENDED for leg in group.legs),
                "a person was not told": all(self._was_told(leg, group) for leg in legs if leg.pressed),
                "the team was not told": not talked_long or call.outcome is Outcome.ANSWERED,
            }
        return [what for what, held in holds.items() if not held]

    def _was_told(self, leg, group):
        """Whether a person who accepted was put through, or heard why not, unless one side had hung up."""
        took_it = group.taker and group.taker.reference == leg.reference
        return leg.rooms or took_it or self.carrier.caller.hung_up or TAKEN in leg.said


@pytest.fixture
def carrier(shop, services):
    """The carrier, and our services wired to it."""
    shop.rings(BAKER, DRIVER, OVEN, spots_machines=True)
    carrier, twilio = Carrier(services, shop.number), services.carriers["twilio"]
    network = replace(twilio.network, calling=carrier, callbacks=carrier)
    carrier.services = replace(services, carriers={"twilio": replace(twilio, network=network)})
    return carrier


def test_no_caller_is_lost_in_any_order_of_events(carrier, clock):
    wrong = Counter()
    for seed in range(FIRST, FIRST + CALLS):
        played = Dice(carrier, clock, seed)
        played.play()
        wrong.update(f"{what}, as in call {seed}" for what in played.wrong())
    assert not wrong


def told_late_that_the_taker_hung_up(carrier, clock, *before):
    """Play a call whose taker hangs up at once, after what happens `before`; that is told after eleven seconds."""
    played = Dice(carrier, clock, 0)
    played.quiet()
    baker = carrier.legs[0]
    carrier.pick_up(baker)
    carrier.press(baker, "1")
    for happens in before:
        happens(played)
    carrier.hang_up(baker)
    late = carrier.told.pop()
    played.quiet()
    clock.jump(timedelta(seconds=11))
    carrier.deliver(*late)
    played.quiet()


def test_a_person_who_hangs_up_at_once_and_whose_end_is_told_late_leaves_no_caller_alone(carrier, clock):
    told_late_that_the_taker_hung_up(carrier, clock)
    assert isinstance(carrier.caller.step, TakeMessage)


def test_nor_does_one_who_hangs_up_while_the_caller_is_on_their_way(carrier, clock):
    told_late_that_the_taker_hung_up(carrier, clock, Dice.work_all)
    assert isinstance(carrier.caller.step, TakeMessage)


def judged_a_machine(carrier, clock, *, presses=""):
    """The first phone is picked up and judged a machine; it `presses` the key before or after that."""
    played = Dice(carrier, clock, 0)
    played.quiet()
    leg = carrier.legs[0]
    carrier.pick_up(leg)
    acts = [lambda: carrier.press(leg, "1")] if presses else []
    acts.insert(0 if presses == "after" else len(acts), lambda: played.judge(leg))
    for act in acts:
        act()
    played.quiet()
    return leg


def test_a_machine_never_takes_a_call_whatever_it_plays(carrier, clock):
    leg = judged_a_machine(carrier, clock, presses="after")
    assert (leg.at, leg.rooms, carrier.caller.at) == (OVER, [], WAITS)
    assert {other.at for other in carrier.legs[1:]} == {RINGING}


def test_a_voicemail_is_hung_up_on_before_its_time_is_up(carrier, clock):
    assert judged_a_machine(carrier, clock).at is OVER


def test_a_person_who_pressed_the_key_before_they_were_taken_for_a_machine_talks_on(carrier, clock):
    leg = judged_a_machine(carrier, clock, presses="before")
    assert (leg.at, carrier.caller.at) == (IN_ROOM, IN_ROOM)


def test_a_caller_whose_phones_were_all_picked_up_by_machines_leaves_a_message(carrier, clock):
    played = Dice(carrier, clock, 0)
    played.quiet()
    for leg in carrier.legs:
        carrier.pick_up(leg)
        played.judge(leg)
    played.quiet()
    assert isinstance(carrier.caller.step, TakeMessage)
