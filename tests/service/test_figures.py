"""The metrics are complete and true, and need the token."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from socket import create_server
from subprocess import Popen

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families
from psycopg import connect
from requests.adapters import HTTPAdapter
from sqlalchemy import text, update
from urllib3 import Retry

from service.accounts.newcomers import mail_number
from service.alerts import AlertKind, Severity, alert
from service.audit.daily import audit
from service.backfill.catching_up import catch_up
from service.clockwork import stand_by
from service.connections import Process, arguments
from service.ledger.models import EntryKind, LedgerEntry
from service.porting.asking import ask_about
from service.queue import TRIES, connection_of
from service.unannounced import LATE
from tests.factories import CALLER, a_draft, a_line
from webhooks.models import Received
from webhooks.reader import read_all

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-prometheus"


@pytest.fixture
def settings(settings):
    return replace(settings, metrics_token=TOKEN)


@pytest.fixture
def figures(client):
    """The metrics by name and labels."""

    def figures():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return figures


@pytest.mark.parametrize(
    "brought", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
def test_without_the_token_there_is_no_page(client, brought):
    headers = {} if brought is None else {"Authorization": brought}
    assert client.get("/metrics", headers=headers).status_code == 404


def test_in_an_empty_house_every_figure_is_there_and_naught(figures):
    found = figures()
    of_the_server = ("portline_connections", "portline_http")
    counted = {value for (name, *_), value in found.items() if not name.startswith(of_the_server)}
    assert counted == {0.0}


def test_every_figure_is_on_the_operators_page_and_no_other(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    told = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    assert set(re.findall(r"^# TYPE (\w+)", answer, re.MULTILINE)) == set(re.findall(r"`(portline_\w+)`", told))


def a_callback(number, tries=0):
    return Received(
        carrier="nobody", subject="message", body=b"", digest=str(number).encode(), tries=tries, query="", trouble=""
    )


def test_callbacks_are_counted_and_those_unread_with_their_age(services, figures):
    with services.sessions.begin() as session:
        session.add_all([a_callback(1), a_callback(2), a_callback(3, tries=TRIES)])
        session.flush()
        session.execute(update(Received).values(received_at=text("clock_timestamp() - interval '1 minute'")))
    found = figures()
    assert found["portline_callbacks_total",] == 3
    assert found["portline_callbacks_unread",] == 2
    assert found["portline_callbacks_given_up",] == 1
    assert 60 <= found["portline_callback_oldest_seconds",] < 90


def test_callbacks_that_were_read_are_not_unread(services, world, work, figures):
    world.text(CALLER, services.settings.platform_number, "Hello")
    world.run_due()
    read_all(services)
    assert figures()["portline_callbacks_unread",] == 0
    assert figures()["portline_callbacks_total",] == 1


def test_the_oldest_job_of_each_lane_has_its_age(services, figures):
    with services.sessions.begin() as session:
        ask_about.defer(session, carrier="nobody", reference="X")
        connection_of(session).execute("UPDATE procrastinate_events SET at = at - interval '1 minute'")
    found = figures()
    assert 60 <= found["portline_job_oldest_seconds", "reading"] < 90
    assert found["portline_job_oldest_seconds", "carrier"] == 0


def test_open_effects_are_counted_with_the_age_of_the_oldest(services, figures):
    with services.sessions.begin() as session:
        a_line(session, services)
        session.execute(update(LedgerEntry).values(owed_at=text("clock_timestamp() - interval '1 minute'")))
    found = figures()
    assert found["portline_ledger_open", EntryKind.BUY_NUMBER] == 1
    assert 60 <= found["portline_ledger_oldest_seconds", EntryKind.BUY_NUMBER] < 90
    assert found["portline_ledger_open", EntryKind.SEND_MAIL] == 0


def test_a_settled_effect_is_not_open(services, work, figures):
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    assert figures()["portline_ledger_open", EntryKind.BUY_NUMBER] == 0


def test_a_parked_effect_is_counted(services, figures):
    with services.sessions.begin() as session:
        a_line(session, services)
        session.execute(update(LedgerEntry).values(progress="parked"))
    found = figures()
    assert found["portline_ledger_parked", EntryKind.BUY_NUMBER] == 1
    assert found["portline_ledger_open", EntryKind.BUY_NUMBER] == 0


def test_failing_calls_are_counted_wherever_they_end(services, world, clock, work, figures):
    world.faults.add("outage", lasting=3600)
    with services.sessions.begin() as session:
        number = a_draft(session, a_line(session, services), "+12125552000").numbers[0]
        assert number
    catch_up(services, carrier=services.home)
    work(failing=True)
    assert figures()["portline_carrier_errors_total", "unavailable"] >= 2


def test_callbacks_that_never_came_are_counted(services, world, clock, work, figures):
    world.faults.add("drop")
    world.text(CALLER, services.settings.platform_number, "Hello")
    clock.jump(timedelta(minutes=2))
    catch_up(services, carrier=services.home)
    assert figures()["portline_unannounced_total", "text"] == 0
    clock.jump(LATE + timedelta(seconds=1))
    assert figures()["portline_unannounced_total", "text"] == 1


def test_requests_are_counted_by_part_and_status_with_their_seconds(app, figures):
    for path in ("/healthz", "/no-such-page", "/webhooks/nobody/message", "/api/v1/workspace"):
        with closing(app.test_client().open(path, buffered=True)):
            pass
    counted = {key[1:3]: value for key, value in figures().items() if key[0] == "portline_http_seconds_count"}
    assert {("pages", "2xx"), ("pages", "4xx"), ("callbacks", "4xx"), ("api", "4xx")} <= counted.keys()
    assert counted["callbacks", "4xx"] == 1


COUNTING = """
import os
from prometheus_client import CollectorRegistry, generate_latest
from service.http_figures import HttpFigures
figures, registry = HttpFigures(), CollectorRegistry()
figures.show_in(registry)

