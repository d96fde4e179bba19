"""The pictures of README: `make pictures` takes them of a bakery on a busy morning, while its number is on its way."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import url_for
from PIL import Image
from sqlalchemy import select

from service.accounts.access import grant
from service.accounts.models import Member, Membership, User, Workspace
from service.calls.changing import keep
from service.calls.nodes import Announce, Forward, Hours, Menu, Plan, RingPhones, Span, Voicemail
from service.inbox.contacts import conversation_with
from service.inbox.notes import write_note
from service.inbox.reading import mark_read
from service.inbox.writing import write
from service.lines.models import Line, Phone
from service.porting.models import PortProject
from service.time import now
from tests.browser.looker import cookie
from tests.factories import OWN, signed_in
from tests.journeys.journey import Journey

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
SOFIA, HARBOR, TOM, PRIYA = "+12125550132", "+16465550171", "+19175550185", "+17185550126"
MARKET, LUIS, SCHOOL, STRANGER = "+13475550111", "+19295550149", "+12125550177", "+16465550118"
NAMES = {
    SOFIA: "Sofia Lindqvist",
    HARBOR: "Harbor Café",
    TOM: "Tom Becker",
    PRIYA: "Priya Nair",
    MARKET: "Greenpoint Market",
    LUIS: "Luis Ortega",
    SCHOOL: "Elm Street School",
}
PLAN = Plan(
    {
        "welcome": Announce("choice"),
        "choice": Menu({"1": "ring", "2": "orders"}, otherwise="message"),
        "ring": RingPhones("message"),
        "orders": Forward("+12125550190", "message"),
        "message": Voicemail(),
    },
    opening="welcome",
    closed="message",
    hours=Hours("America/New_York", ((Span(420, 1080),),) * 5 + ((Span(540, 840),), ())),
)


class Morning:
    """What happens at the bakery, through use-cases and through the carrier."""

    def __init__(self, journey):
        self.journey, self.services, self.world = journey, journey.services, journey.world
        self.number = journey.sign_up()

    def people(self):
        with self.services.sessions.begin() as session:
            line = session.get_one(Line, self.journey.line_id)
            workspace = session.get_one(Workspace, line.workspace_id)
            workspace.name, workspace.zone = "Corner Bakery", "America/New_York"
            for name, role in (("Maria Rossi", Membership.OWNER), ("Ben Okafor", Membership.MEMBER)):
                first = name.split()[0].lower()
                user = User(email=f"{first}@bakery.example", name=name, fs_uniquifier=first, confirmed_at=now())
                member = Member(user=user, workspace=workspace, role=role)
                session.add(member)
                session.flush()
                grant(session, member, [line.id])
            session.add(Phone(line_id=line.id, number="+12125550177", name="Counter"))
            session.flush()
            keep(session, line, PLAN)

    def transfer(self):
        self.journey.schedule(OWN)

    def yesterday(self):
        self.texts(SCHOOL, "Could you deliver 40 rolls at 7:30?")
        self.answers(SCHOOL, "Delivery at 7:30 works. See you then!", "maria")
        self.texts(MARKET, "Thanks, invoice received")
        self.journey.pass_time(timedelta(hours=17))

    def today(self):
        self.texts(LUIS, "Is the sourdough still available today?")
        self.world.call(PRIYA, self.number)
        self.passes(38)
        self.texts(TOM, "Can you make the birthday cake gluten free?")
        self.world.call(
            STRANGER, self.number, says="Hi, I’m calling about a wedding cake in June. Please call me back."
        )
        self.passes(14)
        self.texts(HARBOR, "Can we move Friday’s order to 6 AM?")
        self.texts(SOFIA, "Hi, are you open on Saturday?")
        self.answers(SOFIA, "Yes, from nine to two.", "maria")
        self.passes(3)
        self.world.call(SOFIA, self.number, says="Me again, just checking if the boxes are ready. No rush!")
        self.passes(2)
        self.notes(SOFIA, "She’s the regular who pays cash. I set two boxes aside under the counter.", "ben")
        self.answers(SOFIA, "They’re boxed and ready. Come by any time before two.", "maria")
        self.passes(2)
        self.texts(SOFIA, "Great, see you then!")
        self.named()

    def texts(self, number, words):
        self.world.text(number, self.number, words)
        self.passes(1)

    def answers(self, number, words, who):
        with self.services.sessions.begin() as session:
            talk = self._talk(session, number)
            talk.assignee_id = self._user(session, who).id
            mark_read(session, talk, talk.assignee_id)
            write(session, talk, words, talk.assignee_id)
        self.passes(1)

    def notes(self, number, words, who):
        with self.services.sessions.begin() as session:
            write_note(session, self._talk(session, number), words, self._user(session, who))

    def passes(self, minutes):
        self.journey.work()
        self.journey.pass_time(timedelta(minutes=minutes))

    def named(self):
        with self.services.sessions.begin() as session:
            for number, name in NAMES.items():
                self._talk(session, number).contact.name = name
            sofia = self._talk(session, SOFIA)
            sofia.contact.company, sofia.contact.email = "Lindqvist Studio", "sofia@studio.example"
            sofia.contact.notes = "Pays cash. Allergic to walnuts. Prefers texts after 3 PM."

    def pages(self):
        """The pages by the names of their pictures: endpoints, and the values in their addresses."""
        with self.services.sessions() as session:
            return {
                "inbox": ("inbox.read", {"conversation_id": self._talk(session, SOFIA).id}),
                "port": ("ports.show", {"public_id": session.scalars(select(PortProject)).one().public_id}),
                "line": ("line.show", {"line_id": self.journey.line_id}),
            }

    def _talk(self, session, number):
        return conversation_with(session, session.get_one(Line, self.journey.line_id), number)

    def _user(self, session, who):
        return session.scalars(select(User).where(User.fs_uniquifier == who)).one()


@pytest.fixture
def morning(services, world, clock, work_aside):
    morning = Morning(Journey(services, world, clock, work_aside))
    morning.people()
    morning.transfer()
    morning.yesterday()
    morning.today()
    return morning


def test_take_the_pictures(app, services, whole_chromium, address, morning):
    context = whole_chromium.new_context(base_url=address, viewport=SIZE, reduced_motion="reduce")
    context.add_cookies([cookie(app, address, signed_in(services, "maria"))])
    tab = context.new_page()
    for name, (endpoint, values) in morning.pages().items():
        with app.test_request_context():
            assert tab.goto(url_for(endpoint, **values)).status == 200
        tab.wait_for_function("() => document.fonts.check('16px Figtree')")
        picture = Image.open(BytesIO(tab.screenshot()))
        picture.save(FOLDER / f"{name}.webp", quality=85, method=6)
    context.close()
