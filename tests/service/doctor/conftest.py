"""An installation that could go live, for the doctor to examine."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import psycopg
import pytest
import requests

from provisioning.carriers import twilio
from provisioning.carriers.twilio import voice_sdk
from service.callbacks import set_up_carrier
from service.doctor.checkup import examine
from service.doctor.findings import Patient, Verdict
from service.operator_texts import Topic
from service.queue import connection_of
from service.schedule.leader import LEADER
from tests.conftest import CARRIER_SETTINGS, SANDBOX
from tests.in_process import InProcess
from tests.push_service import VAPID_KEY

ADDRESS = "https://portline.test"


class WithDate(requests.adapters.BaseAdapter):
    """A transport that adds a Date header, as every web server does; `wrong` by so many seconds."""

    def __init__(self, way):
        super().__init__()
        self.way, self.wrong = way, 0

    def send(self, request, **settings):
        answer = self.way.send(request, **settings)
        date = datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.wrong, UTC)
        answer.headers["Date"] = format_datetime(date, usegmt=True)
        return answer

    def close(self):
        self.way.close()


@pytest.fixture
def settings(settings, tmp_path, monkeypatch):
    (tmp_path / "sdk.js").write_text("const Twilio = {}")
    monkeypatch.setattr(voice_sdk, "FETCHED", tmp_path / "sdk.js")
    for topic in Topic:
        (tmp_path / f"{topic}.en.md").write_text("Ask us.")
    return replace(
        settings,
        public_base_url=ADDRESS,
        trusted_proxies=1,
        mail_url="smtp://mail.test",
        mail_from="Portline <hello@portline.test>",
        operator_texts=tmp_path,
        vapid_key=VAPID_KEY,
    )


@pytest.fixture
def date(to_carrier):
    """The carrier's clock; a test may set how far it is `wrong`."""
    date = WithDate(to_carrier.get_adapter(SANDBOX))
    to_carrier.mount(SANDBOX, date)
    return date


@pytest.fixture
def in_earnest(services, app, to_us, to_carrier, date):
    """The same services with a carrier that is not marked as a rehearsal's."""
    to_us.mount(ADDRESS, InProcess(app))
    carrier = twilio.build(CARRIER_SETTINGS, to_carrier)
    in_earnest = replace(services, carriers={"twilio": replace(carrier, rehearsal=False)})
    set_up_carrier(in_earnest, buy_platform_number=True)
    return in_earnest


@pytest.fixture
def worker(services):
    """A worker whose heartbeat is fresh."""
    with services.sessions.begin() as session:
        connection_of(session).execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


@pytest.fixture
def leader(services):
    """A clock process that leads."""
    with psycopg.connect(services.settings.database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LEADER])
        yield connection


@pytest.fixture
def patient(in_earnest, worker, leader, to_us):
    return Patient(in_earnest, to_us)


@pytest.fixture
def complaints(patient):
    """The doctor's findings, each with what to do about it."""

    def complaints(changed=None):
        found = [finding for finding in examine(changed or patient) if finding.verdict is not Verdict.OK]
        assert all(finding.advice for finding in found)
        return [(finding.verdict.value, finding.what) for finding in found]

    return complaints
