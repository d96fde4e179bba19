"""Phones in browsers, as the gateway sees them: whose page rings, and what its person does."""

from datetime import timedelta

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from sandbox.errors import OutOfTurn, Unknown
from sandbox.exchange import browser_key, secret_of_browser_key
from tests.sandbox.conftest import SID, TOKEN

ANN, BO = "ann_1", "bo_2"
CONTACT = "+12125550123"
HELLO = "<Response><Say>Hello</Say></Response>"
ROOM = "<Response><Dial><Conference>room</Conference></Dial></Response>"
DIAL = f'<Response><Dial action="/after"><Number>{CONTACT}</Number></Dial></Response>'


@pytest.fixture
def ring(client, world, listener):
    """Call a browser and let it ring; the call."""

    def ring(identity=ANN, twiml=HELLO, parameters=""):
        world.calls.browsers.calls_of([ANN])
        number = client.incoming_phone_numbers.create(area_code="415").phone_number
        listener.answers["/answer"] = twiml
        url, callback = "http://listener.test/answer", "http://listener.test/ended"
        to = f"client:{identity}{parameters}"
        sid = client.calls.create(to=to, from_=number, url=url, status_callback=callback).sid
        world.run_due()
        return world.state.calls[sid]

    return ring


def token(identity=ANN, *, key="", secret="", lasting=60, incoming=True):
    made = AccessToken(
        SID, key or browser_key(SID), secret or secret_of_browser_key(TOKEN), identity=identity, ttl=lasting
    )
    made.add_grant(VoiceGrant(incoming_allow=incoming))
    return made.to_jwt()


def test_a_token_names_its_identity(world):
    assert world.calls.browsers.identity_of(token()) == ANN


@pytest.mark.parametrize(
    "wrong",
    [
        "no.token.atall",
        token(secret="the secret of another key, long enough"),
        token(key="SK00"),
        token(lasting=-10),
        token(incoming=False),
    ],
    ids=["nonsense", "other secret", "unknown key", "expired", "not to be called"],
)
def test_another_token_is_refused(world, wrong):
    with pytest.raises(ValueError, match="not valid"):
        world.calls.browsers.identity_of(wrong)


def test_a_key_that_was_made_signs_tokens_and_signs_in(client, wire, world):
    made = client.new_keys.create(friendly_name="Browsers")
    assert world.calls.browsers.identity_of(token(key=made.sid, secret=made.secret)) == ANN
    assert made.sid in [key.sid for key in client.keys.list()]
    url = f"http://sandbox.test/api.twilio.com/2010-04-01/Accounts/{SID}/Calls.json"
    assert wire.get(url, auth=(made.sid, made.secret)).ok
    assert wire.get(url, auth=(made.sid, "wrong")).status_code == 401


def test_an_open_page_rings_until_its_person_picks_up(ring, world):
    call = ring(parameters="?line=Main&caller=Ms+B")
    assert (call.status, call.to, call.orders["parameters"]) == ("ringing", "client:ann_1", "line=Main&caller=Ms+B")
    assert [shown.sid for shown in world.calls.browsers.calls_of([ANN, BO])] == [call.sid]
    world.calls.browsers.act("pick_up", call.sid)
    assert (call.status, call.transcript) == ("completed", ["says “Hello”"])
    assert world.calls.browsers.calls_of([ANN]) == []


def test_a_page_that_is_not_open_fails_at_once(ring):
    assert ring(BO).status == "failed"


def test_nobody_at_the_page_is_no_answer(ring, world, clock):
    call = ring()
    clock.jump(timedelta(seconds=70))
    world.run_due()
    assert call.status == "no-answer"


def test_a_declined_call_is_busy(ring, world, listener):
    call = ring()
    world.calls.browsers.act("decline", call.sid)
    world.run_due()
    assert call.status == "busy"
    assert listener.heard[-1].form["CallStatus"] == "busy"


def test_a_call_is_picked_up_once(ring, world):
    call = ring(twiml=ROOM)
    world.calls.browsers.act("pick_up", call.sid)
    with pytest.raises(OutOfTurn):
        world.calls.browsers.act("pick_up", call.sid)
    with pytest.raises(Unknown):
        world.calls.browsers.act("pick_up", "CA00")
    world.calls.browsers.act("key", call.sid, "1#")
    world.calls.browsers.act("hang_up", call.sid)
    assert call.status == "completed"
    assert "keys 1#" in call.transcript
    with pytest.raises(OutOfTurn):
        world.calls.browsers.act("hang_up", call.sid)


def test_a_page_talks_with_whom_its_document_dials_until_it_hangs_up(ring, world, listener):
    call = ring(twiml=DIAL)
    world.calls.browsers.act("pick_up", call.sid)
    assert (call.status, call.stay.talks) == ("in-progress", True)
    world.calls.browsers.act("hear", call.sid)
    contact = next(one for one in world.state.calls.values() if one.parent == call.sid)
    assert (contact.status, contact.transcript) == ("in-progress", ["hears client:ann_1"])
    world.calls.browsers.act("hang_up", call.sid)
    after = next(heard.form for heard in listener.heard if heard.path == "/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
    assert (contact.status, call.status) == ("completed", "completed")


def test_the_contact_hangs_up_in_the_end(ring, world, clock):
    call = ring(twiml=DIAL)
    world.calls.browsers.act("pick_up", call.sid)
    clock.jump(timedelta(seconds=40))
    world.run_due()
    assert call.status == "completed"
