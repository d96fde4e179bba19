"""Random runs (Hypothesis): customer, carrier, faults and clock act in any order."""

import logging
import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, event, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from reliability.audit import unexplained
from reliability.points import Point
from sandbox.errors import OutOfTurn, Unknown
from service.errors import ServiceError
from service.porting import projects
from service.porting.models import PortNumber
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER, CUSTOMER, GOOD_ACCOUNT_NUMBER
from tests.reliability import invariants

PARTS = 4
"""Parts of the run that may run in parallel."""

EXAMPLES = int(os.environ.get("LIFECYCLE_EXAMPLES", "60")) // PARTS
STEPS = int(os.environ.get("LIFECYCLE_STEPS", "15"))
SEED = int(os.environ.get("LIFECYCLE_SEED", "0"))
"""The same seed in every test run, so that failures come from changes; a long run draws new examples."""

PIN, ACCOUNT = "CANARY-734912", "CANARY-88271"
NUMBERS = [f"+1212555{ending}" for ending in (2000, 2001, 2156, 3155, 4101, 4102, 4103, 4201, 4202, 4205, 4206, 4403)]
CALLBACK_FAULTS = ["drop", "double", "delay", "forge", "reorder"]
ANSWER_FAULTS = ["lose-before", "lose-after", "throttle", "error", "outage"]
LENGTHS = [
    timedelta(seconds=10),
    timedelta(minutes=2),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=9),
]


sent = precondition(lambda play: play.submitted)
"""There may be something at the carrier to act upon.

It is told by the play's own steps alone: what has come to the carrier also depends on how busy the machine is, as jobs
are tried again in real time, and Hypothesis wants the same choices whenever it plays something again.
"""


class PortLifecycle(RuleBasedStateMachine):
    """One customer's port of one or two numbers."""

    def __init__(self, harness, journey):
        super().__init__()
        self.harness, self.journey = harness, journey
        harness.go_back()

    @initialize(
        numbers=st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=2, unique=True),
        sent=st.sampled_from([True, True, True, False]),
    )
    def bring(self, numbers, sent):
        self.numbers, self.submitted = numbers, False
        self.journey.draft(*numbers, pin=PIN, account_number=ACCOUNT)
        if sent:
            self.submit()

    @rule()
    def submit(self):
        self._ask(projects.submit)
        self.submitted = True

    @rule(changes=st.sampled_from([{"account_number": GOOD_ACCOUNT_NUMBER}, {"pin": "4242"}, {"street": "2 Main"}]))
    @sent
    def correct(self, changes):
        self._ask(projects.correct, changes)

    @rule()
    def cancel(self):
        self._ask(projects.cancel)

    @rule()
    @sent
    def sign(self):
        self._at_carrier(self.harness.world.sign, self.numbers[0], "Alice Baker")

    @rule()
    @sent
    def sign_and_have_it_accepted(self):
        """The usual next event, so that runs get far."""
        self.sign()
        self.harness.pass_time(timedelta(hours=5))

    @rule()
    @sent
    def accept(self):
        self._at_carrier(self.harness.world.accept, self.numbers[0])

    @rule(days=st.integers(1, 9))
    @sent
    def move_date(self, days):
        self._at_carrier(self.harness.world.move_date, self.numbers[0], self.harness.clock.now() + timedelta(days=days))

    @rule()
    @sent
    def withdraw_date(self):
        self._at_carrier(self.harness.world.withdraw_date, self.numbers[0])

    @rule(code=st.integers(22150, 22159))
    @sent
    def reject(self, code):
        self._at_carrier(self.harness.world.reject, self.numbers[-1], self.numbers[-1], code)

    @rule()
    @sent
    def complete(self):
        self._at_carrier(self.harness.world.complete, self.numbers[0])

    @rule()
    @sent
    def complete_one(self):
        self._at_carrier(self.harness.world.complete, self.numbers[0], self.numbers[0])

    @rule()
    @sent
    def cancel_one_at_carrier(self):
        self._at_carrier(self.harness.world.cancel_number, self.numbers[-1], self.numbers[-1])

    @rule(granted=st.booleans())
    @sent
    def answer_cancel(self, granted):
        world = self.harness.world
        self._at_carrier(world.grant_cancel if granted else world.refuse_cancel, self.numbers[0])

    @rule()
    @sent
    def let_the_signature_expire(self):
        self._at_carrier(self.harness.world.expire, self.numbers[0])

    @rule(words=st.sampled_from(["Hello", "STOP", "START"]), to_us=st.booleans())
    def text_comes_in(self, words, to_us):
        to = PLATFORM_NUMBER if to_us else self.numbers[0]
        self._at_carrier(self.harness.world.text, CUSTOMER if to_us else CALLER, to, words)

    @rule()
    def call_comes_in(self):
        self._at_carrier(self.harness.world.call, CALLER, self.numbers[0])

    @rule(kind=st.sampled_from(CALLBACK_FAULTS), count=st.integers(1, 3))
    def trouble_with_callbacks(self, kind, count):
        self.harness.world.faults.add(kind, count=count, seconds=90)

    @rule(kind=st.sampled_from(ANSWER_FAULTS), count=st.integers(1, 3))
    def trouble_with_answers(self, kind, count):
        self.harness.world.faults.add(kind, count=count)

    @rule(point=st.sampled_from(list(Point)))
    def a_worker_will_be_killed(self, point):
        self.harness.crashes.arm(point)

    @rule()
    def work(self):
        self.harness.worker()

    @rule(length=st.sampled_from(LENGTHS))
    def time_passes(self, length):
        self.harness.pass_time(length)

    @invariant()
    def invariants_hold(self):
        with self.harness.services.sessions() as session:
            for holds in invariants.ALWAYS:
                holds(self.harness, session)

    def teardown(self):
        """After days without faults everything owed is done, and the audit finds no difference."""
        self.harness.good_days()
        self.invariants_hold()
        invariants.no_secret_in_clear(self.harness, [PIN, ACCOUNT])
        assert self.harness.worker.given_up == []
        with self.harness.services.sessions() as session:
            for state in session.scalars(select(PortNumber.state)):
                event(f"ended {state}")
            assert unexplained(session, self.harness.world.state, PLATFORM_NUMBER) == []

    def _ask(self, use_case, *more):
        try:
            self.journey.ask(use_case, *more)
        except ServiceError:
            """A refusal is allowed."""

    def _at_carrier(self, act, *what):
        try:
            act(*what)
        except (OutOfTurn, Unknown):
            """The carrier does not do that in this state."""


class SecretsSeen(logging.Handler):
    """Checks that no log record holds what must never be logged."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        told = f"{record.getMessage()} {vars(record)}"
        if PIN in told or ACCOUNT in told:
            self.lines.append(told)


@pytest.fixture
def secrets_seen():
    watcher = SecretsSeen()
    logging.getLogger().addHandler(watcher)
    yield watcher.lines
    logging.getLogger().removeHandler(watcher)


@pytest.fixture
def journey(harness):
    """A customer with a working number, with which every run begins."""
    journey = harness.begin_anew()
    journey.sign_up()
    harness.remember()
    return journey


@pytest.mark.parametrize("part", range(PARTS))
def test_the_invariants_of_a_port_hold_whatever_happens(harness, journey, secrets_seen, part):
    run_state_machine_as_test(
        seed(SEED * PARTS + part)(lambda: PortLifecycle(harness, journey)),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            # a play is short enough to be read as it is, and making it shorter takes minutes
            phases=[Phase.generate],
            print_blob=True,
        ),
    )
    assert secrets_seen == []
