"""The process that says to open pages what has changed, in a thread, and pages that listen to it."""

import time
from http.client import HTTPConnection

import pytest
from sqlalchemy import select

from service.accounts.access import grant
from service.accounts.models import Member, Membership, User, Workspace
from service.inbox.models import Contact, Conversation
from service.lines.models import Line, PhoneNumber
from service.porting.models import PortProject
from service.time import now
from tests.factories import CALLER, a_draft, a_line, signed_in
from tests.live_process import LONG, running


class Page:
    """An open page that listens."""

    def __init__(self, port, path, headers):
        self._connection = HTTPConnection("127.0.0.1", port, timeout=LONG)
        self._connection.request("GET", path, headers=headers)
        self.answer = self._connection.getresponse()

    @property
    def status(self):
        return self.answer.status

    def hears(self):
        """The next hint, "end" or "" if the stream was cut off; beats are passed over."""
        event = ""
        while line := self.answer.readline().decode():
            name, _, value = line.strip().partition(": ")
            if name == "event":
                event = value
            if event == "end":
                return "end"
            if name == "data":
                return value
        return ""

    def hears_until(self, last):
        """All hints up to this one."""
        heard = []
        while last not in heard:
            heard.append(self.hears())
            assert heard[-1] not in {"", "end"} or heard[-1] == last, heard
        return heard

    def hears_nothing(self):
        """Nothing comes for longer than everything has come in."""
        self.answer.fp.raw._sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            self.hears()

    def close(self):
        self.answer.close()
        self._connection.close()


@pytest.fixture
def live(settings, sessions, shop, stranger, project):
    with running(settings, sessions) as process:
        yield process


@pytest.fixture
def cookie(app, services):
    """The cookie of a browser in which a person is signed in."""

    def sign(user):
        serializer = app.session_interface.get_signing_serializer(app)
        known = signed_in(services, user.fs_uniquifier)
        return {"Cookie": f"session={serializer.dumps(known)}"}

    return sign


@pytest.fixture
def listen(live, settings):
    """Have a page listen; it is asked again for as long as the process only starts."""
    pages = []

    def listen(headers, since=None, path="/live"):
        for _ in range(100):
            try:
                page = Page(live.port, path if since is None else f"{path}?since={since}", headers)
            except ConnectionRefusedError:
                time.sleep(0.05)
                continue
            if page.status != 503:
                break
            time.sleep(0.05)
        pages.append(page)
        return page

    yield listen
    for page in pages:
        page.close()


@pytest.fixture
def shop(services):
    """The rows of a bakery with two lines, its owner Alice, and Bob, who sees the first line."""

    class Shop:
        pass

    with services.sessions.begin() as session:
        shop = Shop()
        shop.line = a_line(session, services)
        shop.other = Line(workspace_id=shop.line.workspace_id, name="Office")
        shop.contact = Contact(workspace_id=shop.line.workspace_id, number=CALLER)
        session.add_all([shop.other, shop.contact])
        shop.alice, shop.bob = (User(email=f"{n}@a.example", fs_uniquifier=n, confirmed_at=now()) for n in ("a", "b"))
        session.add(Member(user=shop.alice, workspace_id=shop.line.workspace_id, role=Membership.OWNER))
        shop.place = Member(user=shop.bob, workspace_id=shop.line.workspace_id)
        session.add(shop.place)
        session.flush()
        grant(session, shop.place, [shop.line.id])
        shop.talk = Conversation(line_id=shop.line.id, contact_id=shop.contact.id)
        shop.office = Conversation(line_id=shop.other.id, contact_id=shop.contact.id)
        session.add_all([shop.talk, shop.office])
        session.flush()
    return shop


@pytest.fixture
def stranger(services):
    """The owner of another business."""
    with services.sessions.begin() as session:
        user = User(email="c@c.example", fs_uniquifier="c", confirmed_at=now())
        session.add(Member(user=user, workspace=Workspace(name="Charlie's"), role=Membership.OWNER))
    return user


@pytest.fixture
def touch(services):
    """Change conversations, as everything does that happens in them."""

    def touch(*conversations):
        with services.sessions.begin() as session:
            for conversation in conversations:
                session.get_one(Conversation, conversation.id).touch()

    return touch


@pytest.fixture
def project(services, shop):
    with services.sessions.begin() as session:
        made = a_draft(session, session.merge(shop.line), "+14155552000")
    with services.sessions() as session:
        return session.scalars(select(PortProject).where(PortProject.id == made.id)).one()


@pytest.fixture
def number(services, shop):
    with services.sessions() as session:
        return session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == shop.line.id)).first()
