"""The pages in Chromium, in front of the same services as in other tests; nothing leaves the loopback."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select

import service
from service.accounts import signup
from service.accounts.signin import confirm
from service.language import Language
from service.lines.models import PhoneNumber
from tests.browser.fetch_axe import AXE
from tests.browser.filled import Filling
from tests.browser.looker import Looker, cookie
from tests.factories import signed_in
from tests.journeys.journey import Journey
from tests.serving import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LIGHT = shutil.which("chromium-headless-shell") or CHROMIUM
"""Chromium without windows, where there is one: it takes half of the processor time.

It draws controls a little differently, and shows no notices.
"""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1080, "height": 760}
PHONE = {"width": 390, "height": 780}
ALICE = {
    "email": "alice@bakery.example",
    "business": "Alice's Bakery",
    "name": "",
    "zone": "America/Los_Angeles",
    "area": "415",
}


@pytest.fixture(scope="session")
def launch(loop):
    """Start a browser; `loop` is asked for first, since both sides bring an event loop."""
    with sync_playwright() as playwright, ExitStack() as running:

        @cache
        def launch(path):
            if path is None:
                pytest.skip("no Chromium here: apt-get install chromium")
            return running.enter_context(playwright.chromium.launch(executable_path=path, args=FLAGS))

        yield launch


@pytest.fixture(scope="session")
def chromium(launch):
    """The browser in which people use the pages."""
    return launch(LIGHT)


@pytest.fixture(scope="session")
def whole_chromium(launch):
    """The browser that draws as the accepted pictures, and shows notices."""
    return launch(CHROMIUM)


@pytest.fixture
def work_aside(work):
    """Do everything due on both sides, in another thread: the browser's event loop runs in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield lambda: thread.submit(work).result(timeout=60)


@pytest.fixture
def filled(app, services, world, clock, work_aside, mailbox, story):
    """A business with something on every page, in an installation where from now on businesses register themselves."""
    filled = Filling(Journey(services, world, clock, work_aside), mailbox).everything(story)
    settings = replace(services.settings, single_business=False)
    app.extensions["services"] = replace(services, settings=settings)
    return filled


def read_to_the_end(app, pieces):
    """Before an answer is sent, in pieces: this server leaves a file open when a browser goes away early."""

    def answered(environ, start):
        parts = app(environ, start)
        try:
            return pieces(b"".join(parts))
        finally:
            parts.close()

    return answered


@pytest.fixture
def pieces():
    """The pieces in which an answer is sent: one. Tests of bad networks override it."""
    return lambda answer: [answer]


@pytest.fixture
def address(app, pieces):
    """Where the pages are served."""
    with served(read_to_the_end(app, pieces)) as address:
        yield address


@pytest.fixture
def locale():
    """The browser's language; tests of other languages override it."""
    return "en-US"


@pytest.fixture
def tab(chromium, address, locale):
    """A page in a fresh browser, which fails the test on any script error or request to elsewhere."""
    context = chromium.new_context(
        base_url=address, viewport=DESKTOP, locale=locale, timezone_id="America/Los_Angeles", service_workers="block"
    )
    tab = context.new_page()
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    tab.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else wrong.append(asked.url))
    expect.set_options(timeout=30_000)
    yield tab
    context.close()
    assert wrong == []


@pytest.fixture
def words(locale):
    """The catalogue of the browser's language: what is said for each English sentence."""
    folder = Path(service.__file__).parent / "web" / "locales" / locale[:2] / "LC_MESSAGES"
    if locale.startswith("en"):
        return {}
    with (folder / "messages.po").open("rb") as written:
        catalogue = [message for message in read_po(written) if message.id and not message.pluralizable]
    return {message.id: message.string for message in catalogue}


@pytest.fixture
def say(words):
    """An English sentence as the pages say it in the browser's language."""
    return lambda sentence: words.get(sentence, sentence)


