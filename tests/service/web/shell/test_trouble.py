"""Error pages, and the errors that programs get as JSON."""

import time
from dataclasses import replace

import pytest
from itsdangerous import TimestampSigner

from service.db import connect
from service.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from service.web.shell.errors import status_of


@pytest.fixture
def no_database(app, services, monkeypatch):
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    elsewhere = replace(services, settings=replace(services.settings, database_url=nowhere))
    monkeypatch.setitem(app.extensions, "services", elsewhere)
    engine = services.sessions.kw["bind"]
    services.sessions.configure(bind=connect(nowhere))
    yield
    services.sessions.kw["bind"].dispose()
    services.sessions.configure(bind=engine)


def test_a_page_that_is_not_there_says_so(reader):
    assert reader.open("/no-such-page", status=404).heading() == "We can’t find that"


def test_a_form_sent_with_a_stale_token_says_what_to_do(reader):
    reader.get("signin.ask")
    page = reader.submit(email="alice@bakery.example", csrf_token="stale", status=400)
    assert page.says("This page was open too long.")


def test_a_broken_page_says_that_it_is_our_fault_and_nothing_else(app, alice, monkeypatch):
    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "home.show", lambda: 1 / 0)
    page = alice.get("home.show", status=500)
    assert page.heading() == "Something broke on our side"
    assert not page.says("division")


NAVIGATION = ["Home", "Inbox", "Calls", "Phone", "Contacts", "Numbers", "Phone system", "Team", "Settings"]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Forbidden("You don’t have access to that."), 403),
        (NotFound(), 404),
        (Conflict("That was done already."), 409),
        (TypeError("broken"), 500),
    ],
)
def test_a_person_who_is_signed_in_keeps_the_navigation_on_an_error_page(app, alice, monkeypatch, refusal, status):
    def fails():
        raise refusal

    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "home.show", fails)
    page = alice.get("home.show", status=status)
    assert [link.text for link in page.select("header nav a.side-link")] == NAVIGATION
    assert alice.open("/no-such-page", status=404).select("header nav a")
    alice.get("bring.ask")
    assert alice.submit(number="415 555 2000", csrf_token="stale", status=400).select("header nav a")


def test_who_is_not_signed_in_finds_the_way_to_the_front_page_only(reader):
    page = reader.open("/no-such-page", status=404)
    assert not page.select("header nav")
    assert page.select_one("main a[href='/']")


def test_the_page_of_trouble_is_there_for_who_is_signed_in_when_the_database_is_away(alice, request):
    alice.get("home.show")
    request.getfixturevalue("no_database")
    assert alice.get("home.show", status=503).heading() == "We’ll be right back"


def test_without_its_database_the_service_is_alive_not_ready_and_honest(reader, no_database):
    assert reader.client.get("/healthz").status_code == 200
    assert reader.client.get("/readyz").status_code == 503
    reader.get("signin.ask")
    assert reader.submit(email="alice@bakery.example", status=503).heading() == "We’ll be right back"


def test_what_could_not_be_answered_is_in_the_log_with_its_cause(client, no_database, caplog):
    client.get("/sign-up")
    client.post("/sign-in", data={"email": "alice@bakery.example"})
    client.get("/readyz")
    client.get("/api/v1/workspace", headers={"Authorization": "Bearer portline_0123456789abcdef0123456789abcdef"})
    told = {record.getMessage(): record for record in caplog.records}
    assert told["page without database"].exc_info
    assert told["request without database or stored files"].exc_info
    assert told["not ready"].trouble == "the database is away"


def test_with_everything_there_the_service_is_ready(reader):
    answer = reader.client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound(), 404),
        (Forbidden(), 403),
        (Conflict(), 409),
        (IllegalTransition(), 409),
        (Invalid({}), 422),
        (TooMany(), 429),
    ],
)
def test_every_refusal_has_its_status(refusal, status):
    assert status_of(refusal) == status


def test_no_page_may_be_framed_or_load_from_elsewhere(reader):
    answer = reader.client.get("/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_style_sheets_travel_small_and_only_once_and_pages_that_hold_secrets_as_they_are(reader):
    asking = {"Accept-Encoding": "gzip"}
    sheet = reader.open("/").select_one("link[rel=stylesheet]")["href"]
    style = reader.client.get(sheet, headers=asking)
    assert style.headers["Content-Encoding"] == "gzip"
    assert len(style.data) < 50_000
    assert "immutable" in style.headers["Cache-Control"], "its address changes with it"
    assert "Content-Encoding" not in reader.client.get("/sign-in", headers=asking).headers


def test_a_form_is_sent_from_a_page_that_was_open_for_hours(reader, monkeypatch):
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) - 7200)
    reader.get("signin.ask")
    monkeypatch.undo()
    assert not reader.submit(email="alice@bakery.example").says("This page was open too long.")
