"""Real parts for every test: PostgreSQL, the carrier's SDK on the wire, the sandbox on the other end, no sockets."""

import gc
import os
import pickle
from base64 import urlsafe_b64encode
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
import requests
from alembic import command
from alembic.config import Config
from jinja2 import FileSystemBytecodeCache
from procrastinate import PsycopgConnector
from sqlalchemy import event
from sqlalchemy.engine import make_url

from laptop.database import serving
from laptop.rehearsal import past_proxies
from provisioning.carriers import twilio
from sandbox.app import create_app as create_sandbox
from sandbox.clock import RehearsalClock
from sandbox.exchange import browser_key, primary_profile, registered_service, secret_of_browser_key
from sandbox.world import World
from service import handlers
from service import time as service_time
from service.callbacks import set_up_carrier
from service.config import Settings
from service.db import connect, sessions_on
from service.wiring import assemble
from tests import compiled_rules, rows
from tests.in_process import InProcess, Nobody
from tests.shared import Mailbox, Rehearsal, Shared
from tests.snapshots import Commits, Snapshots, Story, Surroundings
from tests.worker import Loop, Work

SANDBOX = "http://sandbox.test"
PORTLINE = "http://localhost:8000"
PLATFORM_NUMBER = "+12022367003"
ACCOUNT = "AC000000000000000000000000000000aa"
REGISTERED = registered_service(ACCOUNT)
"""The service under which our texts are registered at the carrier; `world.registry.decide_campaign` changes that."""
CARRIER_SETTINGS = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": "rehearsal-auth-token",
    "TWILIO_MESSAGING_SERVICE_SID": REGISTERED,
    "TWILIO_PRIMARY_PROFILE_SID": primary_profile(ACCOUNT),
    "TWILIO_REGISTRATION_EMAIL": "registrations@portline.example",
    "TWILIO_API_KEY_SID": browser_key(ACCOUNT),
    "TWILIO_API_KEY_SECRET": secret_of_browser_key("rehearsal-auth-token"),
    "TWILIO_BASE_URL": SANDBOX,
}
SEALING_KEY = urlsafe_b64encode(b"k" * 32).decode()
"""The same for all workers, since one reads what another has sealed."""

SETTINGS_OF_THE_SERVER = {"fsync": "off", "full_page_writes": "off", "jit": "off", "max_connections": "300"}
"""Settings of a server whose data end with the run, after a crash too, and which all workers share."""

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
WATCHING = {"monkeypatch", "caplog", "capsys", "crashes"}
"""A test with one of these changes how things are done, or watches them being done: nothing is copied for it."""

LONGEST = (
    "tests/journeys/test_demo.py",
    "tests/reliability/test_port_lifecycle.py",
    "tests/service/web/desk/test_season.py",
    "tests/reliability/test_cutover.py",
    "tests/browser/",
    "tests/journeys/",
    "tests/service/test_worker.py",
    "tests/service/web/shell/test_hostile_requests.py",
    "tests/service/porting/test_photos.py",
    "tests/service/porting/test_bill_corpus.py",
    "tests/service/schedule/",
    "tests/reliability/",
    "tests/laptop/",
    "tests/test_migrations.py",
)
"""Where tests take seconds, the slowest first."""


def pytest_configure():
    """Servers of the tests' own are on this machine, where no proxy leads."""
    os.environ.update(past_proxies(os.environ))
    # collecting garbage as often as Python does by itself is a tenth of a run's processor time
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Two more than there are cores: a demo and a browser wait most of their time, and each test for its database."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left alone with it in the end; the rest stays as it was."""
    items.sort(key=_turn)


def pytest_collection_finish():
    """What is there now stays until the end: no collection of garbage needs to look at it again."""
    gc.collect()
    gc.freeze()


def _turn(item):
    turns = (turn for turn, beginning in enumerate(LONGEST) if item.nodeid.startswith(beginning))
    return next(turns, len(LONGEST))


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
        with psycopg.connect(server.url, autocommit=True) as connection:
            for setting, value in SETTINGS_OF_THE_SERVER.items():
                connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
        server.stop()
        server.start()
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
        connection.execute(f"ALTER DATABASE {name} SET plan_cache_mode = force_generic_plan")
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
    """Connections that stay open for as long as the run, since a new one has to learn what the tables are.

    They are used without asking first whether they are still open, which was one statement of ten.
    """
    engine = connect(tables)
    event.listen(engine, "connect", _plan_once)
    engine.pool._pre_ping = False
    yield engine
    engine.dispose()


def _plan_once(connection, _):
    """Have the database keep the plan of every statement: planning takes longer than most of them run."""
    connection.prepare_threshold, connection.prepared_max = 1, 10_000


@pytest.fixture
def connections_cut(engine):
    """For tests that cut the connections of others: each is checked before use, as in earnest."""
    engine.pool._pre_ping = True
    yield
    engine.pool._pre_ping = False
    engine.dispose()


@pytest.fixture
def database(tables, engine):
    """URL of an empty database."""
    with closing(engine.raw_connection()) as connection:
        rows.empty(connection.driver_connection)
        connection.driver_connection.execute(rows.FROM_ONE)
        connection.commit()
    return tables


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses():
    with pytest.MonkeyPatch.context() as patch:
        compiled_rules.compile_addresses(patch)
        yield


@pytest.fixture
def clock():
    """The clock of both sides; it stands until it is wound."""
    clock = RehearsalClock(None, start=MONDAY)
    service_time.use_clock(clock.now)
    yield clock
    service_time.use_clock(service_time.real_time)


