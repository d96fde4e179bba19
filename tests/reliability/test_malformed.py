"""Malformed callbacks cause no server error, and nothing is stored without a carrier's signature."""

import os
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from provisioning.contract.callbacks import Subject
from service.callback_addresses import Step
from tests.factories import a_line
from tests.webhooks.callback_forms import DOOR, FORM, post_form, sign
from webhooks.models import Received
from webhooks.reader import read_all

REQUESTS = int(os.environ.get("MALFORMED_REQUESTS", "600")) // len(Subject)
"""For each route."""

several = settings(
    max_examples=REQUESTS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

latin = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60)
queries = st.one_of(st.just(""), latin, st.just("bodySHA256=" + "0" * 64), st.just("entry=%00"))
content_types = st.sampled_from(
    [FORM, "application/json", "multipart/form-data; boundary=x", "text/plain; charset=x", ""]
)
bodies = st.one_of(
    st.binary(max_size=2000),
    st.dictionaries(latin, latin, max_size=8).map(
        lambda fields: "&".join(f"{k}={v}" for k, v in fields.items()).encode()
    ),
    st.sampled_from(
        [b"{", b"[]", b"null", b'{"port_in_request_sid": 7}', b"%00=%00&%ff=%", b"MessageSid=&From=&To=\x00"]
    ),
)
headers = st.fixed_dictionaries({}, optional={"X-Twilio-Signature": latin, "Content-Encoding": st.just("gzip")})
requests = {"query": queries, "content_type": content_types, "body": bodies, "headers": headers}


@pytest.fixture
def stored(services):
    def count():
        with services.sessions() as session:
            return session.scalar(select(func.count()).select_from(Received))

    return count


@pytest.mark.parametrize("subject", list(Subject))
def test_what_nobody_signed_is_turned_away_and_not_stored(client, stored, subject):
    @several
    @given(**requests)
    def throw(query, content_type, body, headers):
        answer = client.post(
            f"{DOOR}/{subject}",
            data=body,
            content_type=content_type,
            headers=headers,
            environ_overrides={"QUERY_STRING": query},
        )
        assert 400 <= answer.status_code < 500

    throw()
    assert stored() == 0


@pytest.mark.parametrize("path", [f"{DOOR}/", f"{DOOR}/unheard-of", "/webhooks/nobody/message", f"{DOOR}/message/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "BREW"])
def test_what_is_addressed_to_nobody_is_turned_away(client, stored, method, path):
    assert 400 <= client.open(path, method=method, data=b"x").status_code < 500
    assert stored() == 0


@pytest.mark.parametrize("subject", [subject for subject in Subject if subject is not Subject.PORTING])
def test_nonsense_that_a_carrier_signed_is_kept_and_troubles_nobody_else(client, services, stored, subject):
    fields = {"Nonsense": "å", "From": "", "To": "nobody"}
    with post_form(client, subject, fields) as answer:  # closed as a server does: a call's arrival is written then
        assert answer.status_code < 500
    read_all(services)
    assert post_form(client, "message-status", {"MessageSid": "SM1", "MessageStatus": "sent"}).status_code == 204
    read_all(services)
    assert stored() == 2


def test_a_step_of_a_call_with_nonsense_in_its_address_is_answered(client, session, services):
    line_id = a_line(session, services).id
    session.commit()
    call = {"CallSid": "CA1", "From": "+14155550123", "To": "+14155550199"}
    ended = ({}, {"Digits": "1"}, {"DialCallStatus": "busy"}, {"RecordingUrl": "x", "RecordingSid": "RE1"})
    told = ("", "line=x&entry=y", f"line={10**20}", f"line={line_id}&after={10**19}", f"line={line_id}&entry=1&node=x")
    for step, fields, query in product([*Step, "", "unheard-of"], ended, told):
        with post_form(client, "voice", call | fields, query=f"step={step}&{query}") as answer:
            assert (step, query, answer.status_code) == (step, query, 200)


def test_the_signature_of_one_body_is_none_for_another(client, stored):
    @several
    @given(body=bodies)
    def swap(body):
        signature = sign(f"http://localhost:8000{DOOR}/message", {"Body": "as signed"})
        headers = {"X-Twilio-Signature": signature}
        assert client.post(f"{DOOR}/message", data=body, content_type=FORM, headers=headers).status_code == 403

    swap()
    assert stored() == 0
