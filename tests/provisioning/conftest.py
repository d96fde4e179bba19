from datetime import UTC, datetime

import pytest
import requests

from provisioning.carriers.twilio import build
from sandbox.app import create_app
from sandbox.clock import RehearsalClock
from sandbox.world import World
from tests.provisioning import referee
from tests.provisioning.in_process import InProcess
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, SANDBOX, TOKEN

pytest.register_assert_rewrite("tests.provisioning.carrier_cases")


def pytest_report_header():
    if not referee.is_present():
        return "no referee: fetch the carrier's OpenAPI files with python tests/provisioning/fetch_openapi.py"
    return "referee: the carrier's OpenAPI files"


@pytest.fixture
def clock():
    return RehearsalClock(None, start=datetime(2026, 3, 2, 15, tzinfo=UTC))


@pytest.fixture
def world(clock):
    return World(clock, account_sid=ACCOUNT, auth_token=TOKEN, session=requests.Session())


@pytest.fixture
def session(world):
    """A way to the sandbox without sockets, watched by the referee where there is one."""
    transport = InProcess(create_app(world, public_url=SANDBOX))
    session = requests.Session()
    session.mount(SANDBOX, referee.Referee(transport, SANDBOX) if referee.is_present() else transport)
    return session


@pytest.fixture
def carrier(session):
    return build(ENVIRON, session)
