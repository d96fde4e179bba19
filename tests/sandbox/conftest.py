"""A carrier in memory, its SDK client on the wire without sockets, and a listener for its callbacks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask, Response, request
from requests.auth import HTTPBasicAuth
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.numbers.v1.porting_port_in import PortingPortInList

from sandbox.app import create_app
from sandbox.clock import RehearsalClock
from sandbox.exchange import registered_service
from sandbox.world import World
from tests.in_process import InProcess

SID = "AC000000000000000000000000000000aa"
TOKEN = "rehearsal-auth-token"
SANDBOX = "http://sandbox.test"
LISTENER = "http://listener.test"
BEGIN = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass
class ProcessedText:
    """A callback as it came in."""

    path: str
    url: str
    form: dict
    json: dict | None
    headers: dict
    body: str


@dataclass
class Listener:
    """Takes the place of our web application: stores every callback and gives the answers that a test prepared."""

    heard: list[ProcessedText] = field(default_factory=list)
    answers: dict = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("listener")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def hear(path):
            url = LISTENER + request.path + (f"?{request.query_string.decode()}" if request.query_string else "")
            told = request.get_json() if request.is_json else None
            form = request.form if request.method == "POST" else request.args
            body = request.get_data(as_text=True)
            self.heard.append(ProcessedText(f"/{path}", url, form.to_dict(), told, dict(request.headers), body))
            answer = self.answers.get(f"/{path}", ("", 204))
            answer = answer(self.heard[-1]) if callable(answer) else answer
            return Response(*answer) if isinstance(answer, tuple) else Response(str(answer), mimetype="text/xml")

        return app

    def at(self, path):
        return [each for each in self.heard if each.path == path]


class SandboxHttp(TwilioHttpClient):
    """The SDK's own client; only the address of the carrier's hosts is another."""

    def request(self, method, url, *args, **kwargs):
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return super().request(method, f"{SANDBOX}/{parts.netloc}{parts.path}{query}", *args, **kwargs)


def play_calls(world):
    """Play the calls under way to their end, for which the clock moves on."""
    world.run_due()
    while moment := world.next_in_calls():
        world.clock.jump_to(max(moment, world.clock.now()))
        world.run_due()


@pytest.fixture
def clock():
    return RehearsalClock(None, start=BEGIN)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture(scope="session")
def stage():
    """One world and one app for all tests: to build an app anew takes longer than most tests."""
    world = World(RehearsalClock(None, BEGIN), account_sid=SID, auth_token=TOKEN, session=requests.Session())
    return world, create_app(world, public_url=SANDBOX)


@pytest.fixture
def world(stage, clock, listener):
    world, _ = stage
    world.exchange.clock = world.faults.clock = clock
    world.reset()
    world._callbacks._session.mount(LISTENER, InProcess(listener.app()))
    return world


@pytest.fixture
def app(stage, world):
    return stage[1]


@pytest.fixture
def wire(app):
    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    session.auth = HTTPBasicAuth(SID, TOKEN)
    return session


@pytest.fixture
def client(app):
    http = SandboxHttp()
    http.session.mount(SANDBOX, InProcess(app))
    return Client(SID, TOKEN, http_client=http)


@pytest.fixture
def register(client):
    """Let numbers of the account (sids) text, which then have their own webhooks still."""
    service = client.messaging.v1.services(registered_service(SID))

    def put(number):
        service.update(use_inbound_webhook_on_number=True)
        service.phone_numbers.create(phone_number_sid=number)

    return put


@pytest.fixture
def document(wire):
    answer = wire.post(
        f"{SANDBOX}/numbers-upload.twilio.com/v1/Documents",
        data={"document_type": "utility_bill"},
        files={"File": ("bill.pdf", b"%PDF-1.4 bill", "application/pdf")},
    )
    return answer.json()["sid"]


@pytest.fixture
def order(document):
    def fill(*numbers, **changes):
        losing = {
            "customer_name": "Alice Plumbing",
            "authorized_representative": "Alice Archer",
            "authorized_representative_email": "alice@example.com",
            "account_number": "1000200030",
            "address": {"street": "1 Main St", "city": "San Francisco", "state": "CA", "zip": "94103", "country": "US"},
        }
        return {
            "account_sid": SID,
            "documents": [document],
            "phone_numbers": [{"phone_number": number, "pin": "4242"} for number in numbers],
            "losing_carrier_information": losing | changes.pop("losing", {}),
        } | changes

    return fill


@pytest.fixture
def file_port(client, order):
    def file(*numbers, **changes):
        body = PortingPortInList.NumbersV1PortingPortInCreate(order(*numbers, **changes))
        return client.numbers.v1.porting_port_ins.create(numbers_v1_porting_port_in_create=body).port_in_request_sid

    return file