def app(environ, start):
    start("200 OK", [])
    if environ["PATH_INFO"] == "/metrics":
        return [generate_latest(registry)]
    figures.count("/", 200, 0.01)
    return [str(os.getpid()).encode()]
"""


@pytest.fixture
def server_of_two(tmp_path):
    """The address of a server of ours with two workers, which count what they answer; its folders are in `tmp_path`."""
    (tmp_path / "counting.py").write_text(COUNTING)
    with create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    told = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--pythonpath", str(tmp_path)]
    there = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with Popen([*told, "--workers", "2", "--bind", address, "counting:app"], cwd=ROOT, env=there) as server:  # noqa: S603 -- our own
        yield f"http://{address}"
        server.terminate()
        assert server.wait(30) == 0
    assert not list(tmp_path.glob("portline-requests-*"))


def test_each_worker_of_a_server_tells_what_all_have_answered(server_of_two):
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(20, connect=20, backoff_factor=0.1)))
        session.headers["Connection"] = "close"
        workers, asked = set(), 0
        while len(workers) < 2 and asked < 1000:
            workers.add(session.get(f"{server_of_two}/").text)
            asked += 1
        assert len(workers) == 2
        for _ in range(10):
            metrics = session.get(f"{server_of_two}/metrics").text
            [counted] = re.findall(r"^portline_http_seconds_count\{.*\} (.*)$", metrics, re.MULTILINE)
            assert float(counted) == asked


def test_connections_are_counted_by_process_beside_what_is_allowed(figures, services):
    with connect(services.settings.direct_url, **arguments(Process.CLOCK)):
        found = figures()
    assert found["portline_connections", "clock"] == 1
    assert found["portline_connections_allowed",] >= 20


def test_a_clock_that_leads_is_seen_and_one_that_has_ended_is_not(figures, services):
    with connect(services.settings.direct_url, autocommit=True) as clock:
        stand_by(clock)
        assert figures()["portline_clock_leading",] == 1
    assert figures()["portline_clock_leading",] == 0


def test_the_last_audit_of_a_carrier_has_its_age(figures, services, world, clock):
    audit(services, carrier=services.home)
    clock.jump(timedelta(hours=3))
    assert figures()["portline_audit_age_seconds", services.home] == 3 * 3600


def test_mail_that_fails_is_counted_until_it_leaves(figures, services, mailbox):
    with services.sessions.begin() as session:
        session.add(LedgerEntry(kind=EntryKind.SEND_MAIL, subject_id=1, tries=2, trouble="SMTPConnectError"))
        session.add(LedgerEntry(kind=EntryKind.SEND_MAIL, subject_id=2))
        mail_number.defer(session, workspace_id=1)
        connection_of(session).execute("UPDATE procrastinate_jobs SET attempts = 1")
    assert figures()["portline_mail_failing",] == 2


MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
GRAFANA = json.loads((MONITORING / "grafana.json").read_text())
RULES = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["groups"][0]["rules"]
QUERIES = [target["expr"] for panel in GRAFANA["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in RULES)])
def test_rules_and_dashboard_ask_for_metrics_that_there_are(client, query):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    families = set(re.findall(r"^# TYPE (\w+)", answer, re.MULTILINE))
    asked = re.findall(r"portline_\w+", query)
    assert asked or query.startswith("up{")
    for name in asked:
        assert name in families or re.sub(r"_(bucket|count|sum)$", "", name) in families


PROMTOOL = shutil.which("promtool")


# takes 330 MB of a machine, so only the machine of somebody who changes a rule has it
@pytest.mark.skipif(PROMTOOL is None, reason="there is no promtool here (Debian: apt install prometheus)")
@pytest.mark.parametrize(
    "judged",
    [("check", "rules", MONITORING / "prometheus.yml"), ("test", "rules", Path(__file__).parent / "alert_rules.yml")],
)
def test_prometheus_takes_the_rules_and_alerts_of_trouble_and_of_nothing_else(judged):
    done = subprocess.run((PROMTOOL, *judged), capture_output=True, text=True, check=False)  # noqa: S603 -- Debian's
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_figure_is_on_the_dashboard_or_in_a_rule(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    asked = " ".join([*QUERIES, *(rule["expr"] for rule in RULES)])
    assert [name for name in re.findall(r"^# TYPE (\w+)", answer, re.MULTILINE) if name not in asked] == []


def test_every_rule_says_how_severe_it_is_and_what_it_means():
    assert all(rule["labels"]["severity"] in list(Severity) and rule["annotations"]["summary"] for rule in RULES)
    named = set(re.findall(r"\b[a-z]+_[a-z_]+\b", " ".join(rule["annotations"]["summary"] for rule in RULES)))
    assert named <= set(AlertKind)


def test_ports_are_counted_by_state(services, figures):
    with services.sessions.begin() as session:
        a_draft(session, a_line(session, services), "+12125552000", "+12125552001")
    assert figures()["portline_ports", "draft"] == 2


def test_alerts_count_until_they_are_seen(services, clock, figures):
    with services.sessions.begin() as session:
        alert(session, AlertKind.LOOK_AT_PORT, "port_number:1")
    assert figures()["portline_alerts_unseen",] == 1
