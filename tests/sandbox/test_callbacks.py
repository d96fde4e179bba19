"""How callbacks are signed, delivered and repeated."""

import pytest
import requests
from twilio.request_validator import RequestValidator

from sandbox.callback_requests import CallbackRequest
from sandbox.records import Account
from sandbox.twilio.callback_requests import deliver, sign
from tests.sandbox.conftest import BEGIN

HASHES = [
    "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
    "d0765f73cd5d1df39be353d538ea7c47a017d66a8bd001dc4707240dbb71e58c",
]
VECTORS = [
    (
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        [
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("Caller", "+14158675309"),
        ],
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ),
    (
        f"https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256={HASHES[0]}",
        [],
        "a9nBmqA0ju/hNViExpshrM61xv4=",
    ),
    (
        f"https://sandbox.local/hooks/port-in?bodySHA256={HASHES[1]}",
        [],
        "MEAV5RWsghonPxUwmMahHhFfjmc=",
    ),
    ("https://sandbox.local/sms", [("Body", "héllo"), ("From", "+15005550006")], "JwOAXvrops/0+rKuWgQrLGpScg4="),
]


ACCOUNT = Account("AC1", "12345", "Rehearsal", BEGIN)


class Line(requests.adapters.BaseAdapter):
    """A line on which each attempt ends as the test says."""

    def __init__(self, *ends):
        super().__init__()
        self.ends, self.sent = list(ends), []

    def send(self, request, **told):
        self.sent.append((request, told["timeout"]))
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        response = requests.Response()
        response.status_code, response.request, response.url = end, request, request.url
        response._content = b""
        return response

    def close(self):
        pass


def post(url, *ends, **parts):
    line, session = Line(*ends), requests.Session()
    session.mount("http://", line)
    return deliver(session, CallbackRequest(url, "POST", **parts), ACCOUNT, BEGIN).reply, line.sent


@pytest.mark.parametrize(("url", "form", "signature"), VECTORS)
def test_signatures_are_twilios(url, form, signature):
    assert sign(url, form, "12345") == signature


def test_a_form_with_repeated_and_blank_parameters_passes_the_sdks_check(listener, world, clock):
    world.exchange.post_form(
        world.exchange.account_sid, "http://listener.test/x?a=b%2Fc", {"B": "", "A": "é", "C": "1"}
    )
    world.run_due()
    [heard] = listener.heard
    check = RequestValidator("rehearsal-auth-token")
    assert heard.form == {"B": "", "A": "é", "C": "1"}
    assert check.validate(heard.url, heard.form, heard.headers["X-Twilio-Signature"])
    assert not check.validate(heard.url, heard.form | {"B": "x"}, heard.headers["X-Twilio-Signature"])


def test_a_json_callback_carries_the_hash_of_its_body(listener, world):
    world.exchange.post_json(world.exchange.account_sid, "http://listener.test/port?x=1", {"status": "completed"})
    world.run_due()
    [heard] = listener.heard
    check = RequestValidator("rehearsal-auth-token")
    assert check.validate(heard.url, heard.body, heard.headers["X-Twilio-Signature"])
    assert not check.validate(heard.url, heard.body + " ", heard.headers["X-Twilio-Signature"])


def test_a_get_callback_signs_its_query():
    line, session = Line(204), requests.Session()
    session.mount("http://", line)
    deliver(session, CallbackRequest("http://there.test/a", "GET", (("From", "+1"), ("Body", ""))), ACCOUNT, BEGIN)
    [(request, _)] = line.sent
    assert request.url == "http://there.test/a?From=%2B1&Body="
    assert request.headers["X-Twilio-Signature"] == sign(request.url, [], "12345")


@pytest.mark.parametrize(
    ("fragment", "ends", "tries"),
    [
        ("", [204], 1),
        ("", [500], 1),
        ("", [requests.ConnectTimeout(), 204], 2),
        ("", [requests.ReadTimeout()], 1),
        ("#rc=0", [requests.ConnectionError()], 1),
        ("#rc=3&rp=5xx", [500, 502, 503, 500], 4),
        ("#rc=2&rp=4xx", [404, 200], 2),
        ("#rc=2&rp=rt", [requests.ReadTimeout(), 200], 2),
        ("#rc=1&rp=all", [500, 500], 2),
        ("#rc=5&rp=all", [503, 204], 2),
        ("#rc=5&rp=all", [204], 1),
    ],
)
def test_it_is_tried_again_as_the_fragment_asks(fragment, ends, tries):
    _, sent = post(f"http://there.test/a{fragment}", *ends, form=(("A", "1"),))
    assert len(sent) == tries
    assert {request.url for request, _ in sent} == {"http://there.test/a"}
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request, _ in sent}) == 1


def test_it_waits_fifteen_seconds_unless_told_otherwise():
    assert post("http://there.test/a", 204)[1][0][1] == (5.0, 15.0)
    assert post("http://there.test/a#ct=300&rt=800", 204)[1][0][1] == (0.3, 0.8)
    assert post("http://there.test/a#tt=2000", 204)[1][0][1] == (2.0, 2.0)


def test_nothing_that_happens_on_the_line_is_an_exception():
    reply, _ = post("http://there.test/a#rc=0", requests.ConnectionError())
    assert (reply.status, reply.text, reply.good) == (0, "ConnectionError", False)