@pytest.fixture
def field(tab, say):
    """A field by the English words that its label begins with."""
    return lambda label: tab.get_by_label(re.compile(f"^{re.escape(say(label))}"))


@pytest.fixture
def stop(tab, locale, words):
    """Looks at a page, once it has loaded, on both widths: it speaks one language and does not scroll sideways."""
    english = {sentence for sentence, said in words.items() if said != sentence}

    def look(name):
        tab.wait_for_load_state()
        assert tab.locator("html").get_attribute("lang") == locale[:2]
        assert not english & set(tab.locator("body").inner_text().splitlines()), name
        for width in (PHONE, DESKTOP):
            tab.set_viewport_size(width)
            assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} scrolls sideways"

    return look


@pytest.fixture
def tick_all(tab):
    """Tick the four boxes of a draft's review once they are there: `all` does not wait for what a page will show."""

    def tick():
        expect(tab.get_by_role("checkbox")).to_have_count(4)
        for box in tab.get_by_role("checkbox").all():
            box.check()

    return tick


@pytest.fixture
def sign_up(tab, mailbox, work_aside, stop, say, field):
    """Alice signs up on the front page; returns her number (E.164). Tests that begin later take `signed_up`."""

    def go():
        tab.goto("/")
        stop("front")
        tab.get_by_role("link", name=say("Get a number")).click()
        field("Email").fill("alice@bakery.example")
        field("Business name").fill("Alice's Bakery")
        field("Area code, or your current number").fill("415")
        stop("sign-up")
        tab.get_by_role("button", name=say("Email me a code")).click()
        expect(tab).not_to_have_url(re.compile("/sign-up$"))  # while many sign up, the browser computes first
        work_aside()
        code = re.search(r"\d{6}", mailbox.to("alice@bakery.example")[-1].text).group()
        field("Six-digit code").fill(code)
        tab.get_by_role("button", name=say("Continue")).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(say("Your number"))
        stop("number-waiting")
        work_aside()
        number = tab.locator(".number-display a")
        expect(number).to_have_text(re.compile(r"\(415\)\s\d{3}‑\d{4}"))
        stop("number")
        return number.get_attribute("href").removeprefix("tel:")

    return go


@pytest.fixture
def signed_up(tab, app, address, locale, services, work_aside, story):
    """Alice has signed up and is signed in, as after `sign_up` but without its pages; her number (E.164)."""

    def come_in():
        with services.sessions.begin() as session:
            language = Language(locale[:2])
            alice = signup.sign_up(session, services, asked_by="Firefox", language=language, **ALICE)
            confirm(session, services, alice)
        work_aside()
        with services.sessions() as session:
            return alice.fs_uniquifier, session.scalars(select(PhoneNumber.number)).one()

    alice, number = story.come_to(come_in, locale)
    tab.context.add_cookies([cookie(app, address, signed_in(services, alice))])
    return number


@pytest.fixture
def looker(app, whole_chromium, address, album):
    """Opens pages as any person; the module of a test says with the pictures of which `album` it compares them."""
    looker = Looker(app, whole_chromium, address, album)
    yield looker
    looker.close()


@pytest.fixture
def code_on(world, clock, work_aside):
    """The code in the text that a number (ten digits) gets seconds later, while it still is at the old operator."""

    def read(number):
        work_aside()
        clock.jump(timedelta(seconds=10))
        work_aside()
        return re.search(r"\d{6}", world.phone(f"+1{number}").texts[-1].body).group()

    return read


@pytest.fixture
def sit_down(chromium, address, locale):
    """Open a browser for another person."""
    contexts = []

    def sit_down():
        contexts.append(
            chromium.new_context(base_url=address, viewport=DESKTOP, locale=locale, service_workers="block")
        )
        return contexts[-1].new_page()

    yield sit_down
    for context in contexts:
        context.close()


def pytest_report_header():
    return "" if AXE.exists() else "no axe-core: fetch it with python -m tests.browser.fetch_axe"
