"""Attachments over a carrier whose hosts answer as a test says: redirects, sizes, and who is shown credentials."""

import pytest
import requests
from werkzeug.wrappers import Request, Response

from provisioning.carriers.twilio import build
from provisioning.contract.errors import Broken, NotFound, Refused
from provisioning.contract.numbers import Routing
from tests.in_process import InProcess
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, SANDBOX

API = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
CDN = "https://media.twiliocdn.com/AC1/ME1"


class Hosts:
    """Answers by path, and what was asked of whom."""

    def __init__(self):
        self.answers = {}
        self.asked = []

    @Request.application
    def __call__(self, request):
        self.asked.append((request.path, request.authorization is not None))
        return self.answers.get(request.path, Response(status=404))


@pytest.fixture
def hosts():
    return Hosts()


@pytest.fixture
def fetch(hosts):
    session = requests.Session()
    session.mount(SANDBOX, InProcess(hosts))
    return build(ENVIRON, session).network.messaging.fetch_media


def path(url):
    return url.removeprefix("https:/")


def redirect(to):
    return Response(status=307, headers={"Location": to})


def test_a_picture_is_fetched_with_its_kind(fetch, hosts):
    hosts.answers[path(API)] = Response(b"a picture", content_type="image/jpeg; charset=binary")
    media = fetch(API)
    assert (media.media_type, media.content) == ("image/jpeg", b"a picture")


def test_a_picture_at_the_sandbox_is_fetched(carrier, world):
    carrier.network.numbers.buy("+14152367003", "tag", Routing("https://u.test", "https://u.test", "https://u.test"))
    message = world.text("+14155550123", "+14152367003", "look", ["image/png"])
    [arrived] = carrier.network.callbacks.received_messages(world.clock.now())
    assert arrived.reference == message.sid
    media = carrier.network.messaging.fetch_media(arrived.media_urls[0])
    assert media.media_type == "image/png"
    assert media.content


def test_only_the_api_is_shown_our_credentials(fetch, hosts):
    hosts.answers |= {path(API): redirect(CDN), path(CDN): Response(b"x")}
    assert fetch(API).content == b"x"
    assert hosts.asked == [(path(API), True), (path(CDN), False)]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/x",
        "http://media.twiliocdn.com/x",
        "https://media.twiliocdn.com.example.com/x",
        "https://media.twiliocdn.com:444/x",
        "https://media.twiliocdn.com@example.com/x",
        "https://user@api.twilio.com/x",
        "https://127.0.0.1/x",
        "//example.com/x",
        "ftp://api.twilio.com/x",
    ],
)
def test_a_redirect_to_anybody_else_is_not_followed(fetch, hosts, elsewhere):
    hosts.answers[path(API)] = redirect(elsewhere)
    with pytest.raises(Refused):
        fetch(API)
    assert len(hosts.asked) == 1


def test_redirects_in_a_circle_come_to_an_end(fetch, hosts):
    hosts.answers[path(API)] = redirect(API)
    with pytest.raises(Broken):
        fetch(API)


def test_a_file_that_is_too_large_is_refused(fetch, hosts):
    hosts.answers[path(API)] = Response(bytes(20 * 1024 * 1024 + 1))
    with pytest.raises(Refused, match="20 MB"):
        fetch(API)


def test_a_file_that_is_just_small_enough_is_taken(fetch, hosts):
    hosts.answers[path(API)] = Response(bytes(20 * 1024 * 1024))
    assert len(fetch(API).content) == 20 * 1024 * 1024


def test_a_file_that_is_gone_is_not_found(fetch):
    with pytest.raises(NotFound):
        fetch(API)


def test_an_address_is_in_no_complaint(fetch):
    with pytest.raises(Refused) as caught:
        fetch("https://example.com/+14155552671")
    assert "4155552671" not in str(caught.value)
