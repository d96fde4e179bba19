from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import requests

from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.settings import Settings
from provisioning.carriers.twilio import build
from provisioning.http import Outgoing
from sandbox.app import create_app
from sandbox.clock import RehearsalClock
from sandbox.faults import Faults
from sandbox.world import World
from tests.in_process import InProcess, Nobody
from tests.provisioning import referee
from tests.provisioning.rehearsal import ACCOUNT, AT_TELNYX, ENVIRON, REGISTERING, SANDBOX, TOKEN

pytest.register_assert_rewrite("tests.provisioning.carrier_cases")


MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


def pytest_report_header():
    if not referee.is_present():
        return "no referee: fetch the carrier's OpenAPI files with python -m tests.provisioning.fetch_openapi"
    return "referee: the carrier's OpenAPI files"


@pytest.fixture(scope="session")
def callback_session():
    """The session through which the sandbox calls back; a test mounts its own application on it."""
    return requests.Session()


@pytest.fixture(scope="session")
def sandbox(callback_session):
    """One sandbox and its web application for all tests, because building the application is dear."""
    world = World(RehearsalClock(None, start=MONDAY), account_sid=ACCOUNT, auth_token=TOKEN, session=callback_session)
    return world, InProcess(create_app(world, public_url=SANDBOX))


@pytest.fixture
def clock():
    return RehearsalClock(None, start=MONDAY)


@pytest.fixture
def world(sandbox, callback_session, clock):
    """An empty world on a Monday, without faults and without callbacks."""
    world, _ = sandbox
    callback_session.adapters.clear()
    callback_session.mount("https://", Nobody())
    world.exchange.clock, world.exchange.faults = clock, Faults(clock)
    world.reset()
    return world


@pytest.fixture
def session(sandbox, world):
    """A way to the sandbox without sockets, watched by the referee where there is one."""
    _, transport = sandbox
    session = requests.Session()
    session.mount(SANDBOX, referee.Referee(transport, SANDBOX) if referee.is_present() else transport)
    telnyx = f"{SANDBOX}/api.telnyx.com"
    session.mount(telnyx, referee.Referee(transport, SANDBOX) if referee.is_telnyx_present() else transport)
    return session


@pytest.fixture
def carrier(session):
    return build(ENVIRON, session)


@pytest.fixture
def network(session):
    """The network of an account that registers businesses."""
    return build(REGISTERING, session).network


@pytest.fixture
def let_days_pass(world, clock):
    """Let so many days pass in four steps: one decision of the carrier may follow from another."""

    def let_pass(days):
        for _ in range(4):
            clock.jump(timedelta(days=days / 4))
            world.run_due()

    return let_pass


@pytest.fixture
def carry(world, clock):
    """Let a minute pass, in which the carrier carries what it has accepted."""

    def carry():
        clock.jump(timedelta(minutes=1))
        world.run_due()

    return carry


@pytest.fixture
def at_telnyx(session, carry):
    """The client and the settings of an account at Telnyx, and how to wait there: by letting the sandbox work."""
    settings = Settings.from_environ(AT_TELNYX)
    outgoing = Outgoing(session, settings.base_url)
    client = Client(outgoing, settings)
    return SimpleNamespace(client=client, outgoing=outgoing, settings=settings, pause=lambda _: carry())
