"""A carrier that signs the body and not the address: a genuine callback counts at its own address of ours alone."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from provisioning.carriers.telnyx.callbacks import TelnyxCallbacks
from service.alerts import Alert, AlertKind
from service.callback_addresses import Carried, Step, addresses
from service.time import now
from tests.conftest import PORTLINE
from tests.provisioning.test_telnyx_callbacks import ORDER, OTHER_ORDER, fixture
from webhooks.models import Received
from webhooks.reader import read_all

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def carriers(carriers):
    twilio = carriers["twilio"]
    network = replace(twilio.network, callbacks=TelnyxCallbacks([KEY.public_key()], None, None, None))
    return {**carriers, "telnyx": replace(twilio, name="telnyx", network=network)}


@pytest.fixture
def to(services):
    return addresses(services, "telnyx")


@pytest.fixture
def post(client):
    """Post a fixture to an address of ours, signed now or at another time."""

    def post(address, name, at=None):
        body, stamp = fixture(name), str(int((at or now()).timestamp()))
        signature = b64encode(KEY.sign(f"{stamp}|".encode() + body)).decode()
        headers = {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature}
        kind = FORM if name.endswith(".form") else JSON
        path = address.removeprefix(PORTLINE)
        return client.post(path, data=body, content_type=kind, headers=headers)

    return post


@pytest.fixture
def kept(services):
    def kept():
        with services.sessions() as session:
            return [(row.subject, row.query) for row in session.scalars(select(Received).order_by(Received.id))]

    return kept


def test_at_its_own_address_a_callback_is_kept_and_thanked_for_as_the_carrier_counts_it(to, post, kept):
    address = to.message_status("portline-1")
    answer = post(address, "message_delivered.json")
    assert (answer.status_code, answer.data) == (200, b"")
    assert kept() == [("message-status", urlsplit(address).query)]


def test_the_addresses_that_numbers_are_routed_to_are_marked_too(services, post, kept):
    assert post(services.routing("telnyx").message_url, "message.json").status_code == 200
    assert len(kept()) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda own: own.replace("portline-1", "portline-2"),
        lambda own: own.replace("message-status", "message"),
        lambda own: own.replace("entry", "leg"),
        lambda own: own.partition("?")[0],
        lambda own: own.partition("&mark")[0],
        lambda own: own[:-1],
        lambda own: own + "&entry=portline-2",
        lambda own: own.replace("?", "?entry=portline-2&"),
        lambda own: own.partition("mark=")[0] + "mark=",
        lambda own: own + "é",
    ],
)
def test_a_genuine_callback_to_another_address_is_refused_and_not_kept(to, post, kept, elsewhere):
    address = elsewhere(to.message_status("portline-1"))
    assert post(address, "message_delivered.json").status_code == 403
    assert kept() == []


def test_the_mark_of_one_address_does_not_count_at_another(to, services, post, kept):
    mark = urlsplit(services.routing("telnyx").message_url).query
    for address in (to.voice(Carried()), to.message_status("portline-1")):
        assert post(f"{address.partition('?')[0]}?{mark}", "message_delivered.json").status_code == 403
    assert kept() == []


def test_a_callback_counts_no_longer_than_five_minutes_by_the_services_clock(to, post, kept, clock):
    sent_at = now()
    clock.jump(timedelta(minutes=6))
    assert post(to.message_status("portline-1"), "message_delivered.json", sent_at).status_code == 403
    assert kept() == []


def test_while_secret_keys_are_rotated_the_addresses_of_before_count(services, to, post, app):
    before = to.message_status("portline-1")
    keys = ("n" * 40, *services.settings.secret_keys)
    rotated = replace(services, settings=replace(services.settings, secret_keys=keys))
    assert addresses(rotated, "telnyx").message_status("portline-1") != before
    app.extensions["webhooks"]._services = rotated
    for address in (before, addresses(rotated, "telnyx").message_status("portline-1")):
        assert post(address, "message_delivered.json").status_code == 200


def test_a_ringing_call_is_answered_with_addresses_that_it_may_go_on_to(to, post):
    answer = post(to.voice(Carried(Step.WAITED)), "voice_ringing.form")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")


def test_one_callback_about_two_orders_has_both_asked_about(services, post, work):
    assert post(services.webhook("telnyx", "porting"), "porting_split.json").status_code == 200
    read_all(services)
    work()
    with services.sessions() as session:
        unknown = Alert.kind == AlertKind.CALLBACK_FOR_UNKNOWN_ORDER
        asked = set(session.scalars(select(Alert.about).where(unknown)))
    assert asked == {f"telnyx:{ORDER}", f"telnyx:{OTHER_ORDER}"}


def test_a_carrier_that_signs_addresses_gets_them_bare(services):
    assert addresses(services, "twilio").message_status("portline-1").endswith("/message-status?entry=portline-1")
    assert services.routing("twilio").voice_url == f"{PORTLINE}/webhooks/twilio/voice"
