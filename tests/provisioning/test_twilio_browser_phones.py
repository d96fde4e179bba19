"""Phones in browsers: their tokens, the key that signs them, and how they are rung."""

import time
from datetime import timedelta

import jwt
import pytest
from defusedxml.ElementTree import fromstring

from provisioning.carriers.twilio import build
from provisioning.carriers.twilio.voice import TwilioVoice
from provisioning.contract.browser_phones import browser_phone
from provisioning.contract.callbacks import CallArrived, KeyPressed, Subject
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import Broken
from provisioning.contract.numbers import Routing
from provisioning.contract.voice import Ring
from sandbox.exchange import browser_key, secret_of_browser_key
from tests.provisioning.rehearsal import ACCOUNT, ENVIRON, TOKEN

WITH_KEY = {
    **ENVIRON,
    "TWILIO_API_KEY_SID": browser_key(ACCOUNT),
    "TWILIO_API_KEY_SECRET": secret_of_browser_key(TOKEN),
}
OURS = "+14152367003"
ANN = browser_phone("ann_1")


@pytest.fixture
def network(session):
    return build(WITH_KEY, session).network


def test_a_token_lets_a_page_be_called_and_do_nothing_else(network, world):
    token = network.browser_phones.token("ann_1", timedelta(minutes=10))
    claims = jwt.decode(token, secret_of_browser_key(TOKEN), algorithms=["HS256"])
    assert claims["grants"] == {"identity": "ann_1", "voice": {"incoming": {"allow": True}}}
    assert 590 < claims["exp"] - time.time() <= 600
    assert world.calls.browsers.identity_of(token) == "ann_1"


def test_a_page_may_reach_the_carrier_or_the_gateway_of_a_rehearsal(network, session):
    phones = network.browser_phones
    assert phones.hosts[0] == "wss://voice-js.roaming.twilio.com"
    assert phones.gateway == ""
    rehearsed = build({**WITH_KEY, "TWILIO_BROWSER_GATEWAY": "localhost:8003"}, session).network.browser_phones
    assert rehearsed.hosts == ("wss://localhost:8003", "https://localhost:8003")
    assert rehearsed.gateway == "localhost:8003"


def test_without_a_key_there_are_no_phones_in_browsers(carrier, network):
    assert not carrier.network.browser_phones.is_set_up
    assert network.browser_phones.is_set_up


@pytest.mark.parametrize("name", ["TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET"])
def test_half_a_key_is_refused(name):
    with pytest.raises(ValueError, match="TWILIO_API_KEY_SID: needs TWILIO_API_KEY_SECRET beside it"):
        build({**WITH_KEY, name: ""})


def test_the_carrier_says_whether_it_takes_the_key(network, session):
    network.browser_phones.check()
    with pytest.raises(Broken):
        build({**WITH_KEY, "TWILIO_API_KEY_SECRET": "x" * 40}, session).network.browser_phones.check()


def test_a_key_that_is_made_is_taken(carrier, session):
    made = carrier.network.browser_phones.make_key("browsers")
    settings = {**ENVIRON, "TWILIO_API_KEY_SID": made.key, "TWILIO_API_KEY_SECRET": made.secret}
    build(settings, session).network.browser_phones.check()
    assert made.secret not in repr(made)


def test_a_page_is_called_with_words_for_it_and_found_by_its_identity(network, world):
    network.numbers.buy(OURS, "tag", Routing("https://us.test", "https://us.test", "https://us.test"))
    call = OutgoingCall(OURS, ANN, "https://us.test/leg", "https://us.test/over", parameters={"line": "Front & back"})
    reference = network.calling.place(call)
    placed = world.state.calls[reference]
    assert (placed.to, placed.orders["parameters"]) == ("client:ann_1", "line=Front+%26+back")
    assert network.calling.find(call, world.clock.now()) == [reference]


def test_a_browser_is_rung_as_a_client():
    ring = Ring((ANN,), 20, "https://us.test/then", OURS, screen_url="https://us.test/screen")
    document = fromstring(TwilioVoice().render([ring]).body)
    [client] = document.iter("Client")
    assert (client.text, client.get("url"), client.get("method")) == ("ann_1", "https://us.test/screen", "POST")


@pytest.mark.parametrize(("more", "kind"), [("", CallArrived), ("&Digits=1", KeyPressed)])
def test_who_picked_up_in_a_browser_is_known(network, more, kind):
    [event] = network.callbacks.read(Subject.VOICE, f"CallSid=CA1&From=%2B14155550100&To=client%3Aann_1{more}".encode())
    assert isinstance(event, kind)
    assert event.called == ANN


def test_the_price_of_a_minute_in_a_browser_is_known(network):
    assert network.prices.rate(ANN).minute < network.prices.rate(OURS).minute