@pytest.fixture(scope="session")
def rehearsal():
    """One for all tests, because building the application is dear."""
    to_us = requests.Session()
    world = World(
        RehearsalClock(None, start=MONDAY),
        account_sid=CARRIER_SETTINGS["TWILIO_ACCOUNT_SID"],
        auth_token=CARRIER_SETTINGS["TWILIO_AUTH_TOKEN"],
        session=to_us,
    )
    return Rehearsal(world, InProcess(create_sandbox(world, public_url=SANDBOX)), to_us, requests.Session())


@pytest.fixture
def to_us(rehearsal):
    """The carrier's way to our webhooks; `app` plugs our application in."""
    rehearsal.to_us.adapters.clear()
    rehearsal.to_us.mount("http://", Nobody())
    return rehearsal.to_us


@pytest.fixture
def world(rehearsal, to_us, clock):
    """The sandbox's world, as it is at the beginning."""
    world = rehearsal.world
    world.exchange.clock = world.faults.clock = clock
    world.reset()
    rehearsal.untouched = pickle.dumps(world.state)
    return world


@pytest.fixture
def to_carrier(rehearsal, world):
    """Our way to the carrier."""
    rehearsal.to_carrier.adapters.clear()
    rehearsal.to_carrier.mount(SANDBOX, rehearsal.sandbox)
    return rehearsal.to_carrier


@pytest.fixture(scope="session")
def folder_of_the_run(tmp_path_factory):
    """Make a folder that all workers of this run share; `folder_of_the_run("templates")`."""
    own = tmp_path_factory.getbasetemp()
    of_all = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def make(name):
        (of_all / name).mkdir(exist_ok=True)
        return of_all / name

    return make


@pytest.fixture(scope="session")
def shared(tables, engine, rehearsal, tmp_path_factory, folder_of_the_run):
    settings = Settings(
        database_url=tables,
        public_base_url=PORTLINE,
        secret_keys=("x" * 40,),
        sealing_keys=(SEALING_KEY,),
        carriers=("twilio",),
        platform_number=PLATFORM_NUMBER,
        media_url=f"file:{tmp_path_factory.mktemp('shared') / 'media'}",
        single_business=True,  # its numbers text at once; tests of registering, journeys and the demo do without
        undo_seconds=0,
        calls_per_second=1000,
        ledger_grace_seconds=0,
    )
    carriers = {"twilio": twilio.build(CARRIER_SETTINGS, rehearsal.to_carrier)}
    services = assemble(settings, carriers, Mailbox(), sessions_on(engine))
    templates = FileSystemBytecodeCache(folder_of_the_run("templates"))
    return Shared(services, templates, Snapshots(folder_of_the_run("snapshots")))


@pytest.fixture
def mailbox(shared):
    """The empty mailbox that all e-mail goes to."""
    shared.services.mailer.mails.clear()
    return shared.services.mailer


@pytest.fixture
def media(shared):
    """The directory of media; nothing is there yet."""
    directory = Path(shared.services.settings.media_url.removeprefix("file:"))
    rmtree(directory, ignore_errors=True)
    return directory


@pytest.fixture
def limits():
    """Settings that a test changes by a parameter."""
    return {}


@pytest.fixture
def settings(shared, database, media, limits):
    return replace(shared.services.settings, **limits)


@pytest.fixture
def sessions(shared, database):
    return shared.services.sessions


@pytest.fixture
def carriers(shared, to_carrier):
    """The carriers by name; a test that wants more of them brings its own."""
    return shared.services.carriers


@pytest.fixture
def services(shared, settings, carriers, sessions, mailbox):
    """Our services, wired to the sandbox."""
    wired = assemble(settings, carriers, mailbox, sessions)
    as_usual = (settings, carriers) == (shared.services.settings, shared.services.carriers)
    return shared.services if as_usual else wired


@pytest.fixture
def app(shared, services, to_us):
    """Our web application, which the carrier reaches too."""
    around = nullcontext(shared.app_as_new()) if services is shared.services else shared.beside(services)
    with around as app:
        to_us.mount(PORTLINE, InProcess(app))
        yield app


@pytest.fixture(scope="session")
def commits(engine):
    return Commits(engine)


@pytest.fixture
def surroundings(engine, commits, world, clock, mailbox, media):
    """Everything that a test can change, for snapshots."""
    return Surroundings(engine, commits, world, clock, mailbox.mails, media)


@pytest.fixture
def story(shared, services, surroundings, request):
    """The steps of the test; steps that another test has taken are restored from a snapshot."""
    carriers = services.carriers
    world_as_usual = pickle.dumps(surroundings.world.state) == request.getfixturevalue("rehearsal").untouched
    carrier_as_usual = carriers.get("twilio") is shared.services.carriers["twilio"]
    as_usual = carrier_as_usual and world_as_usual and not WATCHING & set(request.fixturenames)
    beginning = shared.changed(services.settings), tuple(carriers)
    return Story(shared.snapshots, surroundings, beginning if as_usual else None)


@pytest.fixture
def set_up(services, app, story):
    """The carrier's account as it is when we go live: it calls us back, and our own texts have a sender."""
    story.come_to(lambda: set_up_carrier(services, buy_platform_number=True))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def session(services):
    """A session in a transaction that is committed when the test has been through with it."""
    with services.sessions.begin() as session:
        yield session


@pytest.fixture(scope="session")
def loop(tables):
    """The queue's own loop, with its connections open, for as long as the run."""
    handlers.app.connector = handlers.app.job_manager.connector = PsycopgConnector(conninfo=tables)
    with closing(Loop()) as loop:
        loop.run(handlers.app.open_async().__aenter__())
        yield loop
        loop.run(handlers.app.close_async())


@pytest.fixture
def work(world, services, set_up, loop):
    return Work(world, services, loop)
