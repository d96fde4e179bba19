"""Pages behind a PgBouncer that gives each transaction another of its connections; what listens goes past it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from reliability import pgbouncer
from service.callbacks import watch_callbacks
from service.connections import Process
from service.db import connect, sessions_on
from service.doctor.connections import limits, shares
from service.doctor.findings import Patient, Verdict
from service.wiring import assemble
from tests.factories import signed_in

PAGES = ("/", "/inbox", "/readyz")
VISITORS = 6

pytestmark = pytest.mark.skipif(
    pgbouncer.PROGRAM is None, reason="there is no pgbouncer on this machine (Debian: apt install pgbouncer)"
)


@pytest.fixture
def pooled(services, mailbox):
    """The services of a web process whose pages are behind PgBouncer."""
    direct = services.settings.database_url
    with pgbouncer.in_front_of(direct) as url:
        settings = replace(services.settings, database_url=url, direct_database_url=direct)
        engine = connect(url, Process.WEB, settings.web_connections, pooled=True)
        yield assemble(settings, services.carriers, mailbox, sessions_on(engine))
        engine.dispose()


@pytest.fixture
def visit(shared, pooled, alice):
    """Alice opens pages again and again, until the driver would have prepared their statements; the statuses."""
    alice.get("home.show")

    def visit_of(app):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(signed_in(pooled, "alice"))
        return [client.get(page, follow_redirects=True).status_code for page in PAGES * 8]

    with shared.beside(pooled) as app:
        yield lambda _number: visit_of(app)


def test_pages_of_many_visitors_are_served_over_few_connections(visit):
    with ThreadPoolExecutor(VISITORS) as visitors:
        seen = [status for statuses in visitors.map(visit, range(VISITORS)) for status in statuses]
    assert set(seen) == {200}


def test_a_job_of_a_page_wakes_what_listens_past_it(pooled, services):
    with psycopg.connect(services.settings.database_url, autocommit=True) as listening:
        listening.execute('LISTEN "procrastinate_any_queue_v1"')
        with pooled.sessions.begin() as paged:
            watch_callbacks.defer(paged, carrier="twilio")
        assert len(list(listening.notifies(timeout=10, stop_after=1))) == 1


def test_the_doctor_says_that_the_role_has_no_limits(pooled):
    finding = limits(Patient(pooled, None))
    assert finding.verdict is Verdict.PROBLEM
    assert "statement_timeout, idle_in_transaction_session_timeout" in finding.what


def test_pages_behind_it_are_not_counted_among_the_connections_of_the_database(pooled, services):
    assert shares(services.settings)[Process.WEB] == services.settings.web_connections
    assert shares(pooled.settings)[Process.WEB] == 0
