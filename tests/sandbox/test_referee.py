"""Every kind of answer held against the carrier's own OpenAPI files."""

from datetime import timedelta

import pytest
from twilio.rest import Client
from twilio.rest.numbers.v1.porting_port_in import PortingPortInList

from tests.in_process import InProcess
from tests.provisioning import referee
from tests.sandbox.conftest import SANDBOX, SID, TOKEN, SandboxHttp, play_calls
from tests.sandbox.filings import Filing
from tests.sandbox.test_registering import FORM

pytestmark = pytest.mark.skipif(not referee.is_present(), reason="the carrier's OpenAPI files were not fetched")
OUTSIDE, PORTED = "+12125550123", "+14155552671"


@pytest.fixture
def judged(app):
    http = SandboxHttp()
    http.session.mount(SANDBOX, referee.Referee(InProcess(app), SANDBOX))
    return Client(SID, TOKEN, http_client=http)


def test_numbers_addresses_and_accounts_are_described(judged):
    address = judged.addresses.create("Alice", "1 Main St", "San Francisco", "CA", "94103", "US")
    number = judged.incoming_phone_numbers.create(area_code="415", voice_url="https://us.example/voice")
    judged.incoming_phone_numbers(number.sid).update(
        emergency_address_sid=address.sid, sms_url="https://us.example/sms"
    )
    judged.incoming_phone_numbers(number.sid).fetch()
    assert judged.incoming_phone_numbers.list()
    assert judged.addresses.list()
    assert address.dependent_phone_numbers.list()
    assert judged.available_phone_numbers("US").local.list(area_code=415, limit=3)
    assert judged.available_phone_numbers("US").toll_free.list(limit=3)
    assert judged.api.v2010.accounts.create(friendly_name="Alice").fetch()


def test_applications_are_described(judged):
    application = judged.applications.create(friendly_name="Line", voice_url="https://us.example/voice")
    assert application.update(sms_url="https://us.example/sms").fetch()
    assert judged.applications.list()
    number = judged.incoming_phone_numbers.create(area_code="415", voice_application_sid=application.sid)
    assert number.update(voice_application_sid="", trunk_sid=f"TK{'0' * 32}").fetch()
    assert application.delete()


def test_texts_and_their_media_are_described(judged, world, clock, listener):
    listener.answers["/a.jpg"] = (b"a picture", 200, {"Content-Type": "image/jpeg"})
    number = judged.incoming_phone_numbers.create(area_code="415")
    for to in (OUTSIDE, "+12125553003"):
        judged.messages.create(to=to, from_=number.phone_number, body="Hello", media_url=["http://listener.test/a.jpg"])
    world.text(OUTSIDE, number.phone_number, "Hi", media=["image/png"])
    clock.jump(timedelta(seconds=10))
    world.run_due()
    for message in judged.messages.list(limit=10):
        assert judged.messages(message.sid).fetch().media.list()


def test_calls_recordings_and_caller_ids_are_described(judged, world, listener):
    number = judged.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice")
    listener.answers["/voice"] = "<Response><Record/></Response>"
    world.call(OUTSIDE, number.phone_number, says="Hello", forwarded_from=PORTED)
    made = judged.calls.create(to=OUTSIDE, from_=number.phone_number, twiml="<Response/>")
    world.run_due()
    asked = judged.validation_requests.create(phone_number=OUTSIDE)
    world.verify_caller(OUTSIDE, asked.validation_code)
    detected = judged.calls.create(
        to=OUTSIDE, from_=number.phone_number, url="http://listener.test/voice", machine_detection="Enable", record=True
    )
    play_calls(world)
    assert judged.calls(made.sid).fetch()
    assert judged.calls(detected.sid).fetch().answered_by == "human"
    assert len(judged.calls.list()) == 3
    assert judged.outgoing_caller_ids.list()[0].update(friendly_name="Alice")
    assert judged.recordings.list()[0].fetch()
    assert judged.outgoing_caller_ids.list()[0].fetch()


