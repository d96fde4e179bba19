"""Each request is one event with an id, which everything that follows from it carries too."""

import json
import logging
from contextlib import closing
from dataclasses import replace
from functools import partial
from io import StringIO

import pytest
from werkzeug.test import Client

from service.app import create_app, create_callback_app
from service.logs import handler

log = logging.getLogger("service.somewhere")

ROUTED = {"X-Forwarded-For": "192.0.2.7", "X-Request-Id": "0f3a-from-the-router"}


@pytest.fixture
def events():
    """What is logged about requests, and in between."""
    stream, there = StringIO(), logging.getLogger("service")
    writer, level = handler(stream, {}), there.level
    there.addHandler(writer)
    there.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    there.removeHandler(writer)
    there.setLevel(level)


@pytest.fixture(params=[0, 1])
def routers(request):
    return request.param


@pytest.fixture(params=[create_app, create_callback_app])
def behind(request, services, routers):
    """Each of our applications, behind so many routers."""
    app = request.param(replace(services, settings=replace(services.settings, trusted_proxies=routers)))
    return partial(asked, Client(app))


def asked(client, path, method="GET", **parts):
    """An answer of which a server would have sent all."""
    with closing(client.open(path, method=method, **parts)) as answer:
        return answer


def test_a_request_is_one_event_with_status_time_and_the_visitors_address(behind, routers, events):
    answer = behind("/healthz?q=Alice", headers=ROUTED, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    [event] = events()
    told = {"event": "request answered", "verb": "GET", "path": "/healthz", "status": 200}
    assert told.items() <= event.items()
    assert event["client"] == ("192.0.2.7" if routers else "10.0.0.1")
    assert event["request"] == answer.headers["X-Request-Id"]
    assert (event["request"] == "0f3a-from-the-router") is bool(routers)
    assert 0 <= event["seconds"] < 30


@pytest.mark.parametrize("routers", [1])
@pytest.mark.parametrize("said", ["", "short", "x" * 65, "with spaces in it", 'a"quote-in-it', "ä" * 9])
def test_an_id_that_is_none_is_replaced(behind, said, events):
    answer = behind("/healthz", headers={"X-Request-Id": said.encode().decode("latin-1")})
    assert answer.headers["X-Request-Id"] not in {"", said}
    assert events()[0]["request"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/webhooks/twilio/message", "/webhooks/nobody/message"])
def test_callbacks_and_programs_are_told_like_pages(behind, path, events):
    answer = behind(path, "POST", headers=ROUTED)
    assert (events()[-1]["path"], events()[-1]["status"]) == (path, answer.status_code)


def test_programs_requests_show_their_own_address(services, events):
    client = Client(create_app(replace(services, settings=replace(services.settings, trusted_proxies=1))))
    asked(client, "/api/v1/workspace", headers=ROUTED)
    assert (events()[-1]["path"], events()[-1]["client"]) == ("/api/v1/workspace", "192.0.2.7")


def test_what_is_logged_while_a_request_is_answered_has_its_id(app, events, monkeypatch):
    monkeypatch.setitem(app.view_functions, "health.alive", lambda: log.info("in between") or "alive")
    asked(Client(app), "/healthz")
    log.info("afterwards")
    between, request, after = events()
    assert between["request"] == request["request"]
    assert "request" not in after
