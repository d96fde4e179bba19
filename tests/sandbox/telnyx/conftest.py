"""The second carrier's own SDK as a foreign client, and `requests`; its description judges both where it is there."""

import json
from base64 import b64encode
from datetime import timedelta

import httpx
import pytest
import requests
from telnyx import Telnyx

from sandbox.exchange import TELNYX_KEY
from tests.in_process import InProcess
from tests.provisioning import referee
from tests.sandbox.conftest import LISTENER, SANDBOX

BASE = f"{SANDBOX}/api.telnyx.com/v2"
TOLD = f"{LISTENER}/told"
PLAIN = "+14155552671"
END_USER = {
    "admin": {
        "entity_name": "Alice Plumbing",
        "auth_person_name": "Alice Archer",
        "billing_phone_number": PLAIN,
        "account_number": "1000200030",
        "pin_passcode": "4242",
    },
    "location": {
        "street_address": "1 Main St",
        "locality": "San Francisco",
        "administrative_area": "CA",
        "postal_code": "94103",
        "country_code": "US",
    },
}


class OverRequests(httpx.BaseTransport):
    """Carries the SDK's requests over a `requests` session, on which the sandbox and its judge are mounted."""

    def __init__(self, session):
        self._session = session

    def handle_request(self, request):
        wanted = requests.Request(request.method, str(request.url), dict(request.headers), data=request.read())
        answer = self._session.send(wanted.prepare())
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


@pytest.fixture
def line(app):
    """A session on which everything is judged; it has no key."""
    session = requests.Session()
    transport = InProcess(app)
    session.mount(SANDBOX, referee.Referee(transport, SANDBOX) if referee.is_telnyx_present() else transport)
    return session


@pytest.fixture
def sdk(line):
    with httpx.Client(transport=OverRequests(line)) as http:
        yield Telnyx(api_key=TELNYX_KEY, base_url=BASE, max_retries=0, http_client=http)


def asking(session):
    def ask(method, path, body=None, key=TELNYX_KEY, headers=None, **query):
        signed = {"Authorization": f"Bearer {key}"} | (headers or {})
        return session.request(method, BASE + path, json=body, params=query, headers=signed)

    return ask


@pytest.fixture
def api(line):
    """Asks as `api("GET", "/balance")`, with the key; returns the answer."""
    return asking(line)


@pytest.fixture
def raw(app):
    """The same without a judge, for requests that the carrier's description does not allow."""
    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    return asking(session)


@pytest.fixture
def buy(sdk, world, clock):
    """Buy a number by a search and an order, with what the order says besides; its resource."""

    def one(area="415", **order):
        query = {"country_code": "US", "national_destination_code": area, "limit": 1}
        [offer] = sdk.available_phone_numbers.list(filter=query).data
        sdk.number_orders.create(phone_numbers=[{"phone_number": offer.phone_number}], **order)
        clock.jump(world.exchange.delays.number_ordered)
        world.run_due()
        clock.jump(world.exchange.delays.number_provisioned)
        [number] = sdk.phone_numbers.list(filter={"phone_number": offer.phone_number}).data
        return number

    return one


@pytest.fixture
def paper(sdk):
    file = b64encode(b"%PDF-1.4").decode()
    return lambda: sdk.documents.upload_json(document={"file": file, "filename": "letter.pdf"}).data.id


@pytest.fixture
def filled(sdk, paper, listener):
    """A draft for these numbers with all that it needs; its id."""
    listener.answers["/told"] = ("", 200)

    def fill(*numbers, **changes):
        [draft] = sdk.porting_orders.create(phone_numbers=list(numbers), customer_reference="ours").data
        papers = {"loa": paper(), "invoice": paper()}
        sdk.porting_orders.update(draft.id, end_user=END_USER, documents=papers, webhook_url=TOLD, **changes)
        return draft.id

    return fill


@pytest.fixture
def after(world, clock):
    def wait(**length):
        clock.jump(timedelta(**length))
        world.run_due()

    return wait


def events(listener, path="/told"):
    """The events that came to a path: type and payload of each."""
    told = [json.loads(heard.body)["data"] for heard in listener.at(path)]
    return [(event["event_type"], event["payload"]) for event in told]
