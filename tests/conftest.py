"""Real parts for every test: PostgreSQL, the carrier's SDK on the wire, the sandbox on the other end, no sockets."""

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
import requests
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from jinja2 import FileSystemBytecodeCache
from procrastinate import PsycopgConnector
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import text
from sqlalchemy.engine import make_url

from laptop.database import serving
from laptop.rehearsal import past_proxies
from provisioning.carriers import twilio
from sandbox.app import create_app as create_sandbox
from sandbox.clock import RehearsalClock
from sandbox.world import World
from service import handlers, models
from service import time as service_time
from service.app import create_app
from service.callbacks import set_up_carrier
from service.config import Settings
from service.db import connect, sessions_on
from service.services import Mail, Services
from service.wiring import assemble
from tests import once
from tests.in_process import InProcess, Nobody
from webhooks.reader import read_all

SANDBOX = "http://sandbox.test"
PORTLINE = "http://localhost:8000"
PLATFORM_NUMBER = "+12022367003"
CARRIER_SETTINGS = {
    "TWILIO_ACCOUNT_SID": "AC000000000000000000000000000000aa",
    "TWILIO_AUTH_TOKEN": "rehearsal-auth-token",
    "TWILIO_BASE_URL": SANDBOX,
}
QUEUE_TABLES = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
FROM_ONE = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND pg_sequence_last_value(oid) > 0"
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass
class Mailbox:
    """The mailer of tests that are not about mail servers: it keeps every e-mail it is handed."""

    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    def to(self, address):
        return [mail for mail in self.mails if mail.to == address]


def pytest_configure():
    """Servers of the tests' own are on this machine, where no proxy leads."""
    os.environ.update(past_proxies(os.environ))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config):
    """All workers of a run share one server, which ends with the run."""
    if "TEST_DATABASE_URL" not in os.environ:
        server = ExitStack()
        os.environ["TEST_DATABASE_URL"] = server.enter_context(_embedded())
        config.add_cleanup(server.close)


@contextmanager
def _embedded():
    with TemporaryDirectory(prefix="portline-tests-") as folder, serving(Path(folder) / "database") as server:
        yield server.url


@pytest.fixture(scope="session")
def server():
    """URL of a PostgreSQL server: TEST_DATABASE_URL, or an embedded one."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with _embedded() as url:
        yield url


@pytest.fixture(scope="session")
def tables(server):
    """URL of a database of this worker's own, with every table, that does not wait for the disk."""
    name = f"portline_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    with engine.connect() as connection:
        migrations = Config("alembic.ini", attributes={"connection": connection})
        command.upgrade(migrations, "head")
    engine.dispose()
    yield url
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def engine(tables):
    """Connections that stay open for as long as the run, since a new one has to learn what the tables are."""
    engine = connect(tables)
    yield engine
    engine.dispose()


@pytest.fixture
def database(tables, engine):
    """URL of an empty database."""
    with closing(engine.raw_connection()) as connection:
        empty(connection.driver_connection)
        connection.driver_connection.execute(FROM_ONE)
        connection.commit()
    return tables


