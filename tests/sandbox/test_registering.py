"""Businesses that register for texts, with the SDK on the wire: profiles, brands, campaigns, numbers, fees, events."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from sandbox.registering import policies
from tests.sandbox.conftest import TOKEN
from tests.sandbox.filings import CAMPAIGN, Filing

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OWNER = "+12125550123"
REGISTRY = "+19152782000"
FORM = {
    "business_name": "Acme Plumbing LLC",
    "business_website": "https://acme.example",
    "notification_email": "ann@acme.example",
    "use_case_categories": ["CUSTOMER_CARE"],
    "use_case_summary": "Acme confirms visits.",
    "production_message_sample": "Acme: your visit is on [date].",
    "opt_in_image_urls": ["https://acme.example/box.png"],
    "opt_in_type": "WEB_FORM",
    "message_volume": "1,000",
    "external_reference_id": "ours-1",
}


@pytest.fixture
def pass_time(clock, world):
    def jump(length, steps=3):
        for _ in range(steps):
            clock.jump(length / steps)
            world.run_due()

    return jump


@pytest.fixture
def approved(client, pass_time):
    """A brand that the registry approved, and the filing it came from."""
    filing = Filing(client)
    brand = filing.brand()
    pass_time(3 * MINUTE)
    return filing, brand.fetch()


def refused(act, *args, **fields):
    with pytest.raises(TwilioRestException) as told:
        act(*args, **fields)
    return told.value.code


def costs(world):
    return [(fee.reason, fee.cents) for fee in world.registry.fees]


class TestPace:
    def test_brands_that_come_too_fast_are_turned_away_without_a_fee(self, client, world, clock, monkeypatch):
        paced = replace(world.exchange.delays, between_registrations=timedelta(seconds=1))
        monkeypatch.setattr(world.exchange, "delays", paced)
        filing = Filing(client)
        filing.brand()
        assert refused(filing.brand) == 20429
        assert len(costs(world)) == 1
        clock.jump(timedelta(seconds=1))
        filing.brand()
        assert len(costs(world)) == 2


class TestProfiles:
    def test_the_evaluation_names_what_is_missing_and_costs_nothing(self, client, world):
        made = client.trusthub.v1.customer_profiles.create("Acme", "us@example.com", policies.SECONDARY)
        told = made.customer_profiles_evaluations.create(policies.SECONDARY)
        assert told.status == "noncompliant"
        assert [one["requirement_name"] for one in told.results if not one["passed"]] == [
            policies.BUSINESS,
            policies.REPRESENTATIVE,
            policies.ADDRESS,
            "customer_profile",
        ]
        assert costs(world) == []

    def test_a_complete_profile_complies_and_is_approved(self, client, pass_time):
        profile = Filing(client).profile()
        assert profile.customer_profiles_evaluations.create(policies.SECONDARY).status == "compliant"
        profile.update(status="pending-review")
        pass_time(MINUTE)
        assert profile.fetch().status == "in-review"
        pass_time(DAY)
        assert profile.fetch().status == "twilio-approved"

    @pytest.mark.parametrize("number", ["123", "12-345678", ""])
    def test_a_number_that_is_no_ein_is_named_by_its_field(self, client, number):
        told = Filing(client, number=number).profile().customer_profiles_evaluations.create(policies.SECONDARY)
        [wrong] = [one for one in told.results if not one["passed"]]
        assert [one["object_field"] for one in wrong["invalid"]] == ["business_registration_number"]

    def test_the_reason_for_a_rejection_comes_with_the_callback_only(self, client, pass_time, listener):
        profile = Filing(client, street="123 Blah Street").profile()
        profile.update(status_callback="http://listener.test/profile")
        profile.update(status="pending-review")
        pass_time(MINUTE)
        assert profile.fetch().status == "twilio-rejected"
        told = listener.at("/profile")[-1].form
        assert (told["Status"], told["BundleSid"]) == ("twilio-rejected", profile.sid)
        assert "Address suggestion" in told["FailureReason"]

    def test_nothing_changes_under_review(self, client):
        profile = Filing(client).profile()
        profile.update(status="pending-review")
        assert refused(profile.update, friendly_name="Other") == 60711
        assert refused(profile.delete) == 20409

    def test_status_and_other_properties_do_not_change_together(self, client):
        profile = Filing(client).profile()
        assert refused(profile.update, status="pending-review", friendly_name="Other") == 22204

    def test_attributes_must_be_a_json_object(self, wire):
        url = "http://sandbox.test/trusthub.twilio.com/v1/EndUsers"
        for text in ("{", "[1]"):
            answer = wire.post(url, data={"FriendlyName": "x", "Type": policies.BUSINESS, "Attributes": text})
            assert (answer.status_code, answer.json()["code"]) == (400, 20001)

    def test_a_part_in_use_is_not_deleted(self, client):
        profile = Filing(client).profile()
        [*_, assignment] = profile.customer_profiles_entity_assignments.list(object_type=policies.BUSINESS)
        assert refused(client.trusthub.v1.end_users(assignment.object_sid).delete) == 20409
        assert assignment.delete()
        assert client.trusthub.v1.end_users(assignment.object_sid).delete()


class TestBrands:
    def test_a_brand_costs_once_and_is_approved_within_minutes(self, approved, world):
        _, brand = approved
        assert (brand.status, brand.identity_status) == ("APPROVED", "VERIFIED")
        assert costs(world) == [("brand", 450)]

    def test_vetting_costs_more_and_takes_days(self, client, world, pass_time):
        brand = Filing(client).brand(skips=False)
        pass_time(3 * DAY)
        assert brand.fetch().identity_status == "VETTED_VERIFIED"
        assert costs(world) == [("brand", 450), ("vetting", 4150)]

    def test_bundles_that_were_not_submitted_cost_nothing(self, client, world):
        filing = Filing(client)
        profile = filing.profile()
        product = filing.product(profile)
        assert refused(client.messaging.v1.brand_registrations.create, profile.sid, product.sid) == 21727
        assert refused(client.messaging.v1.brand_registrations.create, f"BU{'0' * 32}", product.sid) == 20404
        assert costs(world) == []

    @pytest.mark.parametrize(("number", "code"), [("12-3450795", 30795), ("12-3450703", 30703)])
    def test_a_failed_brand_says_why_and_is_updated_three_times(self, client, pass_time, number, code):
        brand = Filing(client, number=number).brand()
        for _ in range(3):
            pass_time(3 * MINUTE)
            assert [one["error_code"] for one in brand.fetch().errors] == [code]
            assert brand.update().status == "PENDING"
        pass_time(3 * MINUTE)
        assert refused(brand.update) == 21724

    def test_only_a_failed_brand_is_updated(self, approved):
        assert refused(approved[1].update) == 21725

    def test_one_business_is_registered_once(self, approved, client, pass_time):
        again = Filing(client).brand()
        pass_time(3 * MINUTE)
        assert [one["error_code"] for one in again.fetch().errors] == [30703]

    def test_the_owner_of_a_sole_proprietor_proves_it_by_yes(self, client, world, pass_time):
        brand = Filing(client, mobile=OWNER).brand()
        pass_time(6 * MINUTE)
        assert brand.fetch().identity_status == "UNVERIFIED"
        assert world.phone(OWNER).texts[-1].from_ == REGISTRY
        world.text(OWNER, REGISTRY, "yes")
        assert brand.fetch().identity_status == "VERIFIED"

    def test_an_owner_who_waits_a_day_is_asked_again_on_demand(self, client, world, pass_time):
        brand = Filing(client, mobile=OWNER).brand()
        pass_time(6 * MINUTE)
        pass_time(DAY)
        world.text(OWNER, REGISTRY, "YES")
        assert [one["error_code"] for one in brand.fetch().errors] == [30752]
        brand.brand_registration_otps.create()
        world.text(OWNER, REGISTRY, "YES")
        assert brand.fetch().identity_status == "VERIFIED"

    def test_a_fourth_brand_with_the_same_mobile_fails(self, client, pass_time):
        brands = []
        for count in range(4):
            brands.append(Filing(client, mobile=OWNER, mail=f"ann{count}@acme.example").brand())
            pass_time(6 * MINUTE)
        assert [brand.fetch().status for brand in brands] == ["APPROVED"] * 3 + ["FAILED"]
        assert [one["error_code"] for one in brands[-1].fetch().errors] == [30750]


class TestCampaigns:
    def test_a_campaign_is_verified_after_two_weeks_and_costs_by_review_and_month(self, approved, world, pass_time):
        filing, brand = approved
        service = filing.campaign(brand)
        [campaign] = service.us_app_to_person.list()
        assert campaign.campaign_status == "PENDING"
        pass_time(DAY, steps=1)
        assert campaign.fetch().campaign_status == "IN_PROGRESS"
        pass_time(14 * DAY)
        assert campaign.fetch().campaign_status == "VERIFIED"
        pass_time(30 * DAY)
        assert costs(world) == [("brand", 450), ("review", 1500), ("month", 150), ("month", 150)]

    def test_all_campaigns_share_one_sid_and_their_service_is_the_key(self, approved, client):
        filing, brand = approved
        one, other = filing.campaign(brand), filing.campaign(brand)
        told = [service.us_app_to_person.list()[0] for service in (one, other)]
        assert told[0].sid == told[1].sid
        assert [each.messaging_service_sid for each in told] == [one.sid, other.sid]

    def test_a_service_has_one_campaign(self, approved):
        filing, brand = approved
        service = filing.campaign(brand)
        assert refused(service.us_app_to_person.create, brand_registration_sid=brand.sid, **CAMPAIGN) == 21732

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"description": "Send SMS"}, 21727),
            ({"message_samples": ["Acme Plumbing: your visit is on [date]. Reply STOP."]}, 21727),
            ({"help_message": "Help"}, 21727),
            ({"us_app_to_person_usecase": "SOLE_PROPRIETOR"}, 21719),
        ],
    )
    def test_what_the_form_refuses_costs_nothing(self, approved, world, change, code):
        filing, brand = approved
        assert refused(filing.campaign, brand, **change) == code
        assert costs(world) == [("brand", 450)]

    def test_a_brand_that_is_not_proven_gets_none(self, client, world, pass_time):
        filing = Filing(client, mobile=OWNER)
        brand = filing.brand()
        pass_time(6 * MINUTE)
        assert refused(filing.campaign, brand) == 21717
        world.text(OWNER, REGISTRY, "YES")
        assert filing.campaign(brand)
        world.registry.decide_brand(brand.sid, "SUSPENDED")
        assert refused(filing.campaign, brand) == 21731

    @pytest.mark.parametrize(
        ("name", "change", "code"),
        [
            ("Acme #30909", {}, 30909),
            ("Acme", {"terms_and_conditions_url": ""}, 30882),
            ("Acme", {"privacy_policy_url": ""}, 30908),
            ("Acme", {"has_embedded_links": True}, 30893),
            ("Acme", {"has_embedded_links": True, "message_samples": ["Acme: see https://bit.ly/visit"] * 2}, 30892),
        ],
    )
    def test_a_refusal_tells_its_code_and_another_review_costs_again(
        self, client, pass_time, world, name, change, code
    ):
        filing = Filing(client, name=name)
        brand = filing.brand()
        pass_time(3 * MINUTE)
        service = filing.campaign(brand, **change)
        pass_time(16 * DAY)
        [campaign] = service.us_app_to_person.list()
        assert (campaign.campaign_status, [one["error_code"] for one in campaign.errors]) == ("FAILED", [code])
        mended = {name: CAMPAIGN[name] for name in ("description", "message_flow", "message_samples")}
        flags = dict.fromkeys(("has_embedded_links", "has_embedded_phone", "age_gated", "direct_lending"), False)
        campaign.update(**mended, **flags)
        assert [fee for fee in costs(world) if fee[0] == "review"] == [("review", 1500)] * 2

    def test_the_legal_links_are_shown_to_those_only_who_ask_for_the_newer_version(self, approved, wire):
        filing, brand = approved
        service = filing.campaign(brand)
        url = f"http://sandbox.test/messaging.twilio.com/v1/Services/{service.sid}/Compliance/Usa2p"
        [older] = wire.get(url).json()["compliance"]
        [newer] = wire.get(url, headers={"X-Twilio-Api-Version": "v1.2"}).json()["compliance"]
        assert "privacy_policy_url" not in older
        assert newer["privacy_policy_url"] == "https://acme.example/privacy"

    def test_a_suspended_brand_has_no_use_cases(self, approved, client, world):
        filing, brand = approved
        service = filing.campaign(brand)
        assert service.us_app_to_person_usecases.fetch(brand_registration_sid=brand.sid).us_app_to_person_usecases
        world.registry.decide_brand(brand.sid, "SUSPENDED")
        told = service.us_app_to_person_usecases.fetch(brand_registration_sid=brand.sid)
        assert told.us_app_to_person_usecases == []


class TestNumbers:
    @pytest.fixture
    def registered(self, approved, world, pass_time):
        filing, brand = approved
        service = filing.campaign(brand)
        world.registry.decide_campaign(service.sid, "VERIFIED")
        return service

    def test_the_operators_take_their_time_with_a_number(self, registered, client, world, pass_time, monkeypatch):
        monkeypatch.setattr(world.exchange, "delays", replace(world.exchange.delays, number_registered=2 * DAY))
        number = client.incoming_phone_numbers.create(area_code="415")
        registered.phone_numbers.create(number.sid)
        sent = []
        for _ in range(2):
            sent.append(client.messages.create(OWNER, from_=number.phone_number, body="Hello"))
            pass_time(3 * DAY)
        assert [client.messages(one.sid).fetch().error_code for one in sent] == [30035, None]

    def test_a_registered_number_leaves_for_days_before_it_joins_another_service(self, registered, client, pass_time):
        number = client.incoming_phone_numbers.create(area_code="415")
        registered.phone_numbers.create(number.sid)
        registered.phone_numbers(number.sid).delete()
        other = client.messaging.v1.services.create("Other")
        assert refused(other.phone_numbers.create, number.sid) == 21712
        pass_time(2 * DAY)
        assert other.phone_numbers.create(number.sid)

    def test_of_a_sole_proprietors_numbers_one_is_registered(self, client, world, pass_time):
        filing = Filing(client, mobile=OWNER)
        brand = filing.brand()
        pass_time(6 * MINUTE)
        world.text(OWNER, REGISTRY, "YES")
        service = filing.campaign(brand)
        numbers = [client.incoming_phone_numbers.create(area_code="415").sid for _ in range(2)]
        for sid in numbers:
            service.phone_numbers.create(sid)
        pass_time(16 * DAY)
        assert list(world.state.services[service.sid].registrations) == numbers[:1]


class TestTollFree:
    @pytest.fixture
    def number(self, client):
        [one] = client.available_phone_numbers("US").toll_free.list(limit=1)
        return client.incoming_phone_numbers.create(phone_number=one.phone_number)

    def test_it_is_approved_after_days_and_texts_are_delivered(self, client, number, pass_time):
        verifications = client.messaging.v1.tollfree_verifications
        made = verifications.create(tollfree_phone_number_sid=number.sid, **FORM)
        assert made.status == "PENDING_REVIEW"
        assert refused(verifications.create, tollfree_phone_number_sid=number.sid, **FORM) == 20409
        pass_time(4 * DAY)
        assert [one.status for one in verifications.list(external_reference_id="ours-1")] == ["TWILIO_APPROVED"]
        sent = client.messages.create(OWNER, from_=number.phone_number, body="Hello")
        pass_time(MINUTE)
        assert client.messages(sent.sid).fetch().status == "delivered"

    def test_a_rejection_is_edited_within_seven_days(self, client, number, pass_time):
        form = FORM | {"business_name": "Acme #30445"}
        made = client.messaging.v1.tollfree_verifications.create(tollfree_phone_number_sid=number.sid, **form)
        pass_time(4 * DAY)
        told = made.fetch()
        assert (told.status, told.error_code, told.edit_allowed) == ("TWILIO_REJECTED", 30445, True)
        made.update(business_name="Acme Plumbing LLC")
        pass_time(4 * DAY)
        assert made.fetch().status == "TWILIO_APPROVED"

    def test_a_number_that_is_still_porting_is_rejected(self, client, number, world, pass_time):
        world.state.numbers[number.sid].texts_from = None
        made = client.messaging.v1.tollfree_verifications.create(tollfree_phone_number_sid=number.sid, **FORM)
        pass_time(4 * DAY)
        assert made.fetch().error_code == 30879

    def test_only_toll_free_numbers_are_verified(self, client):
        local = client.incoming_phone_numbers.create(area_code="415")
        create = client.messaging.v1.tollfree_verifications.create
        assert refused(create, tollfree_phone_number_sid=local.sid, **FORM) == 20001


class TestEvents:
    @pytest.fixture
    def sink(self, client, listener, world, pass_time):
        def subscribe(types, *, batch=True):
            wanted = {"destination": "http://listener.test/events", "method": "POST", "batch_events": batch}
            sink = client.events.v1.sinks.create("Ours", wanted, "webhook")
            client.events.v1.sinks(sink.sid).sink_test.create()
            pass_time(MINUTE)
            told = json.loads(listener.at("/events")[-1].body)
            [test] = told if batch else [told]
            client.events.v1.sinks(sink.sid).sink_validate.create(test["data"]["test_id"])
            asked = [{"type": one, "schema_version": 1} for one in types]
            client.events.v1.subscriptions.create("Ours", sink.sid, asked)
            return sink

        return subscribe

    @pytest.mark.parametrize("batch", [True, False])
    def test_a_brands_approval_is_told_to_the_sink(self, sink, client, pass_time, listener, batch):
        sink(["com.twilio.messaging.compliance.brand-registration.brand-registered"], batch=batch)
        brand = Filing(client).brand()
        pass_time(3 * MINUTE)
        told = json.loads(listener.at("/events")[-1].body)
        [event] = told if batch else [told]
        assert (event["data"]["brandsid"], event["data"]["brandstatus"]) == (brand.sid, "registered")
        assert "X-Twilio-Signature" in listener.at("/events")[-1].headers
        assert TOKEN not in str(event)

    def test_a_sink_that_was_not_validated_gets_no_subscription(self, client):
        sink = client.events.v1.sinks.create("Ours", {"destination": "http://listener.test/events"}, "webhook")
        assert refused(client.events.v1.subscriptions.create, "Ours", sink.sid, [{"type": "x"}]) == 20001
        assert client.events.v1.sinks(sink.sid).sink_validate.create("ET1").result == "invalid"
        assert client.events.v1.sinks(sink.sid).fetch().status == "failed"
