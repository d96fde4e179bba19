"""The phone's window, and what its script asks."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from provisioning.carriers import twilio
from provisioning.carriers.twilio import voice_sdk
from service.inbox.models import Call, Contact
from service.lines.models import BrowserPhone, Phone
from tests.conftest import CARRIER_SETTINGS
from tests.factories import CALLER
from tests.lesser_carrier import without


@pytest.fixture
def here(app):
    """Requests need no token of a form."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def ask(alice, line, here):
    """What the window's script is answered."""

    def ask(endpoint, reader=alice, **fields):
        return reader.client.post(reader.address(endpoint), data={"line": line.id, **fields})

    return ask


def stored(services, row):
    with services.sessions() as session:
        return session.scalars(select(row)).all()


def test_the_window_alone_may_use_the_microphone_and_reach_the_carrier(alice):
    window = alice.client.get(alice.address("phone.show"))
    assert window.headers["Permissions-Policy"] == "microphone=(self)"
    assert "connect-src 'self' wss://voice-js.roaming.twilio.com" in window.headers["Content-Security-Policy"]
    inbox = alice.client.get(alice.address("inbox.show"))
    assert inbox.headers["Permissions-Policy"] == "microphone=()"
    assert "twilio" not in inbox.headers["Content-Security-Policy"]


def test_where_no_key_is_set_the_window_says_so(app, alice, here, services, to_carrier):
    bare = {
        "twilio": twilio.build({**CARRIER_SETTINGS, "TWILIO_API_KEY_SID": "", "TWILIO_API_KEY_SECRET": ""}, to_carrier)
    }
    app.extensions["services"] = replace(services, carriers=bare)
    said = alice.client.get(alice.address("phone.show")).text
    assert "aren’t set up here yet" in said
    assert "phone.js" not in said
    assert "Phone</a>" not in alice.client.get(alice.address("inbox.show")).text
    assert alice.client.post(alice.address("phone.awake")).status_code == 404


def test_where_the_carrier_lets_no_pages_be_phones_the_window_says_so(app, alice, here, services, carriers):
    app.extensions["services"] = replace(services, carriers=without(carriers, "browser_phones"))
    page = alice.client.get(alice.address("phone.show"))
    assert "aren’t set up here yet" in page.text
    assert "wss:" not in page.headers["Content-Security-Policy"]
    assert "Phone</a>" not in alice.client.get(alice.address("inbox.show")).text
    assert alice.client.post(alice.address("phone.awake")).status_code == 404
    assert alice.client.get(alice.address("phone.script", version="")).status_code == 404


def test_where_the_carriers_script_was_not_fetched_the_window_says_so(alice, monkeypatch, tmp_path):
    monkeypatch.setattr(voice_sdk, "FETCHED", tmp_path / "none.js")
    assert "aren’t set up here yet" in alice.client.get(alice.address("phone.show")).text
    assert alice.client.get(alice.address("phone.script", version="x")).status_code == 404


def test_the_carriers_script_is_served_to_be_kept(alice, monkeypatch, tmp_path):
    (tmp_path / "sdk.js").write_text("const Twilio = {}")
    monkeypatch.setattr(voice_sdk, "FETCHED", tmp_path / "sdk.js")
    [address] = re.findall(r'"(/phone/carrier-\w+\.js)"', alice.client.get(alice.address("phone.show")).text)
    answer = alice.client.get(address)
    assert answer.text.startswith("const Twilio = {}")
    assert "const CarrierPhone = Twilio.Device" in answer.text
    assert "immutable" in answer.headers["Cache-Control"]
    assert alice.client.get(alice.address("phone.script", version="x")).status_code == 404


def test_a_page_that_is_awake_gets_a_token_of_its_own(ask, bob, services, world):
    tokens = [ask("phone.awake", bob).json["token"], ask("phone.awake").json["token"]]
    identities = [world.calls.browsers.identity_of(token) for token in tokens]
    assert len(set(identities)) == 2
    assert {f"browser:{one}" for one in identities} == {page.number for page in stored(services, BrowserPhone)}
    ask("phone.away")
    assert sorted(page.seen_at is None for page in stored(services, BrowserPhone)) == [False, True]


