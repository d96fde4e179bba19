"""A database of the tests' own that can be restarted and filled: clocks come back, and callbacks have their reserve."""

import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from laptop.database import serving
from provisioning.contract.callbacks import Subject
from service.connections import Process, arguments
from service.schedule.leader import LEADER
from tests.conftest import CARRIER_SETTINGS, SEALING_KEY
from webhooks.connections import Connections
from webhooks.intake import Callback, Intake, NotKept

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
ALLOWED = 20
CLOCKS = """
    SELECT application_name, pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted)
    FROM pg_stat_activity WHERE application_name LIKE 'portline clock %%' AND query LIKE '%%SELECT 1%%'
        OR query LIKE '%%pg_try_advisory_lock%%' AND application_name LIKE 'portline clock %%'
"""


@pytest.fixture(scope="module")
def own():
    """A server that allows twenty connections, with our tables, and what `alembic` said of making them."""
    with TemporaryDirectory(prefix="portline-tests-") as folder, serving(Path(folder) / "database") as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {ALLOWED}")
            connection.execute("ALTER SYSTEM SET fsync = off")
        server.stop()
        server.start()
        subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], cwd=ROOT, env=environ(server), check=True)
        yield server


def environ(server):
    return os.environ | {
        **CARRIER_SETTINGS,
        "DATABASE_URL": beside_one_that_is_away(server.url),
        "PUBLIC_BASE_URL": "http://localhost:8000",
        "SECRET_KEY": "x" * 40,
        "SEALING_KEYS": SEALING_KEY,
        "CARRIERS": "twilio",
    }


def beside_one_that_is_away(url):
    """The same database behind two hosts, of which the first is away."""
    named = conninfo_to_dict(url)
    here = str(named["host"]).replace("/", "%2F")
    return f"postgresql+psycopg://{named['user']}@%2Fnowhere:5432,{here}:{named['port']}/{named['dbname']}"


@pytest.fixture
def clocks(own):
    """Two clock processes, which see a database with two hosts."""
    with ExitStack() as ending:
        started = [
            subprocess.Popen([sys.executable, "-m", "service.clockwork"], cwd=ROOT, env=environ(own)) for _ in range(2)
        ]
        for process in started:
            ending.callback(process.wait)
            ending.callback(process.kill)
        yield started


def seen(url):
    """The processes of the clocks that are connected, and whether each leads."""
    try:
        with psycopg.connect(url) as connection:
            rows = connection.execute(CLOCKS, [LEADER]).fetchall()
    except psycopg.OperationalError:
        return {}
    return {int(name.split()[2].partition("@")[0]): leads for name, leads in rows}


def wait_until(done):
    deadline = monotonic() + PATIENCE
    while not done():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.1)


def test_both_clocks_outlive_a_restart_of_the_database_and_one_leads(own, clocks):
    def one_leads():
        return sorted(seen(own.url).values()) == [False, True]

    wait_until(one_leads)
    own.crash()
    own.start()
    wait_until(one_leads)
    assert set(seen(own.url)) == {process.pid for process in clocks}
    assert [process.poll() for process in clocks] == [None, None]


@pytest.fixture
def crowd(own):
    """Fill the database, as workers without a share of their own did, until it takes no more."""
    with ExitStack() as crowd:

        def fill():
            with suppress(psycopg.OperationalError):
                for _ in range(ALLOWED):
                    crowd.enter_context(psycopg.connect(own.url, **arguments(Process.WORKER)))

        yield fill


def test_callbacks_are_kept_and_calls_answered_while_others_have_taken_all_connections(own, crowd):
    intake, reads = Intake(own.url), Connections(own.url)
    intake.open()
    reads.open()
    crowd()
    intake.keep(Callback("twilio", Subject.MESSAGE, "", b"kept"))
    with reads.one() as connection:
        assert connection.execute("SELECT count(*) FROM received").fetchone() == (1,)
    with pytest.raises(NotKept):
        Intake(own.url).keep(Callback("twilio", Subject.MESSAGE, "", b"came too late"))
