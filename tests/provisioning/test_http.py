import socket
import threading

import pytest
import requests

from provisioning.contract.errors import Broken, Conflict, Fault, NotFound, Refused, Unavailable
from provisioning.http import ErrorAnswer, Outgoing, raise_for_answer, redacted

NUMBER = "+14155552671"
FAULTS = (Fault("recipient", "not there"),)


@pytest.fixture
def outgoing():
    return Outgoing(requests.Session())


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(listener):
    return f"http://127.0.0.1:{listener.getsockname()[1]}/numbers/{NUMBER}"


def in_background(work):
    threading.Thread(target=work, daemon=True).start()


def test_a_refused_connection_proves_that_nothing_was_done(outgoing, listener):
    closed = address(listener)
    listener.close()
    with pytest.raises(Unavailable) as caught:
        outgoing.send("POST", closed)
    assert caught.value.not_made


def test_an_answer_that_does_not_come_in_time_proves_nothing(outgoing, listener, monkeypatch):
    monkeypatch.setattr("provisioning.http.READ_SECONDS", 0.05)
    with pytest.raises(Unavailable) as caught:
        outgoing.send("POST", address(listener))
    assert not caught.value.not_made


def test_a_connection_cut_before_the_answer_proves_nothing(outgoing, listener):
    def hang_up():
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.close()

    in_background(hang_up)
    with pytest.raises(Unavailable) as caught:
        outgoing.send("POST", address(listener))
    assert not caught.value.not_made


def test_a_lost_answer_does_not_tell_the_number_that_was_asked_about(outgoing, listener, caplog):
    closed = address(listener)
    listener.close()
    with caplog.at_level("INFO", logger="provisioning"), pytest.raises(Unavailable) as caught:
        outgoing.send("GET", closed, params={"PhoneNumber": NUMBER})
    assert "4155552671" not in str(caught.value) + caplog.text
    assert caught.value.__suppress_context__


def test_an_answer_is_logged_without_path_or_query(outgoing, listener, caplog):
    def answer():
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.close()

    in_background(answer)
    with caplog.at_level("INFO", logger="provisioning"):
        outgoing.send("GET", address(listener), params={"PhoneNumber": NUMBER})
    logged = vars(caplog.records[0])
    assert logged["status"] == 204
    assert logged["host"] == "127.0.0.1"
    assert "4155552671" not in str(logged)


def answer(status, **headers):
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    return response


def raised(status, error_answer=None, **headers):
    with pytest.raises(Exception, match=str(status)) as caught:
        raise_for_answer(answer(status, **headers), lambda _: error_answer or ErrorAnswer("no"))
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_good_answer_raises_nothing(status):
    raise_for_answer(answer(status), lambda _: ErrorAnswer("never read"))


@pytest.mark.parametrize(
    ("status", "kind", "not_made"),
    [
        (302, Broken, False),
        (400, Refused, True),
        (401, Broken, True),
        (403, Broken, True),
        (404, NotFound, True),
        (405, Refused, True),
        (408, Unavailable, False),
        (409, Conflict, True),
        (422, Refused, True),
        (429, Unavailable, True),
        (500, Unavailable, False),
        (502, Unavailable, False),
        (503, Unavailable, True),
        (504, Unavailable, False),
    ],
)
def test_each_status_has_its_meaning(status, kind, not_made):
    error = raised(status)
    assert type(error) is kind
    assert error.not_made is not_made


def test_a_code_that_means_already_so_is_a_conflict_whatever_its_status():
    error = raised(400, ErrorAnswer("gone", code="7", conflict=True))
    assert isinstance(error, Conflict)
    assert error.code == "7"


def test_a_403_for_want_of_a_permission_is_no_matter_of_credentials():
    assert "credentials" in str(raised(403, ErrorAnswer("wrong token", credentials=True)))
    suspended = raised(403, ErrorAnswer("account suspended", code="20403"))
    assert isinstance(suspended, Broken)
    assert suspended.not_made
    assert "credentials" not in str(suspended)
    assert "account suspended" in str(suspended)


def test_a_403_for_what_was_asked_is_a_refusal():
    refused = raised(403, ErrorAnswer("this country may not be called", code="7", faults=FAULTS, not_permitted=True))
    assert isinstance(refused, Refused)
    assert (refused.code, refused.faults) == ("7", FAULTS)


def test_a_code_that_means_later_is_no_refusal():
    error = raised(400, ErrorAnswer("queue full", later=True))
    assert isinstance(error, Unavailable)
    assert error.not_made


def test_a_refusal_keeps_code_and_faults():
    error = raised(400, ErrorAnswer("bad pin", code="9", faults=(Fault("pin", "too short"),)))
    assert (error.code, error.faults) == ("9", (Fault("pin", "too short"),))


def test_the_wish_to_wait_is_heard():
    assert raised(429, **{"Retry-After": "7"}).retry_after == 7
    assert raised(503, **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}).retry_after is None


@pytest.mark.parametrize("private", ["+14155552671", "(415) 555-2671", "1000200030", "ann@example.com"])
def test_what_is_private_is_taken_out_of_a_message(private):
    assert redacted(f"the value {private} is wrong") == "the value … is wrong"


@pytest.mark.parametrize("harmless", ["code 21422", "within 48 hours", "KW0123456789abcdef0123456789abcdef"])
def test_codes_and_sids_stay_in_a_message(harmless):
    assert redacted(harmless) == harmless


def test_in_rehearsal_no_request_leaves_for_the_real_host(listener):
    heard = []

    def listen():
        connection, _ = listener.accept()
        heard.append(connection.recv(65536).split(b"\r\n")[0])
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.close()

    in_background(listen)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    Outgoing(requests.Session(), base_url).send("GET", "https://api.carrier.example/v1/things", params={"a": "1"})
    assert heard == [b"GET /api.carrier.example/v1/things?a=1 HTTP/1.1"]
