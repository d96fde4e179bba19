"""A business with something on every page: numbers in every state, conversations, calls, notes, a team."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from provisioning.contract.numbers import Sought
from provisioning.contract.registration import Stage
from service.accounts.access import grant
from service.accounts.authenticator_apps import begin
from service.accounts.invitations import invite
from service.accounts.models import DESK, Member, Membership, Passkey, Role, User, Workspace
from service.accounts.recovery_codes import make
from service.calls.changing import keep
from service.calls.nodes import Announce, Directory, Forward, Goodbye, Hours, Menu, Plan, RingPhones, Span, Voicemail
from service.cutover.arranging import end
from service.desk.models import DeskOrder
from service.events.endpoints import add_endpoint
from service.events.models import Delivery, EventKind
from service.inbox.contact_files import Card
from service.inbox.contact_import import hold
from service.inbox.contacts import conversation_with
from service.inbox.notes import write_note
from service.inbox.saved_replies import save
from service.inbox.shared import SavedReply
from service.inbox.tags import add_tag
from service.inbox.writing import write
from service.lines.choosing import choose
from service.lines.models import Line, Phone
from service.lines.searching import begin_search
from service.port_outs.links import path_of
from service.port_outs.models import PortOut
from service.porting import projects
from service.porting.accounts import place_numbers
from service.porting.cautions import OperatorHint
from service.porting.details_requests import ask_for_details
from service.porting.embedded import EmbeddedPage, embedded_link
from service.porting.models import PortNumber, PortProject
from service.porting.number_codes import Way, ask
from service.porting.signed_links import status_link
from service.proven_numbers import ProvenNumber
from service.registration.models import Registration, Subject
from service.time import now
from tests.browser.pages import TOLL_FREE
from tests.factories import CALLER, OWN, a_business, a_line, a_week

DATED, UNSIGNED, WRONG, CANCELLED = "+14155552001", "+14155552002", "+14155553156", "+14155552003"
BY_HAND, BY_LETTER = "+16045552672", "+16045552671"
MANY = [f"+1212736{line}" for line in range(8000, 8012)]
NOT_PORTABLE = "+14155552130"
ELSEWHERE = "+12127368100"
"""On an account at another operator."""
UNCONFIRMED = "+14155552004"
LONG = "Rosenthal-Zimmermann & Sons Wholesale Flour, Grain and Confectionery Supplies"
PLAN = Plan(
    {
        "welcome": Announce("choice"),
        "choice": Menu({"1": "ring", "2": "names", "3": "baker", "4": "bye"}, otherwise="message"),
        "ring": RingPhones("message"),
        "names": Directory("message"),
        "baker": Forward("+14155550190", "message"),
        "message": Voicemail(),
        "bye": Goodbye(),
    },
    opening="welcome",
    closed="message",
    hours=Hours("America/Los_Angeles", ((Span(420, 720), Span(780, 1080)),) * 5 + ((), ())),
    blocked=("+14155550166",),
)
LATELY, NEXT_YEAR = datetime(2026, 3, 2, 18, tzinfo=UTC), datetime(2099, 1, 1, 9, tzinfo=UTC)
COOK = "+14155550177"
PASSER_BY = "+14155550124"


HOW_DELIVERED = (
    {"tries": 12, "tried_at": LATELY, "status": 0, "answer": "ConnectTimeout"},
    {"tries": 1, "tried_at": LATELY, "status": 200, "answer": "thanks", "sent_at": LATELY},
    {"tries": 2, "tried_at": LATELY, "status": 503, "answer": "<h1>busy</h1> " * 20, "due_at": NEXT_YEAR},
    {"due_at": NEXT_YEAR},
)
"""An event that was given up, one that was taken, one that is tried again, and one that waits for it."""


@dataclass
class Filled:
    """The ids and tokens in addresses, by the names that `pages.py` uses."""

    line: int = 0
    ports: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)


class Filling:
    """Makes all of it, through use-cases and through the carrier."""

    def __init__(self, journey, mailbox):
        self.journey, self.mailbox = journey, mailbox
        self.services, self.world = journey.services, journey.world
        self.filled = Filled()

    def everything(self, story):
        """The weeks of the ports are copied; what the last minutes brought is done for real."""
        self.filled, self.journey.line_id, number = story.come_to(self._weeks)
        self._conversations(number)
        self._invitation()
        self._drafts()
        self._details_request()
        self._further_numbers()
        self._newcomer()
        self._business()
        self._webhooks()
        self._past_weeks()
        self._moment()
        self._embedded()
        return self.filled

    def _weeks(self):
        number = self.journey.sign_up()
        self._people()
        self._ports()
        return self.filled, self.journey.line_id, number

    def _people(self):
        with self.services.sessions.begin() as session:
            line = session.get_one(Line, self.journey.line_id)
            workspace = session.get_one(Workspace, line.workspace_id)
            workspace.zone, workspace.area = "America/Los_Angeles", "415"
            for name, role in (("Alice", Membership.OWNER), ("Bob", Membership.MEMBER)):
                member = _member(session, name, role, workspace=workspace)
                grant(session, member, [line.id])
                self.filled.values[name] = member.id
                if role is Membership.OWNER:
                    _second_step(session, member.user)
            kitchen = Phone(line_id=line.id, number=COOK, name="Kitchen")
            session.add(kitchen)
            session.flush()
            self.filled.values["phone"] = kitchen.id
            desk = User(email="desk@portline.example", name="Desk", fs_uniquifier="desk", confirmed_at=now())
            desk.roles.append(Role(name=DESK))
            session.add(Member(user=desk, workspace=workspace, role=Membership.MEMBER))
            self.filled.line = line.id

    def _ports(self):
        self.journey.schedule(OWN)
        self._name("moved")
        self.journey.pass_time(timedelta(days=12))
        self.journey.pass_time(timedelta(minutes=2), steps=2)
        self.journey.file(BY_HAND)
        self.journey.sign_letters()
        with self.services.sessions() as session:
            self.filled.values["order"] = session.scalars(select(DeskOrder.reference)).one()
        self._filed("rejected", WRONG, account_number="1")
        self._filed("unsigned", UNSIGNED)
        self._filed("dated", DATED)
        for number in (WRONG, DATED):
            self.world.sign(number, "Alice Baker")
        self.journey.pass_time(timedelta(hours=5))
        self._filed("canceled", CANCELLED)
        self.journey.ask(projects.cancel)
        self._filed("letter", BY_LETTER, authorized_email="boss@bakery.example")
        self.filled.values["sign"] = self._link("boss@bakery.example", "sign")
        with self.services.sessions() as session:
            unsigned = session.scalars(select(PortProject).filter_by(public_id=self.filled.ports["unsigned"])).one()
            self.filled.values["status"] = status_link(self.services, unsigned).rpartition("/")[2]

    def _filed(self, name, number, **changes):
        self.journey.file(number, **changes)
        self.journey.pass_time(timedelta(seconds=10))
        self._name(name)

    def _name(self, name):
        with self.services.sessions() as session:
            self.filled.ports[name] = session.get_one(PortProject, self.journey.project_id).public_id

    def _link(self, recipient, kind):
        return re.search(rf"/{kind}/(\S+)", self.mailbox.to(recipient)[-1].text).group(1)

    def _moment(self):
        """One transfer is at a carrier that lets its minute be chosen."""
        with self.services.sessions.begin() as session:
            number = session.scalars(select(PortNumber).where(PortNumber.number == DATED)).one()
            opens = number.committed_at - timedelta(hours=4)
            number.order.windows = [moment.isoformat() for moment in (opens, number.committed_at)]
            number.order.on_demand = True
            self.filled.values["moment"] = number.order_id

    def _past_weeks(self):
        """What transfers did in the last twelve weeks at one old operator, and lately at a small one."""
        with self.services.sessions.begin() as session:
            for ago in range(12):
                session.add(a_week(ago, "Verizon", arrived=9 + ago % 4, rejected=ago % 3))
            session.add(a_week(1, "Bob’s Telephone Company", arrived=2, rejected=1))
            hint = OperatorHint(provider="Verizon", field="account_number", signs="-")
            hint.words = {"en": "Verizon rejects account numbers with dashes. Leave them out."}
            session.add(hint)
            session.flush()
            self.filled.values["hint"] = hint.id

    def _conversations(self, number):
        self.world.text(CALLER, number, "Can you make a cake like this one for Saturday?", media=["image/png"])
        self.world.text(PASSER_BY, number, "https://example.com/" + "a-very-long-address-without-a-break-" * 5)
        self.world.call(CALLER, number, says="Hello, it is about the cake. Please call me back.")
        self.journey.work()
        with self.services.sessions.begin() as session:
            line = session.get_one(Line, self.filled.line)
            alice, bob = (session.get_one(Member, self.filled.values[name]) for name in ("Alice", "Bob"))
            talk = conversation_with(session, line, CALLER)
            talk.contact.name, talk.contact.company, talk.assignee_id = LONG, LONG, bob.user_id
            add_tag(session, [talk], line.workspace_id, "Wedding cakes in the season of the year")
            hold(session, line.workspace_id, alice.user_id, [Card(2, "+14155550199", LONG, LONG)])
            write(session, talk, "Yes, gladly. For how many?", alice.user_id)
            write_note(session, talk, "Do we have time for this, @bob?", alice.user)
            save(session, SavedReply(workspace_id=line.workspace_id), "Opening hours", "We open at {name} 7, {me}")
            reply = session.scalars(select(SavedReply)).one()
            self.filled.values |= {"talk": talk.id, "contact": talk.contact_id, "reply": reply.id}
            keep(session, line, PLAN)
        self.filled.values["nodes"] = list(PLAN.nodes)
        self.journey.work()

    def _invitation(self):
        with self.services.sessions.begin() as session:
            alice = session.get_one(Member, self.filled.values["Alice"])
            invite(session, alice, "carla@bakery.example", Membership.MEMBER, [self.filled.line])
        self.journey.work()
        self.filled.values["join"] = self._link("carla@bakery.example", "join")

    def _drafts(self):
        self.journey.draft(UNCONFIRMED)
        self._name("draft")
        with self.services.sessions.begin() as session:
            number = session.scalars(select(PortNumber).where(PortNumber.number == UNCONFIRMED)).one()
            number.confirmed_at = None
            ask(session, self.services, number.project, number.number, Way.TEXT)
        self.journey.draft(*MANY, NOT_PORTABLE)
        self._name("many")
        with self.services.sessions.begin() as session:  # the pages of ports ask whether we may text their contact
            session.execute(delete(ProvenNumber))

    def _details_request(self):
        """The draft waits for Anna, and there is another account beside it."""
        with self.services.sessions.begin() as session:
            alice = session.get_one(Member, self.filled.values["Alice"])
            project = session.scalars(select(PortProject).filter_by(public_id=self.filled.ports["draft"])).one()
            asked = ask_for_details(
                session, project, asker_id=alice.user_id, email="anna@it.example", wanted=["account_number", "bill"]
            )
            asked.given = ["account_number"]
            place_numbers(session, project, [ELSEWHERE], None)
        self.journey.work()
        self.filled.values["details"] = self._link("anna@it.example", "details")

    def _further_numbers(self):
        """One for a line of its own, which is about to be released; and a search for another one."""
        with self.services.sessions.begin() as session:
            workspace_id = session.get_one(Line, self.filled.line).workspace_id
            search = begin_search(session, self.services, workspace_id, Sought("US", area="212"))
        self.journey.work()
        with self.services.sessions.begin() as session:
            search = session.merge(search)
            session.refresh(search)
            (first, _), (second, _), *_ = search.found
            number = choose(session, self.services, search, first, None, LONG)
        self.journey.work()
        with self.services.sessions.begin() as session:
            number = session.merge(number)
            end(session, number)
            number.name = "The flyer that lies in every shop of the town"
            asked = PortOut(number=number, operator="Metro Bell", leaves_on=number.ends_at.date(), locked=False)
            session.add(asked)
            session.flush()
            link = path_of(self.services, asked).rpartition("/")[2]
            self.filled.values |= {"number": number.id, "search": search.id, "offer": second, "port_out": link}

    def _newcomer(self):
        """Dora has signed up this moment: her number is not there yet, and every page is empty."""
        with self.services.sessions.begin() as session:
            line = a_line(session, self.services, area="212")
            workspace = session.get_one(Workspace, line.workspace_id)
            grant(session, _member(session, "Dora", Membership.OWNER, workspace=workspace), [line.id])

    def _business(self):
        """Alice's business is approved, what it texts is with the carrier, and a toll-free number was refused."""
        with self.services.sessions.begin() as session:
            workspace_id = session.get_one(Line, self.filled.line).workspace_id
            self.filled.values["workspace"] = workspace_id
            business = a_business(session, workspace_id, slug="alices-bakery")
            for subject, stage in ((Subject.BUSINESS, Stage.APPROVED), (Subject.PROGRAM, Stage.IN_REVIEW)):
                session.add(
                    Registration(business=business, subject=subject, carrier="twilio", tag=subject, stage=stage)
                )
            wrong = [{"code": "30445", "mender": "customer", "field": "", "text": "Business data", "url": ""}]
            refused = {"stage": Stage.REFUSED, "objections": wrong, "number": TOLL_FREE}
            session.add(
                Registration(business=business, subject=Subject.TOLL_FREE, carrier="twilio", tag="free", **refused)
            )

    def _embedded(self):
        """Links that end within the hour: to the draft's form, and to where another transfer is."""
        shown = {"draft": EmbeddedPage.FORM, "unsigned": EmbeddedPage.STATUS}
        with self.services.sessions() as session:
            for name, page in shown.items():
                project = session.scalars(select(PortProject).filter_by(public_id=self.filled.ports[name])).one()
                link = embedded_link(self.services, project, page)
                self.filled.values[f"embedded_{page}"] = link.url.rpartition("/")[2]

    def _webhooks(self):
        """One that took an event, tries another again and gave up a third, and one that is off."""
        with self.services.sessions.begin() as session:
            alice = session.get_one(Member, self.filled.values["Alice"])
            kinds = [EventKind.TEXT_RECEIVED, EventKind.TRANSFER_LIVE]
            shop, old = (
                add_endpoint(session, self.services, alice, f"https://{host}.bakery.example/events", kinds)
                for host in ("orders", "old-" + "cash-register-" * 4 + "1")
            )
            old.off_at = shop.failing_since = LATELY
            self.filled.values["endpoint"] = shop.id
            for at, how in enumerate(HOW_DELIVERED):
                event = {"kind": kinds[0], "event_id": f"text.received:{at}", "sequence": f"conversation:{at}"}
                times = {"happened_at": LATELY, "wanted_at": LATELY}
                session.add(Delivery(endpoint=shop, data={"id": at, "our_number": CALLER}, **event, **times, **how))


def _member(session, name, role, *, workspace):
    email = f"{name.lower()}@bakery.example"
    user = User(email=email, name=name, fs_uniquifier=name.lower(), confirmed_at=now())
    member = Member(user=user, workspace=workspace, role=role)
    session.add(member)
    session.flush()
    return member


def _second_step(session, user):
    key = {"credential": b"key", "public_key": b"key", "sign_count": 1, "made_at": now(), "used_at": now()}
    session.add(Passkey(user_id=user.id, name="Alice's phone", **key))
    begin(session, user.id)
    make(session, user.id)
