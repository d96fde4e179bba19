"""Waves of ports that complete at the same moment during calls and texts, each wave under one kind of fault."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from sandbox.porting.records import NumberStatus
from sandbox.reachability import Destination
from sandbox.records import Call as CarrierCall
from sandbox.records import Leg
from sandbox.scenarios import scenario
from service.calls.changing import keep
from service.calls.nodes import Hours
from service.calls.queries import plan_of
from service.inbox.models import Call, Message
from service.lines.models import Line
from service.porting.models import PortNumber
from service.porting.states import State
from service.schedule.timetable import JOBS
from tests.conftest import PLATFORM_NUMBER
from tests.factories import GOOD_ACCOUNT_NUMBER, GOOD_PIN
from tests.journeys.journey import Journey
from tests.reliability.harness import Harness

PORTING, TEXTS, CARRIER = "*/porting", "*/message*", "*.twilio.com/*"
WAITING = timedelta(seconds=30)
"""After how much simulated time a failed job is tried again."""

# endings of numbers: half show two days before the date, most others half a minute after completion; then ten minutes
# after it, with texts late, with one network or all texts still at the old operator, and with calls an hour late
ENDINGS = ("4201", "2000") * 4 + ("4202", "4201", "4204", "4209", "4201", "4210", "4211", "2000")

TROUBLE = {
    "callbacks dropped": (("drop", PORTING, {"rate": 0.6}), ("drop", TEXTS, {"rate": 0.3})),
    "answers lost": (("lose-before", CARRIER, {"rate": 0.1}), ("lose-after", CARRIER, {"rate": 0.1})),
    "nothing": (),
    "callbacks doubled": (("double", PORTING, {}), ("double", TEXTS, {})),
    "callbacks delayed": (("delay", PORTING, {"seconds": 40}), ("delay", TEXTS, {"seconds": 20, "rate": 0.5})),
    "callbacks reordered": (("reorder", PORTING, {"rate": 0.7}), ("reorder", TEXTS, {"rate": 0.5})),
    "callbacks forged": (("forge", PORTING, {"rate": 0.5}), ("forge", TEXTS, {"rate": 0.3})),
    "turned away": (("throttle", CARRIER, {"rate": 0.2}),),
    "errors": (("error", CARRIER, {"rate": 0.2}),),
    "an outage": (("outage", CARRIER, {"lasting": 90}),),
    "slow answers": (("slow", CARRIER, {"rate": 0.1, "seconds": 0.02}),),
    "other spellings": (),
}
KINDS = tuple(TROUBLE)


@dataclass(eq=False)
class WavePort:
    """One port of a wave, and when its number was configured."""

    number: str
    temporary: str
    caller: str
    configured: datetime | None = None

    @property
    def early(self) -> bool:
        """Whether the carrier shows the number before its date."""
        shown = scenario(self.number).appears
        return shown is not None and shown < timedelta(0)


@dataclass
class Seen:
    """The results of a run: waits in seconds beyond the carrier's own latency, and what happened to calls and texts."""

    waits: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    fates: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


