"""Where a page hears of changes, and what its parts are fetched for."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import service.web
from tests.factories import CALLER

ROOT = Path(__file__).parents[4]
TEMPLATES = {path: path.read_text() for path in Path(service.web.__file__).parent.glob("*/templates/*.html")}
UNDER_THE_ADDRESS = {"signin.sent", "searches.found"}
"""Parts that are asked for twice a second until they come, or before anybody is signed in."""


@pytest.fixture
def hearing(app, services, monkeypatch):
    """Have pages hear of changes at an address."""

    def at(url):
        settings = replace(services.settings, live_url=url)
        monkeypatch.setitem(app.extensions, "services", replace(services, settings=settings))

    return at


def test_a_page_hears_of_what_changes_after_the_rows_it_was_read_from(alice, hearing):
    assert "data-hints" not in alice.get("inbox.show").body.attrs
    hearing("/live")
    first, second = (alice.get("inbox.show").body["data-hints"] for _ in range(2))
    assert re.fullmatch(r"/live\?since=\d+:\d+:[\d,]*", first)
    assert int(first.split(":")[1]) <= int(second.split(":")[1])


def test_nobody_hears_who_is_not_signed_in(reader, hearing):
    hearing("/live")
    assert "data-hints" not in reader.get("front.landing").body.attrs


def test_what_waits_is_counted_anew(alice, bob, charlie, line, services, world, work):
    number = services.sessions().get(type(line), line.id).numbers[0].number
    world.text(CALLER, number, "Are you open?")
    work()
    assert alice.client.get("/counts").json == {"unread": 1, f"line-{line.id}": 1}
    assert charlie.client.get("/counts").json == {"unread": 0}


def test_every_part_that_is_fetched_again_says_what_for():
    topics = set(re.findall(r"notify_live(?:_on_line)?\('(\w+)'", _migration())) - {"access"}
    parts = [part for text in TEMPLATES.values() for part in re.findall(r"<[^<]*data-refresh=.*?>\n", text)]
    assert len(parts) > len(UNDER_THE_ADDRESS)
    for part in parts:
        if not any(endpoint in part for endpoint in UNDER_THE_ADDRESS):
            named = re.search(r'data-live="([^"]*)"', part)[1]
            assert set(re.findall(r"(\w+)(?:-\{\{[^}]*\}\})?(?: |$)", named)) <= topics, part


def _migration():
    return next((ROOT / "migrations" / "versions").glob("*_say_what_changed_to_open_pages.py")).read_text()


@pytest.mark.parametrize("name", ["sound", "desktop_notices"])
def test_a_page_is_silent_until_somebody_wants_it_otherwise(alice, name):
    attribute = {"sound": "data-sound", "desktop_notices": "data-desktop"}[name]
    assert attribute not in alice.get("settings.show").body.attrs
    assert attribute in alice.submit(theme="auto", **{name: "true"}).body.attrs
    assert attribute in alice.get("inbox.show").body.attrs