def test_ports_are_described_in_every_state(judged, world, clock, order):
    ports = judged.numbers.v1.porting_port_ins
    body = order(PORTED, "+14155552133", "+14155552156", target_port_in_date="2026-03-17")
    filing = PortingPortInList.NumbersV1PortingPortInCreate(body)
    kw = ports.create(numbers_v1_porting_port_in_create=filing).port_in_request_sid
    seen = set()
    for length in (timedelta(0), timedelta(seconds=6), timedelta(hours=5), timedelta(days=20)):
        clock.jump(length)
        world.run_due()
        port_in = judged.numbers.v1.porting_port_ins(kw).fetch()
        for item in port_in.phone_numbers:
            judged.numbers.v1.porting_port_in_phone_number(kw, item["port_in_phone_number_sid"]).fetch()
            seen.add(item["port_in_phone_number_status"])
        if port_in.port_in_request_status == "waiting_for_signature":
            world.sign(kw)
            clock.jump(timedelta(seconds=6))
            world.run_due()
    listed = judged.request("GET", "https://numbers.twilio.com/v1/Porting/PortIn/PortInRequests", params={"Size": 1})
    assert listed.status_code == 200
    assert {"in_review", "waiting_for_signature", "port_pending", "completed", "canceled", "port_rejected"} <= seen


def test_portability_and_the_webhook_configuration_are_described(judged):
    for number in (PORTED, "+14155556001", "+14155552130", "+18885552671"):
        assert judged.numbers.v1.porting_portabilities(number).fetch()
    told = {"port_in_target_url": "https://us.example/port", "notifications_of": ["PortInCompleted"]}
    url = "https://numbers.twilio.com/v1/Porting/Configuration/Webhook"
    made = judged.request("POST", url, data=told, headers={"Content-Type": "application/json"})
    assert made.status_code == 201
    assert judged.numbers.v1.webhook.fetch()


def test_lookups_are_described(judged):
    for number in ("+14155556101", "+14155555111", "+14155555130", PORTED, "+1415"):
        assert judged.lookups.v2.phone_numbers(number).fetch(fields="line_type_intelligence,caller_name").url


def test_messaging_services_and_their_campaigns_are_described(judged, world):
    number = judged.incoming_phone_numbers.create(area_code="415")
    service = judged.messaging.v1.services.create("Alice", inbound_request_url="https://us.example/sms")
    assert service.update(use_inbound_webhook_on_number=True).fetch().phone_numbers.create(number.sid)
    assert judged.messaging.v1.services.list()[-1].phone_numbers.list()[0].fetch()
    assert service.phone_numbers(number.sid).delete()
    assert service.delete()


def test_profiles_and_their_parts_are_described(judged):
    filing = Filing(judged)
    profile = filing.profile()
    assert judged.trusthub.v1.policies.list()
    assert judged.trusthub.v1.policies(profile.policy_sid).fetch()
    assert profile.customer_profiles_evaluations.create(profile.policy_sid).status == "compliant"
    product = filing.product(profile)
    assert product.trust_products_evaluations.create(product.policy_sid).status == "noncompliant"
    for bundle in (profile, product):
        assert bundle.update(status="pending-review").fetch()
    assert judged.trusthub.v1.customer_profiles.list()
    assert judged.trusthub.v1.trust_products.list()
    assert judged.trusthub.v1.end_users.list()[0].fetch()
    assert judged.trusthub.v1.supporting_documents.list()[0].fetch()
    assert profile.customer_profiles_entity_assignments.list()[0].fetch()


def test_brands_and_campaigns_are_described_in_every_state(judged, world, clock):
    filing = Filing(judged)
    brand = filing.brand()
    for status in ("IN_REVIEW", "SUSPENDED", "FAILED", "APPROVED"):
        world.registry.decide_brand(brand.sid, status, 30795)
        assert brand.fetch().status == status
    assert judged.messaging.v1.brand_registrations.list()
    service = filing.campaign(brand)
    assert service.us_app_to_person_usecases.fetch(brand_registration_sid=brand.sid)
    for status in ("IN_PROGRESS", "FAILED", "VERIFIED"):
        world.registry.decide_campaign(service.sid, status, 30909)
        [campaign] = service.us_app_to_person.list()
        assert campaign.fetch().campaign_status == status
    assert campaign.delete()


def test_toll_free_verifications_and_events_are_described(judged, world):
    [free] = judged.available_phone_numbers("US").toll_free.list(limit=1)
    number = judged.incoming_phone_numbers.create(phone_number=free.phone_number)
    made = judged.messaging.v1.tollfree_verifications.create(tollfree_phone_number_sid=number.sid, **FORM)
    world.registry.verify_toll_free(number.phone_number, "TWILIO_REJECTED", 30445)
    assert made.fetch().update(business_name="Acme")
    assert judged.messaging.v1.tollfree_verifications.list()
    sink = judged.events.v1.sinks.create("Ours", {"destination": "http://listener.test/events"}, "webhook")
    assert sink.sink_test.create()
    assert judged.events.v1.sinks.list()[0].fetch()
