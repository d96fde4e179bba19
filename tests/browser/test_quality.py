"""Every page: accessibility (axe-core), both widths, weight, and layout shifts."""

import warnings
from dataclasses import replace
from datetime import timedelta
from time import sleep

import pytest
from flask import url_for
from playwright.sync_api import expect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from provisioning.carriers import manual
from service.desk.worklist import DeskWorklist
from service.errors import Conflict
from service.signing_up import SignUp
from tests.browser.filled import UNSIGNED
from tests.browser.looker import SETTLED
from tests.browser.pages import ALICE, DORA, NO_PAGES, NO_PHONE, OUTSIDER, PHONE, pages, picture_of
from tests.browser.pictures import BROWSER, Album, NotComparedWarning
from tests.factories import CALLER, OWN

TROUBLE = {
    "broken": (TypeError("broken"), 500),
    "database-away": (OperationalError("SELECT 1", {}, OSError("away")), 503),
    "too-often": (TooManyRequests(), 429),
    "too-late": (Conflict("That was done already."), 409),
}
"""What can happen instead of a page, with the status that is answered."""


@pytest.fixture
def settings(settings, request):
    """The usual settings, with a test's changes."""
    return replace(settings, **getattr(request, "param", {}))


@pytest.fixture
def carriers(carriers, sessions):
    return carriers | {"manual": manual.build({}, worklist=DeskWorklist(sessions))}


@pytest.fixture(scope="session")
def album(whole_chromium):
    """The accepted pictures; None where the browser draws otherwise than theirs, so that every page would differ."""
    album = Album()
    if album.fits(whole_chromium):
        return album
    warnings.warn("pages are not compared with their accepted pictures", NotComparedWarning, stacklevel=1)
    return None


@pytest.fixture
def at(app):
    """The address of a page."""

    def at(endpoint, **values):
        with app.test_request_context():
            return url_for(endpoint, **values)

    return at


def test_nothing_is_wrong_with_any_page(app, filled, looker, at):
    opened = {endpoint for _, endpoint, _ in pages(filled)}
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert shown - NO_PAGES == opened, "tests/browser/pages.py lists every page"
    pictures = {BROWSER, "no-such-page", "by-invitation", PHONE, NO_PHONE, *TROUBLE}
    for who, endpoint, values in pages(filled):
        picture = picture_of(filled, who, endpoint, values)
        looker.look(who, at(endpoint, **values), picture=picture)
        pictures.add(picture)
    looker.look(OUTSIDER, "/no-such-page", picture="no-such-page")
    assert looker.wrong == [], "\n".join(["", *looker.wrong])
    assert Album().names() <= pictures, "remove the pictures of what is shown no more"


@pytest.mark.parametrize("name", TROUBLE)
def test_nothing_is_wrong_with_a_page_of_trouble(app, looker, monkeypatch, name):
    trouble, status = TROUBLE[name]

    def fails():
        raise trouble

    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "front.landing", fails)
    looker.look(OUTSIDER, "/", status=status, picture=name)
    assert looker.wrong == []


@pytest.mark.parametrize("settings", [{"sign_up": SignUp.INVITATION}], indirect=True)
def test_nothing_is_wrong_with_the_page_that_asks_for_an_invitation(looker):
    looker.look(OUTSIDER, "/sign-up", status=403, picture="by-invitation")
    assert looker.wrong == []


def broken_off_in_the_footer(answer):
    """The languages in a page's footer come a moment after all that is before them."""
    before, first_of_them, after = answer.partition(b'<button class="plain"')
    yield before
    sleep(0.2 if after else 0)
    yield first_of_them + after


@pytest.mark.parametrize("pieces", [broken_off_in_the_footer], ids=["broken off in the footer"])
def test_a_page_that_comes_in_pieces_is_shown_when_it_is_whole(looker):
    looker.look(OUTSIDER, "/sign-in", picture="outsider-signin.ask")
    assert looker.wrong == []


def moved(tab):
    """A conversation that has news comes on top, so the rows of a list move; nothing around them does."""
    tab.evaluate(SETTLED)
    return [part for part in tab.evaluate("moved") if not part.startswith('<li id="conversation-')]


def test_nothing_moves_under_a_finger_when_a_page_renews_itself(filled, looker, at, world, clock, work_aside):
    first = looker.open(DORA, at("home.welcome"))
    port = looker.open(ALICE, at("ports.show", public_id=filled.ports["unsigned"]))
    shared = looker.open(OUTSIDER, at("status_page.show", token=filled.values["status"]))
    talk = looker.open(ALICE, at("inbox.read", conversation_id=filled.values["talk"]))
    inbox = looker.open(ALICE, at("inbox.show"))
    empty = looker.open(DORA, at("inbox.show"))
    expect(empty.get_by_text("You’re all caught up.")).to_be_visible()
    world.sign(UNSIGNED, "Alice Baker")
    world.text(CALLER, OWN, "Chocolate, please.")
    world.text("+14155550199", OWN, "Are you open on Sunday?")
    clock.jump(timedelta(hours=5))
    work_aside()
    expect(first.locator(".number-display a")).to_be_visible(timeout=20_000)
    expect(port.get_by_text("Needs your signature")).to_have_count(0, timeout=20_000)
    expect(shared.get_by_text("Needs your signature")).to_have_count(0, timeout=20_000)
    expect(talk.locator(".thread").get_by_text("Chocolate, please.")).to_be_visible(timeout=20_000)
    expect(inbox.locator(".conversation-list li")).to_have_count(3, timeout=20_000)
    world.text(CALLER, first.locator(".number-display a").get_attribute("href").removeprefix("tel:"), "Hello!")
    work_aside()
    expect(empty.locator(".conversation-list li")).to_have_count(1, timeout=20_000)
    expect(empty.get_by_text("You’re all caught up.")).to_be_hidden()
    for tab in (first, port, shared, talk, inbox, empty):
        assert moved(tab) == [], tab.url
