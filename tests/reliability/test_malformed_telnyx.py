"""The same at a carrier that signs the body and sends events: nonsense causes no server error, signed or not."""

import json
import os
from base64 import b64encode
from copy import deepcopy
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from provisioning.carriers import telnyx
from provisioning.contract.callbacks import Subject
from sandbox.exchange import TELNYX_KEY
from sandbox.telnyx.keys import private_key
from service.time import now
from service.wiring import addresses_with
from tests.provisioning.rehearsal import AT_TELNYX
from tests.provisioning.test_telnyx_callbacks import CALLED, FIXTURES, fixture
from tests.reliability.test_malformed import bodies, latin
from tests.service.inbox.lines import a_standing_line
from webhooks.models import Received
from webhooks.reader import read_all

REQUESTS = int(os.environ.get("MALFORMED_REQUESTS", "200")) // 2
"""For the unsigned, and for the garbled."""

EVENTS = {
    Subject.PORTING: "porting_",
    Subject.MESSAGE: "message",
    Subject.MESSAGE_STATUS: "message_",
    Subject.VOICE: "voice_",
    Subject.CALL_STATUS: "call_",
    Subject.RECORDING: "recording_",
    Subject.TRANSCRIPT: "transcript",
    Subject.REGISTRATION: "_changed",
}
"""What the names of the genuine callbacks of each subject have."""

GENUINE = [(subject, path.name) for subject, part in EVENTS.items() for path in sorted(FIXTURES.glob(f"*{part}*"))]
WORDS = ("", "å", "\x00", "\ud800", "x" * 3000, "2026-13-40")
NONSENSE = [*WORDS, None, True, 7, -(10**19), 1e308, [], [[]], {}, {"id": 7}]

several = settings(
    max_examples=REQUESTS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def places(found, *way):
    """The way to each value of a JSON document."""
    pairs = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in pairs:
        yield (*way, key)
        yield from places(value, *way, key)


def garbled_event(body, where, nonsense):
    """An event in which one value is nonsense, or missing (`...`)."""
    event = deepcopy(json.loads(body))
    *above, last = list(places(event))[where % len(list(places(event)))]
    parent = event
    for key in above:
        parent = parent[key]
    if nonsense is ...:
        del parent[last]
    else:
        parent[last] = nonsense
    return json.dumps(event).encode()


def garbled_form(body, where, nonsense):
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    name = list(fields)[where % len(fields)]
    rest = {key: value for key, value in fields.items() if key != name}
    told = str(nonsense).encode("utf-8", "surrogatepass")
    return urlencode(rest if nonsense is ... else rest | {name: told}).encode()


@pytest.fixture
def carriers(carriers, to_carrier, settings):
    address = partial(addresses_with(settings), "telnyx")
    return carriers | {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address)}


@pytest.fixture
def stored(services):
    def count(*where):
        with services.sessions() as session:
            return session.scalar(select(func.count()).select_from(Received).where(*where))

    return count


@pytest.fixture
def post(client, services):
    """Post to our address of a subject, which bears its mark."""

    def post(subject, body, content_type, headers, more=""):
        address = urlsplit(services.webhook("telnyx", subject))
        query = address.query + more
        told = {"content_type": content_type, "headers": headers, "environ_overrides": {"QUERY_STRING": query}}
        with client.post(address.path, data=body, **told) as answer:  # as a server does: arrivals are written then
            return answer.status_code

    return post


@pytest.fixture
def post_signed(post):
    def post_signed(subject, body, name):
        stamp = str(int(now().timestamp()))
        signature = b64encode(private_key(TELNYX_KEY).sign(f"{stamp}|".encode() + body)).decode()
        kind = "application/x-www-form-urlencoded" if name.endswith(".form") else "application/json"
        return post(subject, body, kind, {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature})

    return post_signed


def test_what_nobody_signed_is_turned_away_and_not_stored(post, stored):
    stamps = st.one_of(latin, st.just(str(int(now().timestamp()))))
    signatures = st.one_of(latin, st.binary(min_size=64, max_size=64).map(lambda raw: b64encode(raw).decode()))
    signed = {"telnyx-timestamp": stamps, "telnyx-signature-ed25519": signatures}

    @several
    @given(
        subject=st.sampled_from(Subject),
        body=bodies,
        headers=st.fixed_dictionaries({}, optional=signed),
        content_type=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
        more=st.one_of(st.just(""), latin),
    )
    def throw(subject, body, headers, content_type, more):
        assert 400 <= post(subject, body, content_type, headers, more) < 500

    throw()
    assert stored() == 0


def test_an_event_that_was_garbled_and_signed_is_read_and_troubles_nobody_else(post_signed, services, stored):
    @several
    @given(st.sampled_from(GENUINE), st.integers(0, 200), st.sampled_from([..., *NONSENSE]))
    def throw(genuine, where, nonsense):
        subject, name = genuine
        garble = garbled_form if name.endswith(".form") else garbled_event
        assert post_signed(subject, garble(fixture(name), where, nonsense), name) < 500

    with services.sessions.begin() as session:
        a_standing_line(session, number=CALLED)
    throw()
    read_all(services)
    with services.sessions() as session:
        troubles = set(session.scalars(select(Received.trouble)))
        # a call or text may come before its number does, whose digits were garbled
        assert troubles <= {"", "too early"}
    assert stored() > REQUESTS // 2  # of calls, arrivals alone are kept
