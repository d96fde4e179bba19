"""A season: some weeks of transfers from losing carriers with characters, played day by day against the service."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from sandbox.losing_carriers import record_of
from sandbox.operators import operator_of
from sandbox.porting.dates import business_day
from service.accounts.models import Member, Membership, User
from service.lines.models import Line
from service.porting import projects
from service.porting.choice import days_for
from service.porting.estimate import estimate
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.schedule.timetable import JOBS
from service.time import now
from tests.factories import CALLER, a_draft, a_line
from tests.season.books import zone_of

ENDINGS = ("5201", "5202", "5203", "5204", "5205", "6201")
MORNING, NOON, SHIFT, NIGHT = time(13, 30), time(17), time(18), time(22, 30)
"""In UTC: customers send, the desk works its shift, and losing carriers have gone home."""

PATIENCE = 70
"""Days after the last transfer was sent, in which all must have arrived."""


@dataclass
class Expected:
    """What a customer was told on sending: between which days the number comes."""

    number: str
    filed: date
    first: date
    last: date
    seen: int
    wished: bool


@dataclass
class Plan:
    """What is to come: numbers with the day on which each is sent, and what its customer is like."""

    transfers: int
    weeks: int
    seed: int
    days: dict = field(default_factory=dict)

    def __post_init__(self):
        chance = random.Random(self.seed)  # noqa: S311 -- repeatable, not secret
        first = date(2026, 3, 2)
        for place in range(self.transfers):
            number = f"+1{212 + place // 700}{220 + place % 700}{ENDINGS[place % len(ENDINGS)]}"
            day = business_day(first + timedelta(days=chance.randrange(7 * self.weeks)))
            self.days.setdefault(day, []).append((number, self._customer(chance)))

    def _customer(self, chance):
        """Of a hundred, thirty wish for a day, six sign late, four send nothing; of mobiles ten mistake their PIN."""
        return {
            "wishes": chance.randrange(100) < 30,
            "days": chance.randrange(1, 8),
            "tardy": chance.randrange(100) < 6,
            "sends": chance.randrange(100) >= 4,
            "pin": "4242" if chance.randrange(100) >= 10 else "1111",
        }


class Season:
    """Plays a plan to its end."""

    def __init__(self, services, world, clock, work, customers, desk, reader_of):
        self.services, self.world, self.clock, self.work = services, world, clock, work
        self.customers, self.desk, self._reader_of = customers, desk, reader_of
        self.expected, self._answered = [], set()

    def play(self, plan):
        """Each business day until everything has arrived. Raises `TimeoutError` if something never does."""
        day, last = min(plan.days), max(plan.days)
        while day <= last or self._under_way():
            if day > last + timedelta(days=PATIENCE):
                raise TimeoutError(self._under_way())
            self._day(day, plan.days.get(day, ()))
            day = business_day(day + timedelta(days=1))

    def _day(self, day, transfers):
        self._come_to(day, MORNING)
        for number, customer in transfers:
            self._bring(number, customer)
        self._settle()
        self.customers.act()
        self._come_to(day, NOON)
        self._try_out_arrivals()
        self._come_to(day, SHIFT)
        self._work_desk()
        self._settle()
        self.customers.act()
        self._settle()
        self._come_to(day, NIGHT)
        for job in JOBS:
            if job.asks_rows:
                job.run(self.services)
        self.work()

    def _come_to(self, day, hour):
        moment = datetime.combine(day, hour, UTC)
        while moment - self.clock.now() > timedelta(hours=20):  # nights and weekends pass as any time
            self.clock.jump(timedelta(hours=12))
            self.work()
        self.clock.jump_to(max(moment, self.clock.now()))
        self.work()

    def _settle(self):
        """Let the minutes pass in which both sides finish what was begun."""
        for _ in range(3):
            self.work()
            self.clock.jump(timedelta(minutes=2))
        self.work()

    def _work_desk(self):
        first, second = self.desk
        first.share_out(second)
        for person in self.desk:
            person.shift()

    def _bring(self, number, customer):
        mail = f"owner{number[1:]}@plumbing.example"
        with self.services.sessions.begin() as session:
            line = a_line(session, self.services)
            user = User(email=mail, name="Alice Archer", fs_uniquifier=mail, confirmed_at=now())
            session.add(Member(user=user, workspace_id=line.workspace_id, role=Membership.OWNER))
        self.work()
        self.customers.join(
            mail, self._reader_of(user), record_of(number, self.world.state.seed), tardy=customer["tardy"]
        )
        with self.services.sessions.begin() as session:
            project = a_draft(session, session.get_one(Line, line.id), number, **self._answers(mail, number, customer))
            project.contact_email = mail
        self.work()
        with self.services.sessions.begin() as session:
            project = session.get_one(PortProject, project.id)
            if customer["wishes"]:
                project.wished = business_day(days_for(self.services, project)[0], customer["days"])
            if customer["sends"]:
                projects.submit(session, self.services, project)
            self._expect(session, project)

    def _answers(self, mail, number, customer):
        return {
            "subscriber_name": "Alice Plumbing",
            "authorized_person": "Alice Archer",
            "authorized_email": mail,
            "street": "1 Main St",
            "postal_code": "94103",
            "pin": customer["pin"] if operator_of(number).name == "Rehearsal Mobile" else "",
        }

    def _expect(self, session, project):
        told, number = estimate(session, self.services, project), project.numbers[0].number
        if told:
            day = self.clock.now().astimezone(zone_of(number)).date()
            self.expected.append(Expected(number, day, told.first, told.last, told.seen, bool(project.wished)))

    def _try_out_arrivals(self):
        """Somebody calls and texts each number that came, by which the service sees that it works."""
        with self.services.sessions() as session:
            came = session.scalars(select(PortNumber.number).where(PortNumber.state == State.PORTED)).all()
        for number in (new := sorted(set(came) - self._answered)):
            self.world.call(CALLER, number)
            self.world.text(CALLER, number, "Are you open?")
        if new:
            self._answered.update(new)
            self._settle()

    def _under_way(self):
        with self.services.sessions() as session:
            return session.scalars(select(PortNumber.number).where(PortNumber.state.not_in(FINAL))).all()
