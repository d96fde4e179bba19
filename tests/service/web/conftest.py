"""A reader of our pages: opens them by endpoint, fills in their forms, and minds the hygiene of every one."""

import re
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import url_for
from sqlalchemy import event, select

from service.accounts.access import grant
from service.accounts.models import DESK, Member, Membership, Role, User, Workspace
from service.calls.owners import find_owners
from service.language import Language
from service.lines.inventory import lines_of, open_line
from service.lines.models import Phone
from service.porting import projects
from service.porting.models import PortProject
from service.time import now
from service.web.shell import languages
from tests.factories import OWN, a_draft, signed_in

IN_LIST = re.compile(r"IN \((?:%\(\w+\)s(?:::\w+)?(?:, )?)+\)")
"""A list of values has as many places as values."""


FIELDS = {"input", "select", "textarea"}


class Page(BeautifulSoup):
    """A page as it reads."""

    def heading(self):
        return " ".join(self.select_one("h1").text.split())

    def says(self, words):
        return words in " ".join(self.get_text(" ").split())

    def wrong(self):
        """What is said beside each field that was refused."""
        return {
            told["id"].removesuffix("-error"): " ".join(told.text.split())
            for told in self.select(".invalid-feedback[id]")
        }

    def kept(self, name):
        """What stands in a field."""
        field = self.select_one(f"[name={name}]")
        if field.name == "textarea":
            return field.text
        if field.name == "select":
            return next((option["value"] for option in field.select("[selected]")), "")
        return field.get("value", "")


class Reader:
    """A person with a browser of their own."""

    def __init__(self, app, user=None):
        self._app, self._user = app, user
        self.page = None
        self.path = ""

    @cached_property
    def client(self):
        """Their browser. They sign in when it is first used, after the steps of a story that a snapshot restores."""
        client = self._app.test_client()
        if self._user:
            with client.session_transaction() as cookie:
                cookie.update(signed_in(self._app.extensions["services"], self._user.fs_uniquifier))
        return client

    def address(self, endpoint, **values):
        with self._app.test_request_context():
            return url_for(endpoint, **values)

    def get(self, endpoint, *, status=200, headers=None, **values):
        return self.open(self.address(endpoint, **values), status=status, headers=headers)

    def open(self, path, *, status=200, headers=None):
        return self._read(self.client.get(path, headers=headers, follow_redirects=True), status)

    def submit(self, *, status=200, button=None, **typed):
        """Send the form of the page with these fields (or this button), the others as they stand."""
        form = self._form(typed, button)
        data = {**_as_it_stands(form), **typed}
        pressed = next((one for one in self._buttons(form) if one.text.strip() == button), {})
        address = pressed.get("formaction") or form.get("action") or self.path
        answer = self.client.post(address, data=data, follow_redirects=True)
        for sent in (answer, *answer.history):
            sent.request.environ["wsgi.input"].close()  # a large upload is a file
        return self._read(answer, status)

    def _form(self, names, button):
        for form in [*self.page.select("main form, footer form"), *self.page.select("header form")]:
            pressed = button is None or any(button == press.text.strip() for press in self._buttons(form))
            if pressed and all(form.select(f"[name={name}]") for name in names):
                return form
        raise AssertionError(f"no such form on {self.path}: {', '.join(names)} {button or ''}")

    def _buttons(self, form):
        """Those in a form, and those elsewhere that send it."""
        elsewhere = self.page.select(f"button[form='{form['id']}']") if form.has_attr("id") else []
        return [*form.select("button"), *elsewhere]

    def _read(self, answer, status):
        assert answer.status_code == status, answer.text
        self.page = Page(answer.text, "html.parser")
        self.path = answer.request.path
        if answer.text.lstrip().startswith("<!doctype"):
            minds_hygiene(self.page, answer)
        return self.page


def _as_it_stands(form):
    fields = {}
    for field in form.select("input[name], textarea[name]"):
        ticked = field.get("type") not in {"radio", "checkbox"} or field.has_attr("checked")
        if ticked and field.get("type") != "file":
            fields[field["name"]] = field.text if field.name == "textarea" else field.get("value", "")
    for choice in form.select("select[name]"):
        fields[choice["name"]] = next((option["value"] for option in choice.select("[selected]")), "")
    return fields


def minds_hygiene(page, answer):
    """Check what must hold for every page: unique ids, labels, tokens in forms. The page is gone through once."""
    tags = page.find_all(True)
    assert sum(tag.name == "h1" for tag in tags) == 1
    assert re.fullmatch(r"\S.* – (Portline|Shopline)", page.title.text)
    assert page.html["lang"] in set(Language)
    ids = [tag["id"] for tag in tags if tag.has_attr("id")]
    assert len(ids) == len(set(ids)), ids
    labelled = {tag["for"] for tag in tags if tag.name == "label" and tag.has_attr("for")}
    for tag in tags:
        minds_its_own(tag, ids, labelled)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert len(answer.data) < 100_000


