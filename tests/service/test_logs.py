"""Logs are events with fields, and hold nothing of a customer at any level and after any error."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
import requests
from itsdangerous import URLSafeSerializer
from sqlalchemy.exc import IntegrityError

from provisioning.contract.errors import Refused, Unavailable
from provisioning.http import Outgoing
from service.alerts import Alert
from service.backfill.catching_up import catch_up
from service.logs import handler, set_up_logs, shortened
from tests.conftest import CARRIER_SETTINGS
from tests.factories import CALLER, CUSTOMER
from tests.in_process import Nobody
from tests.journeys.journey import Journey

ROOT = Path(__file__).parents[2]
TOKEN = CARRIER_SETTINGS["TWILIO_AUTH_TOKEN"]


@pytest.fixture
def root():
    """The root logger at every level; restored afterwards."""
    root = logging.getLogger()
    named = [logger for logger in logging.Logger.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    before = list(root.handlers), [(logger, logger.level) for logger in (root, *named)]
    excepthook = sys.excepthook
    yield root
    sys.excepthook = excepthook
    logging.captureWarnings(False)
    root.handlers = before[0]
    for logger, level in before[1]:
        logger.setLevel(level)


@pytest.fixture
def written(root):
    """What is logged at any level, as text."""
    set_up_logs("DEBUG", {})
    stream = StringIO()
    root.handlers = [handler(stream, {})]
    return stream


@pytest.fixture
def events(written):
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


log = logging.getLogger("service.somewhere")


def test_an_event_is_one_line_of_json_with_its_fields(events):
    log.warning("carrier answered", extra={"status": 200, "lane": "carrier"})
    [event] = events()
    assert event.pop("at").endswith("Z")
    assert event == {
        "event": "carrier answered",
        "level": "warning",
        "logger": "service.somewhere",
        "status": 200,
        "lane": "carrier",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+14155550171", "+1…71"),
        ("from +46701234567 to +14155550171", "from +4…67 to +1…71"),
        ("To=%2B14155550171&x=1", "To=+1…71&x=1"),
        ("(14155550171)", "(+…71)"),
        ("order 1234567", "order 1234567"),
        ("KW00000000000000000000000000000001", "KW00000000000000000000000000000001"),
        ("2026-03-02T15:00:00+00:00", "2026-03-02T15:00:00+00:00"),
        ("took 1700000000.123 s", "took 1700000000.123 s"),
    ],
)
def test_a_phone_number_is_shortened_and_other_figures_are_not(text, shown):
    assert shortened(text) == shown


def test_numbers_and_addresses_are_shortened_however_deep_they_lie(events):
    log.info("sent", extra={"job": {"to": ["+14155550171"], "mail": ("alice@bakery.example",)}})
    assert events()[0]["job"] == {"to": ["+1…71"], "mail": ["…@bakery.example"]}


def test_a_thing_that_is_not_json_is_told_by_its_kind(events):
    log.info("odd", extra={"thing": Refused("secret")})
    assert events()[0]["thing"] == "Refused"


def test_secrets_of_the_settings_are_hidden_wherever_they_turn_up(root):
    stream = StringIO()
    root.handlers = [
        handler(stream, {"TWILIO_AUTH_TOKEN": "the-auth-token", "SEALING_KEYS": "first-key,second-key", "PORT": "8000"})
    ]
    log.warning("tried the-auth-token, second-key and first-key at 8000: postgresql://me:password@host/db")
    [event] = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert event["event"] == "tried …, … and … at 8000: postgresql://me:…@host/db"


def _fail(error):
    try:
        raise error
    except Refused:
        log.exception("failed")


def test_an_exception_is_told_with_its_place_and_its_cause(events):
    refused = Refused("no number is for sale")
    refused.__cause__ = psycopg.OperationalError("the customer said hello")
    _fail(refused)
    first, cause = events()[0]["errors"]
    assert (first["type"], first["message"]) == ("provisioning.contract.errors.Refused", "no number is for sale")
    assert first["where"][0].endswith("_fail")
    assert (cause["type"], cause["message"]) == ("psycopg.OperationalError", "")


def test_an_exception_without_a_cause_to_show_shows_none(events):
    refused = Refused("no")
    refused.__context__, refused.__suppress_context__ = KeyError("x"), True
    _fail(refused)
    assert len(events()[0]["errors"]) == 1


def test_a_refused_row_tells_nothing_of_what_was_in_it(services, written):
    with services.sessions() as session:
        session.add(Alert(about="canary-in-a-row"))
        with pytest.raises(IntegrityError) as caught:
            session.flush()
    log.error("not kept", exc_info=caught.value)
    assert "canary-in-a-row" in str(caught.value)
    assert "canary-in-a-row" not in written.getvalue()
    assert "IntegrityError" in written.getvalue()


def test_the_servers_own_lines_come_out_like_all_others(root):
    server = logging.getLogger("gunicorn.access")
    server.addHandler(logging.StreamHandler(StringIO()))
    server.propagate = False
    set_up_logs("INFO", {})
    assert (server.handlers, server.propagate) == ([], True)


@pytest.mark.parametrize("content", [[7, "a-nonce"], ["f" * 32, "image/jpeg", 1767225600], ["x" * 300]])
def test_a_link_that_signs_in_is_no_line_of_the_server(events, content):
    token = URLSafeSerializer("our secret", salt="invitation").dumps(content)
    line = f'10.0.0.1 - - "GET /join/{token} HTTP/1.1" 200 512 "https://portline.example/join/{token}" "Firefox"'
    logging.getLogger("gunicorn.access").info(line)
    told = events()[0]["event"]
    assert told == '10.0.0.1 - - "GET /join/… HTTP/1.1" 200 512 "https://portline.example/join/…" "Firefox"'


def test_what_somebody_sought_is_no_line_of_the_server(events):
    logging.getLogger("gunicorn.access").info(
        '"GET /inbox/?q=Alice+Baker&view=all HTTP/1.1" 200 "https://a.example/?q=Al"'
    )
    assert events()[0]["event"] == '"GET /inbox/?… HTTP/1.1" 200 "https://a.example/?…"'


def test_the_server_tells_each_request_only_where_that_much_is_wanted(root):
    server = logging.getLogger("gunicorn.access")
    set_up_logs("WARNING", {})
    assert not server.isEnabledFor(logging.INFO)
    set_up_logs("INFO", {})
    assert server.isEnabledFor(logging.INFO)


def test_libraries_that_tell_rows_and_addresses_stay_reticent_at_any_level(root):
    set_up_logs("DEBUG", {})
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)
    assert log.isEnabledFor(logging.DEBUG)


ENDING = """
from service.logs import set_up_logs
set_up_logs("INFO", {})
import warnings
warnings.warn("old")
raise LookupError("the customer said hello")
"""


def test_a_process_that_ends_by_an_error_says_so_in_one_event_and_quotes_nobody():
    ended = subprocess.run(  # noqa: S603 -- our own
        [sys.executable, "-c", ENDING], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ended.returncode == 1
    warned, died = map(json.loads, ended.stderr.splitlines())
    assert (warned["level"], died["event"]) == ("warning", "process ends")
    assert died["errors"][0]["type"] == "builtins.LookupError"
    assert "hello" not in ended.stderr


def test_the_server_speaks_json_from_its_first_line_on(tmp_path):
    (tmp_path / "empty.py").write_text("def app(environ, start): ...")
    told = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--pythonpath", str(tmp_path)]
    there = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 -- our own
        [*told, "--bind", "127.0.0.1:0", "empty:app"], stderr=subprocess.PIPE, text=True, cwd=ROOT, env=there
    ) as server:
        first = [json.loads(server.stderr.readline()) for _ in range(2)]
        server.terminate()
        rest = [json.loads(line) for line in server.stderr]
    assert first[0]["event"].startswith("Starting gunicorn")
    assert all(event["logger"] == "gunicorn.error" for event in first + rest)


def test_a_carrier_that_does_not_answer_is_an_event_without_its_path(events):
    session = requests.Session()
    session.mount("https://", Nobody())
    with pytest.raises(Unavailable):
        Outgoing(session).send("GET", "https://api.example.com/numbers/+14155550171")
    [event] = [event for event in events() if event["event"] == "carrier did not answer"]
    told = {"verb": "GET", "host": "api.example.com", "status": 0}
    assert told.items() <= event.items()
    assert event["seconds"] >= 0


def test_a_whole_journey_with_all_that_can_go_wrong_leaves_no_canary_in_the_logs(
    services, world, clock, work, written, app
):
    pin, account, said = "734912", "ACCT-88271-CANARY", "canary-of-the-message"
    port, mobile = "+12125552000", "+12125556001"
    journey = Journey(services, world, clock, work)
    temporary = journey.sign_up()
    world.text(CALLER, temporary, said)
    world.call(CALLER, temporary)
    world.faults.add("lose-after", path="*/Porting/PortIn", count=1)
    journey.file(port, mobile, pin=pin, account_number=account)
    journey.pass_time(timedelta(minutes=1))
    world.faults.add("outage", lasting=120)
    journey.draft("+12125552001")
    work(failing=True)
    catch_up(services, carrier=services.home)
    clock.jump(timedelta(minutes=5))
    world.faults.add("drop")
    world.text(CALLER, temporary, said)
    clock.jump(timedelta(minutes=5))
    catch_up(services, carrier=services.home)
    work(failing=True)
    app.test_client().post("/webhooks/twilio/message", data={"Body": said, "From": CALLER})
    logs = written.getvalue()
    assert len(logs.splitlines()) > 50
    canaries = (pin, account, said, TOKEN, temporary, port, mobile, CALLER, CUSTOMER, "alice@bakery.example")
    assert [canary for canary in canaries if canary in logs or canary.removeprefix("+") in logs] == []
