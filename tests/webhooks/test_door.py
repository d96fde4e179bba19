"""Which callbacks are stored, and which are refused with nothing stored."""

from dataclasses import replace
from io import BytesIO
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy import text as text_clause

from service.app import create_app, create_callback_app
from tests.conftest import PORTLINE
from tests.webhooks.callback_forms import DOOR, FORM, port_event, post_form, post_json, sign, text
from webhooks.door import raw_path
from webhooks.models import Received


@pytest.fixture
def kept(services):
    def rows():
        with services.sessions() as session:
            return list(session.scalars(select(Received).order_by(Received.id)))

    return rows


def test_a_callback_is_kept_byte_for_byte_and_thanked_for(client, kept):
    answer = post_form(client, "message", text())
    assert (answer.status_code, answer.data) == (204, b"")
    [row] = kept()
    assert (row.carrier, row.subject, row.query) == ("twilio", "message", "")
    assert row.body == urlencode(text()).encode()
    assert row.read_at is None


def test_the_query_that_our_own_address_carried_is_kept_too(client, kept):
    post_form(client, "message-status", {"MessageSid": "SM1", "MessageStatus": "sent"}, query="entry=portline-7")
    assert kept()[0].query == "entry=portline-7"


def test_a_porting_event_is_kept(client, kept):
    assert post_json(client, port_event()).status_code == 204
    assert kept()[0].body == port_event()


def test_a_repeated_callback_is_one_row_and_thanked_for_again(client, kept):
    answers = [post_form(client, "message", text()).status_code for _ in range(3)]
    assert (answers, len(kept())) == ([204] * 3, 1)


def test_the_same_words_about_another_subject_are_not_a_repetition(client, kept):
    post_form(client, "recording", text())
    post_form(client, "transcript", text())
    assert len(kept()) == 2


def test_the_name_the_request_was_sent_to_does_not_matter(client, kept):
    answer = post_form(client, "message", text(), headers={"Host": "somewhere.else.example"})
    assert (answer.status_code, len(kept())) == (204, 1)


def test_a_forged_signature_is_refused(client, kept):
    assert post_form(client, "message", text(), token="not the token").status_code == 403
    assert kept() == []


def test_a_request_without_a_signature_is_refused(client, kept):
    assert client.post(f"{DOOR}/message", data=text()).status_code == 403
    assert kept() == []


def test_another_body_under_a_good_signature_is_refused(client, kept):
    forged = port_event("KW" + "b" * 32)
    assert post_json(client, port_event(), sent=forged).status_code == 403
    assert kept() == []


def test_a_signature_for_another_address_is_refused(client, kept):
    signature = sign(f"{PORTLINE}{DOOR}/message", text())
    answer = client.post(f"{DOOR}/voice", data=text(), headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403
    assert kept() == []


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_the_wrong_type_is_refused(client, kept, content_type):
    signature = sign(f"{PORTLINE}{DOOR}/message", {})
    headers = {"X-Twilio-Signature": signature}
    answer = client.post(f"{DOOR}/message", data=b"{}", content_type=content_type, headers=headers)
    assert answer.status_code == 403
    assert kept() == []


def test_a_form_where_a_porting_event_belongs_is_refused(client, kept):
    assert post_form(client, "porting", text()).status_code == 403
    assert kept() == []


def test_a_body_that_is_too_large_is_refused(client, kept):
    assert post_form(client, "message", text(Body="x" * 70_000)).status_code == 413
    assert kept() == []


def test_a_body_that_is_too_large_is_refused_even_if_its_length_was_not_announced(client, kept):
    body = urlencode(text(Body="x" * 70_000)).encode()
    headers = {"X-Twilio-Signature": sign(f"{PORTLINE}{DOOR}/message", text(Body="x" * 70_000))}
    answer = client.post(
        f"{DOOR}/message",
        input_stream=BytesIO(body),
        content_type=FORM,
        headers={**headers, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert kept() == []


def test_a_query_longer_than_any_of_ours_is_refused(client, kept):
    assert post_form(client, "message", text(), query="x=" + "1" * 600).status_code == 414
    assert kept() == []


@pytest.mark.parametrize("path", ["/webhooks/nobody/message", f"{DOOR}/gossip", f"{DOOR}/message/", "/webhooks/twilio"])
def test_an_address_that_is_none_of_ours_is_not_found(client, path):
    assert client.post(path, data=text()).status_code == 404


def test_a_callback_has_to_be_posted(client):
    assert client.get(f"{DOOR}/message").status_code == 405


def test_a_call_is_answered_although_the_database_was_restarted(connections_cut, client, services):
    call = {"CallSid": "CA1", "From": "+14155550101", "To": "+14155550131"}
    assert post_form(client, "voice", call).status_code == 200
    with services.sessions() as session:
        session.execute(
            text_clause(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert post_form(client, "voice", call).status_code == 200


@pytest.mark.parametrize("subject", ["message", "voice"])
def test_without_a_database_the_carrier_is_asked_to_come_again(services, subject):
    nowhere = replace(services.settings, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    client = create_app(replace(services, settings=nowhere)).test_client()
    answer = post_form(client, subject, text(CallSid="CA1"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "environ",
    [
        {"RAW_URI": "/webhooks/a%2Fb/%7Bc%7D?d=%20e", "PATH_INFO": "/webhooks/a/b/{c}"},
        {"REQUEST_URI": "/webhooks/a%2Fb/%7Bc%7D?d=%20e", "PATH_INFO": "/webhooks/a/b/{c}"},
        {"RAW_URI": "http://inner.example/webhooks/a%2Fb/%7Bc%7D?d=%20e", "PATH_INFO": "/webhooks/a/b/{c}"},
    ],
)
def test_the_path_is_taken_as_it_was_written(environ):
    assert raw_path(environ) == "/webhooks/a%2Fb/%7Bc%7D"


def test_the_path_is_quoted_again_where_the_server_does_not_hand_it_on():
    assert raw_path({"SCRIPT_NAME": "/app", "PATH_INFO": "/webhooks/caf\xc3\xa9"}) == "/app/webhooks/caf%C3%A9"


def test_processes_of_their_own_take_callbacks_and_show_no_page(services, kept):
    client = create_callback_app(services).test_client()
    assert post_form(client, "message", text()).status_code == 204
    assert len(kept()) == 1
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 404