def empty(connection):
    """Delete what is there: truncating many tables takes ten times as long."""
    names = [*QUEUE_TABLES, *(table.name for table in reversed(models.Base.metadata.sorted_tables))]
    is_filled = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    filled = SQL(" UNION ALL ").join(is_filled.format(Literal(name), Identifier(name)) for name in names)
    for (name,) in connection.execute(filled).fetchall():
        connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses():
    with pytest.MonkeyPatch.context() as patch:
        once.compile_addresses(patch)
        yield


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory):
    return FileSystemBytecodeCache(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def clock():
    """The clock of both sides; it stands until it is wound."""
    clock = RehearsalClock(None, start=MONDAY)
    service_time.use_clock(clock.now)
    yield clock
    service_time.use_clock(service_time.real_time)


@pytest.fixture(scope="session")
def rehearsal():
    """One sandbox, its web application and its way out for all tests, because building the application is dear."""
    to_us = requests.Session()
    world = World(
        RehearsalClock(None, start=MONDAY),
        account_sid=CARRIER_SETTINGS["TWILIO_ACCOUNT_SID"],
        auth_token=CARRIER_SETTINGS["TWILIO_AUTH_TOKEN"],
        session=to_us,
    )
    return world, InProcess(create_sandbox(world, public_url=SANDBOX)), to_us


@pytest.fixture
def to_us(rehearsal):
    """The carrier's way to our webhooks; `app` plugs our application in."""
    *_, to_us = rehearsal
    to_us.adapters.clear()
    to_us.mount("http://", Nobody())
    return to_us


@pytest.fixture
def world(rehearsal, to_us, clock):
    """The carrier, and everybody on its other side: nothing happened there yet."""
    world, *_ = rehearsal
    world.exchange.clock = world.faults.clock = clock
    world.reset()
    return world


@pytest.fixture
def to_carrier(rehearsal, world):
    """Our way to the carrier."""
    _, sandbox, _ = rehearsal
    session = requests.Session()
    session.mount(SANDBOX, sandbox)
    return session


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def settings(database, tmp_path):
    return Settings(
        database_url=database,
        public_base_url=PORTLINE,
        secret_key="x" * 40,
        sealing_keys=(Fernet.generate_key().decode(),),
        carriers=("twilio",),
        platform_number=PLATFORM_NUMBER,
        media_url=f"file:{tmp_path}/media",
        undo_seconds=0,
        ledger_grace_seconds=0,
    )


@pytest.fixture
def sessions(database, engine):
    return sessions_on(engine)


@pytest.fixture
def carriers(to_carrier, sessions):
    """The carriers by name; a test that wants more of them brings its own."""
    return {"twilio": twilio.build(CARRIER_SETTINGS, to_carrier)}


@pytest.fixture
def services(settings, carriers, sessions, mailbox):
    """Our services, wired to the sandbox."""
    return assemble(settings, carriers, mailbox, sessions)


@pytest.fixture
def app(services, to_us, compiled_templates):
    """Our web application, which the carrier reaches too."""
    app = create_app(services)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = compiled_templates
    to_us.mount(PORTLINE, InProcess(app))
    return app


@pytest.fixture
def set_up(services, app):
    """The carrier's account as it is when we go live: it calls us back, and our own texts have a sender."""
    set_up_carrier(services, buy_platform_number=True)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def session(services):
    """A session in a transaction that is committed when the test has been through with it."""
    with services.sessions.begin() as session:
        yield session


class Loop:
    """An event loop in a thread of its own: a browser's driver leaves one running in the main thread."""

    def __init__(self):
        self._thread = ThreadPoolExecutor(1, "queue")
        self._runner = self._thread.submit(asyncio.Runner).result()

    def run(self, coroutine):
        return self._thread.submit(self._runner.run, coroutine).result()

    def close(self):
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


@pytest.fixture(scope="session")
def loop(tables):
    """The queue's own loop, with its connections open, for as long as the run."""
    handlers.app.connector = handlers.app.job_manager.connector = PsycopgConnector(conninfo=tables)
    with closing(Loop()) as loop:
        loop.run(handlers.app.open_async().__aenter__())
        yield loop
        loop.run(handlers.app.close_async())


class _Failures(logging.Handler):
    """What jobs failed of: a test must not pass over it."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.seen = []

    def emit(self, record):
        if record.exc_info and record.exc_info[1]:
            self.seen.append(record.exc_info[1])


@dataclass
class Work:
    """Does everything that is due on both sides until nothing is left: `work()`."""

    world: World
    services: Services
    loop: Loop

    def __call__(self, *, failing: bool = False) -> list[BaseException]:
        """With `failing` jobs may fail, and what they failed of is returned; else the first failure is raised."""
        failures = _Failures()
        log = logging.getLogger("procrastinate.worker")
        log.addHandler(failures)
        try:
            self._until_quiet()
        finally:
            log.removeHandler(failures)
        if failures.seen and not failing:
            raise failures.seen[0]
        return failures.seen

    def _until_quiet(self):
        for _ in range(100):
            self.world.run_due()
            read_all(self.services)
            if not self._due():
                return
            self.loop.run(self._jobs())
        raise AssertionError("there is always more to do")

    def _due(self):
        due = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        with self.services.sessions() as session:
            return session.scalar(text(due))

    async def _jobs(self):
        await handlers.app.run_worker_async(
            wait=False,
            concurrency=1,
            listen_notify=False,
            install_signal_handlers=False,
            additional_context={"services": self.services},
        )


@pytest.fixture
def work(world, services, set_up, loop):
    return Work(world, services, loop)