class Wave:
    """Some ports that complete together, under one kind of trouble."""

    def __init__(self, harness: Harness, seen: Seen, kind: str, seed: int) -> None:
        self.harness, self.seen, self.kind = harness, seen, kind
        self.dice = Random(seed)  # noqa: S311 -- repeatable, not secret
        harness.begin_anew()
        self.world, self.clock = harness.world, harness.clock
        self.world.faults.seed(seed)
        self.asked: dict[str, datetime] = {}
        self.ports: list[WavePort] = []

    def play(self, count: int) -> None:
        """Play from sign-up to some hours after the ports, and record the results."""
        for number in range(count):
            self._begin(number)
        self._pass_until_the_last_minute()
        self._cause_trouble()
        self._pass(timedelta(minutes=5), stride=5)
        self._pass(timedelta(minutes=10), stride=30)
        self._end_trouble()
        self._pass(timedelta(hours=7), stride=1800)
        self.harness.good_hours()
        self._count_outcomes()

    def _begin(self, place: int) -> None:
        """A customer signs up and files.

        Every second one has the old line forward to the temporary number, every fourth has closed, so that texts are
        answered by themselves.
        """
        journey = Journey(self.harness.services, self.world, self.clock, self.harness.worker)
        number = f"+1212{200 + place}{ENDINGS[place % len(ENDINGS)]}"
        caller = f"+1415{552 + place}{'6103' if place % 3 == 0 else '7000'}"
        port = WavePort(number, journey.sign_up(), caller)
        if place % 4 == 1:
            self._close(journey.line_id)
        if place % 2:
            self.world.phone(number, answers=f"forward:{port.temporary}")
        journey.file(number, account_number=GOOD_ACCOUNT_NUMBER, pin=GOOD_PIN)
        self.ports.append(port)

    def _close(self, line_id: int) -> None:
        with self.harness.services.sessions.begin() as session:
            never = Hours("America/Los_Angeles", ((),) * 7)
            keep(session, session.get_one(Line, line_id), replace(plan_of(session, line_id), hours=never))

    def _pass_until_the_last_minute(self) -> None:
        self.harness.pass_time(timedelta(seconds=10))
        for port in self.ports:
            self.world.sign(port.number, "Alice Baker")
        for length in (timedelta(seconds=10), timedelta(hours=5)):
            self.harness.pass_time(length)
        with self.harness.services.sessions() as session:
            self.due = max(session.scalars(select(PortNumber.committed_at)))
        for before in (timedelta(days=2), timedelta(hours=47), timedelta(hours=2)):
            self.harness.pass_time(self.due - before - self.clock.now())
        self.harness.pass_time(self.due - timedelta(seconds=60 + self.dice.random() * 20) - self.clock.now())

    def _cause_trouble(self) -> None:
        for fault, path, how in TROUBLE[self.kind]:
            self.world.faults.add(fault, path=path, **how)
        if self.kind == "other spellings":
            self.world.faults.api_spelling, self.world.faults.webhook_spelling = "title", "event"

    def _end_trouble(self) -> None:
        """End the trouble; an hour later the carrier's porting desk mends the half ports."""
        self.world.faults.clear()
        self._pass(timedelta(hours=1), stride=300)
        for port in self.ports:
            self.world.mend(port.number)

    def _pass(self, length: timedelta, stride: int) -> None:
        """Let time pass in steps of about `stride` seconds; in each step every number is called or texted."""
        end, turn, tried = self.clock.now() + length, 0, self.clock.now()
        while self.clock.now() < end:
            self.clock.jump(timedelta(seconds=stride * self.dice.uniform(0.6, 1.4)))
            if self.clock.now() >= tried + WAITING:
                tried = self.clock.now()
                self.harness.worker.wait_over()
            self.harness.worker()
            self._run_due_jobs()
            self._note_configured()
            turn += 1
            for place, port in enumerate(self.ports):
                self._contact(port, turn + place)
            self.harness.worker()

    def _run_due_jobs(self) -> None:
        """Run every scheduled job that is due, as the clock process does."""
        for job in JOBS:
            began = self.asked.setdefault(job.name, self.clock.now() - job.every * self.dice.random())
            if self.clock.now() >= began + job.every:
                self.asked[job.name] = self.clock.now()
                job.run(self.harness.services)
                self.harness.worker()

    def _contact(self, port: WavePort, turn: int) -> None:
        """A call or a text in turn, to the number being ported, and every fifth time to the temporary one."""
        to = port.temporary if turn % 5 == 0 else port.number
        leg = Leg.VOICE if turn % 2 else Leg.TEXTS
        destination = self.world.reachability.destination(to, port.caller, leg)
        if leg is Leg.TEXTS:
            self.world.text(port.caller, to, f"Are you open? {turn}", media=["image/jpeg"] * (turn % 6 == 0))
        else:
            call = self.world.call(port.caller, to)
            if destination is Destination.OURS and _nobody_of_ours_spoke(call):
                self.seen.fates["calls that came before the number was configured"] += 1
        where = {
            Destination.OURS: "reached the account",
            Destination.OLD: "reached the old operator",
            Destination.NOWHERE: "not shown yet",
        }
        self.seen.fates[f"{'calls' if leg is Leg.VOICE else 'texts'} {where[destination]}"] += 1

    def _note_configured(self) -> None:
        for port in self.ports:
            held = self.world.inventory.held(port.number)
            if port.configured is None and held and held.settings["voice_url"] and held.settings["sms_url"]:
                port.configured = self.clock.now()

    def _count_outcomes(self) -> None:
        for port in self.ports:
            self._wait_of(port)
        self.seen.lost += [f"{self.kind}: {one}" for one in self._in_no_row()]
        self.seen.doubled += [f"{self.kind}: {one}" for one in self._texted_twice()]
        callers = {port.caller for port in self.ports}
        out = [text for text in self.world.state.messages.values() if text.direction != "inbound"]
        self.seen.fates["automatic answers"] += sum(text.to in callers for text in out)

    def _wait_of(self, port: WavePort) -> None:
        """Record the wait from when the carrier had both completed the port and shown the number."""
        [ported] = self.world.port_for(port.number).numbers
        held = self.world.inventory.held(port.number)
        state = self._state(port)
        if ported.status is not NumberStatus.COMPLETED or held is None or not port.configured or state != State.LIVE:
            self.seen.unfinished.append(f"{self.kind}: {port.number} is {state}")
            return
        able = max(ported.changed, held.created)
        self.seen.waits[port.early].append(max(0.0, (port.configured - able).total_seconds()))

    def _state(self, port: WavePort) -> State:
        with self.harness.services.sessions() as session:
            return session.scalar(select(PortNumber.state).where(PortNumber.number == port.number))

    def _in_no_row(self) -> list[str]:
        """Calls and texts that came to the account and are in no row of ours, without our own tests."""
        with self.harness.services.sessions() as session:
            known = {*session.scalars(select(Call.reference)), *session.scalars(select(Message.reference))}
        state, ours = self.world.state, {port.number for port in self.ports} | {port.temporary for port in self.ports}
        came = [*state.calls.values(), *state.messages.values()]
        return [
            f"{type(one).__name__.lower()} to {one.to[-4:]} at {one.created:%H:%M:%S}, due {self.due:%H:%M:%S}"
            for one in came
            if one.direction == "inbound" and one.to in ours and one.sid not in known and one.from_ != PLATFORM_NUMBER
        ]

    def _texted_twice(self) -> list[str]:
        """Texts that were sent to one person more than once; our own tests of a number may be repeated."""
        ours = {port.number for port in self.ports}
        told = Counter(
            (text.to, text.body)
            for text in self.world.state.messages.values()
            if text.direction != "inbound" and text.to not in ours
        )
        return [f"{body!r} to {to} {times} times" for (to, body), times in told.items() if times > 1]


def _nobody_of_ours_spoke(call: CarrierCall) -> bool:
    return any("application error" in words for words in call.transcript)