def minds_its_own(tag, ids, labelled):
    """Check what must hold for every element of a page that has these ids, and labels for these fields."""
    name, said = tag.name, tag.attrs
    if name == "form" and said.get("method") == "post":
        assert tag.select_one("input[name=csrf_token][value]"), tag
    if name in FIELDS and said.get("type") != "hidden":
        assert said["id"] in labelled, tag
    if "danger" in " ".join(said.get("class", ())) and "disabled" not in said:
        assert tag.find_parent("details", class_="ask-once"), tag
    for other in f"{said.get('aria-describedby', '')} {said.get('aria-labelledby', '')}".split():
        assert other in ids, other
    assert name != "style", "inline style"
    assert name != "script" or "src" in said, "inline script"
    assert "style" not in said, "inline style"
    assert not [attribute for attribute in said if attribute.startswith("on")]
    assert name != "img" or "alt" in said
    for address in (said.get("src"), name == "link" and said.get("href")):
        assert not address or not urlsplit(address).netloc, tag


@pytest.fixture
def reader(app):
    """A person without an account."""
    return Reader(app)


@pytest.fixture
def bakery(services, story, work):
    """Alice's workspace, with a line that has its number."""

    def open_up():
        with services.sessions.begin() as session:
            workspace = Workspace(name="Alice's Bakery", zone="America/Los_Angeles", area="415")
            session.add(workspace)
            session.flush()
            open_line(
                session,
                services,
                workspace_id=workspace.id,
                name="Alice's Bakery",
                country="US",
                language=workspace.language,
                area="415",
            )
        work()
        return workspace

    return story.come_to(open_up)


@pytest.fixture
def line(bakery, services):
    with services.sessions() as session:
        return lines_of(session, bakery.id)[0]


@pytest.fixture
def rings(services, line):
    """Have these phones ring on the line, given by number (E.164) and name; one with a member's name is theirs."""

    def rings(**phones):
        with services.sessions.begin() as session:
            for name, number in phones.items():
                session.add(Phone(line_id=line.id, number=number, name=name))
            find_owners(session, line.workspace_id)

    return rings


@pytest.fixture
def known(services, story):
    """A person who has an account."""

    def sign_up(name, workspace, role, *, desk):
        with services.sessions.begin() as session:
            user = User(email=f"{name}@{name}.example", name=name.title(), fs_uniquifier=name, confirmed_at=now())
            if desk:
                user.roles.append(session.scalar(select(Role).where(Role.name == DESK)) or Role(name=DESK))
            session.add(user)
            belongs = workspace and session.merge(workspace)
            place = Member(user=user, workspace=belongs or Workspace(name=f"{name}'s"), role=role)
            session.add(place)
            session.flush()
            grant(session, place, [line.id for line in lines_of(session, place.workspace_id)])
        return user

    def make(name, workspace=None, role=Membership.OWNER, *, desk=False):
        given = name, workspace and workspace.id, role, desk
        return story.tell(lambda: sign_up(name, workspace, role, desk=desk), *given)

    return make


@pytest.fixture
def alice(app, known, bakery):
    """Owns the bakery."""
    return Reader(app, known("alice", bakery))


@pytest.fixture
def bob(app, known, bakery, alice):
    """A member of the bakery, who works in the inbox and may not port."""
    return Reader(app, known("bob", bakery, Membership.MEMBER))


@pytest.fixture
def charlie(app, known):
    """Owns another business, and must not see the bakery's."""
    return Reader(app, known("charlie"))


@pytest.fixture
def operator(app, known):
    """One of our own staff."""
    return Reader(app, known("operator", desk=True))


@pytest.fixture
def filed(services, line, work, clock, story):
    """A port that the carrier has taken on; its letter waits to be signed."""

    def file(*numbers, **changes):
        with services.sessions.begin() as session:
            project = a_draft(session, session.merge(line), *(numbers or [OWN]), **changes)
        work()
        with services.sessions.begin() as session:
            projects.submit(session, services, session.get_one(PortProject, project.id))
        work()
        clock.jump(timedelta(seconds=10))
        work()
        return project.public_id

    def come_to(*numbers, **changes):
        return story.come_to(lambda: file(*numbers, **changes), line.id, numbers, tuple(changes.items()))

    return come_to


@pytest.fixture
def signed(world, clock, work, story):
    def sign(number):
        world.sign(number, "Alice Baker")
        clock.jump(timedelta(hours=5))
        work()

    return lambda number=OWN: story.come_to(lambda: sign(number), number)


@pytest.fixture(scope="session", autouse=True)
def compiled():
    """Compile the catalogues of translations that have changed, as `make` does."""
    for written in (Path(languages.__file__).parents[1] / "locales").rglob("*.po"):
        read = written.with_suffix(".mo")
        if not read.exists() or read.stat().st_mtime < written.stat().st_mtime:
            with written.open("rb") as source, NamedTemporaryFile(dir=written.parent, delete=False) as made:
                write_mo(made, read_po(source))
            Path(made.name).replace(read)


@pytest.fixture
def queries(services):
    """Count the statements that a page makes."""

    @contextmanager
    def counting():
        made = []
        engine = services.sessions.kw["bind"]

        def heard(_connection, _cursor, statement, *_):
            made.append(IN_LIST.sub("IN (…)", statement))

        event.listen(engine, "before_cursor_execute", heard)
        try:
            yield made
        finally:
            event.remove(engine, "before_cursor_execute", heard)

    return counting