def test_sounds_are_made_here(alice):
    answer = alice.client.get(alice.address("phone.hear", name="dtmf5"))
    assert (answer.mimetype, answer.data[:4]) == ("audio/wav", b"RIFF")
    assert alice.client.get(alice.address("phone.hear", name="nothing")).status_code == 404


def test_a_number_is_called_from_the_line_and_becomes_a_contact(ask, services, line):
    ask("phone.awake")
    answer = ask("phone.call", number="(415) 555-0123")
    [call] = stored(services, Call)
    assert (answer.json, call.rung_first[:8]) == ({"call": call.id}, "browser:")
    assert [contact.number for contact in stored(services, Contact)] == [CALLER]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("911", "Dial 911 on a mobile phone or landline"),
        ("112", "Dial 911 on a mobile phone or landline"),
        ("999", "Dial 911 on a mobile phone or landline"),
        ("9-1-1", "Dial 911 on a mobile phone or landline"),
        ("415", "complete phone number"),
        ("+1 900 555 0123", "premium-rate numbers"),
        ("+46 8 123 456 78", "this country"),
        ("", "whole number"),
    ],
)
def test_a_number_that_may_not_be_called_is_refused_with_what_to_do(ask, services, number, words):
    ask("phone.awake")
    answer = ask("phone.call", number=number)
    assert answer.status_code in {409, 422}
    assert words in answer.json["refusal"]
    assert stored(services, Call) == []


def test_a_call_wants_a_window_that_was_ready(ask, services):
    assert "Ready for calls" in ask("phone.call", number=CALLER).json["refusal"]
    assert stored(services, Call) == []


def test_a_call_from_a_line_of_others_is_refused(ask, charlie, services, line):
    assert ask("phone.call", charlie, number=CALLER).status_code == 404
    assert stored(services, Call) == []


def test_a_leg_of_others_is_not_told(alice, line, services):
    assert alice.client.get(alice.address("phone.leg", leg_id=7)).status_code == 404


def test_a_browser_is_a_phone_of_the_line_of_which_nothing_is_set_by_hand(alice, services, line, ask):
    ask("phone.awake")
    [phone] = stored(services, Phone)
    page = alice.client.get(alice.address("line.show", line_id=line.id)).text
    assert "rings while its phone window is open" in page
    assert "Only browsers ring on this line" in page
    edit = alice.address("phones.show", line_id=line.id, phone_id=phone.id)
    assert f'href="{edit}"' not in page
    assert alice.client.get(edit).status_code == 404


@pytest.fixture
def removed(alice, services, line, ask):
    """Alice's browser was ready, and was removed from the line by hand."""
    ask("phone.awake")
    [phone] = stored(services, Phone)
    alice.client.post(alice.address("phones.remove", line_id=line.id, phone_id=phone.id))


def test_a_browser_that_was_removed_by_hand_stays_off_the_line_until_it_is_added_again(
    alice, services, line, ask, removed
):
    ask("phone.awake")
    assert stored(services, Phone) == stored(services, Call) == []
    assert "was removed from this line" in ask("phone.call", number=CALLER).json["refusal"]
    assert alice.get("line.show", line_id=line.id).says("Alice’s browser was removed here and doesn’t ring.")
    page = alice.submit(button="Add again Alice")
    assert not page.says("was removed here")
    ask("phone.awake")
    assert [phone.in_browser for phone in stored(services, Phone)] == [True]
    assert "call" in ask("phone.call", number=CALLER).json


def test_a_browser_comes_back_by_undo(alice, services, line, ask, removed):
    alice.client.post(alice.address("phones.restore", line_id=line.id))
    ask("phone.awake")
    assert [phone.in_browser for phone in stored(services, Phone)] == [True]
    assert not alice.get("line.show", line_id=line.id).says("was removed here")


def test_a_browser_is_added_again_once_and_by_those_in_charge(alice, bob, line, ask, removed):
    [mine] = re.findall(r"/phones/browsers/[0-9]+", alice.get("line.show", line_id=line.id).decode())
    address = alice.address("line.show", line_id=line.id).rstrip("/") + mine
    assert "was removed here" not in bob.get("line.show", line_id=line.id).text
    assert [reader.client.post(address).status_code for reader in (bob, alice, alice)] == [403, 302, 409]
