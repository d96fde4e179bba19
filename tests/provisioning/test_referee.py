import pytest
import requests

from tests.provisioning import referee
from tests.provisioning.rehearsal import ACCOUNT, SANDBOX, TOKEN

pytestmark = pytest.mark.skipif(not referee.is_present(), reason="the carrier's OpenAPI files were not fetched")

NUMBERS = f"{SANDBOX}/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
PORTS = f"{SANDBOX}/numbers.twilio.com/v1/Porting/PortIn"


class Answering(requests.adapters.BaseAdapter):
    """Gives every request the same answer."""

    def __init__(self, body):
        super().__init__()
        self._body = body

    def send(self, request, **options):
        answer = requests.Response()
        answer.status_code, answer._content, answer.request = 200, self._body, request
        answer.headers["Content-Type"] = "application/json"
        return answer

    def close(self):
        pass


def test_a_proper_request_passes(session):
    assert session.get(NUMBERS, params={"PhoneNumber": "+14155552671"}, auth=(ACCOUNT, TOKEN)).ok


@pytest.mark.parametrize(
    ("method", "url", "parts"),
    [
        ("POST", NUMBERS, {"data": {"PhoneNumber": "+14155552671", "VoiceUri": "https://us.test"}}),
        ("GET", NUMBERS, {"params": {"Phone": "+14155552671"}}),
        ("POST", PORTS, {"json": {"account_sid": ACCOUNT}}),
        ("GET", f"{PORTS}/KW1", {}),
        ("GET", f"{PORTS}s", {}),
    ],
    ids=["unknown field", "unknown parameter", "missing members", "malformed sid", "unknown path"],
)
def test_a_request_the_carrier_does_not_describe_is_a_foul(session, method, url, parts):
    with pytest.raises(referee.Foul):
        session.request(method, url, auth=(ACCOUNT, TOKEN), **parts)


@pytest.mark.parametrize("body", [b"[]", b'{"incoming_phone_numbers": {}}', b'{"page": "first"}'])
def test_an_answer_the_carrier_does_not_describe_is_a_foul(body):
    session = requests.Session()
    session.mount(SANDBOX, referee.Referee(Answering(body), SANDBOX))
    with pytest.raises(referee.Foul):
        session.get(NUMBERS, auth=(ACCOUNT, TOKEN))
