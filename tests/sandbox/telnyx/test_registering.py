"""Registration of texts at the second carrier: brands, campaigns, their numbers, toll-free numbers."""

import pytest
import telnyx

from tests.sandbox.telnyx.conftest import TOLD, events

CUSTOMER = "+12125550123"
BRAND = {
    "entity_type": "PRIVATE_PROFIT",
    "display_name": "Alice Plumbing",
    "company_name": "Alice Plumbing LLC",
    "ein": "123456789",
    "country": "US",
    "email": "alice@example.com",
    "vertical": "RETAIL",
    "webhook_url": TOLD,
}
CAMPAIGN = {
    "usecase": "LOW_VOLUME",
    "description": "Answers to customers of a plumber",
    "sample1": "We are on our way.",
    "message_flow": "Customers text us first.",
    "privacy_policy_link": "https://example.com/privacy",
    "webhook_url": TOLD,
}
TOLL_FREE = {
    "business_name": "Alice Plumbing",
    "corporate_website": "https://example.com",
    "business_addr1": "1 Main St",
    "business_city": "San Francisco",
    "business_state": "California",
    "business_zip": "94103",
    "business_contact_first_name": "Alice",
    "business_contact_last_name": "Archer",
    "business_contact_email": "alice@example.com",
    "business_contact_phone": CUSTOMER,
    "message_volume": "100",
    "use_case": "Appointments",
    "use_case_summary": "Appointments with a plumber",
    "production_message_content": "We come at nine.",
    "opt_in_workflow": "Customers text us first.",
    "opt_in_workflow_image_urls": [{"url": "https://example.com/form.png"}],
    "additional_information": "None",
    "business_registration_number": "123456789",
    "business_registration_type": "EIN",
    "business_registration_country": "US",
}


@pytest.fixture(autouse=True)
def thanks(listener):
    listener.answers["/told"] = ("", 200)


@pytest.fixture
def brand(sdk, after):
    """A brand, a minute after it was registered; its id."""

    def register(**changes):
        made = sdk.messaging_10dlc.brand.create(**(BRAND | changes))
        assert made.status == "REGISTRATION_PENDING"
        after(minutes=1)
        return made.brand_id

    return register


@pytest.fixture
def campaign(sdk, brand, after):
    """A campaign so many minutes after it was registered; its id."""

    def register(minutes=0, name="Alice Plumbing", **changes):
        wanted = CAMPAIGN | changes
        made = sdk.messaging_10dlc.campaign_builder.submit(brand_id=brand(display_name=name), **wanted)
        for _ in range(minutes):
            after(minutes=1)
        return made.campaign_id

    return register


@pytest.fixture
def send(sdk, buy, after):
    """Text from a number; the code with which the text came back, or None."""
    profile = sdk.messaging_profiles.create(name="A", whitelisted_destinations=["US"]).data.id

    def text(number):
        sdk.phone_numbers.messaging.update(number.id, messaging_profile_id=profile)
        sent = sdk.messages.send(to=CUSTOMER, from_=number.phone_number, text="Hello").data.id
        after(seconds=1)
        after(seconds=3)
        errors = sdk.messages.retrieve(sent).data.errors
        return errors[0].code if errors else None

    return text


def test_a_brand_is_checked_within_a_minute_and_tells_it(sdk, brand, listener):
    sid = brand()
    found = sdk.messaging_10dlc.brand.retrieve(sid)
    assert (found.status, found.identity_status) == ("OK", "VERIFIED")
    [(kind, told)] = events(listener)
    assert (kind, told["brandId"], told["status"]) == ("10dlc.brand.update", sid, "OK")
    assert [each.brand_id for each in sdk.messaging_10dlc.brand.list().records] == [sid]


def test_a_brand_whose_tax_number_is_not_known_fails_says_why_and_is_mended(sdk, brand, after):
    sid = brand(ein="123450703")
    assert sdk.messaging_10dlc.brand.retrieve(sid).status == "REGISTRATION_FAILED"
    [category] = sdk.messaging_10dlc.brand.get_feedback(sid).category
    assert category.fields == ["ein"]
    changed = {name: value for name, value in BRAND.items() if name != "ein"}
    sdk.messaging_10dlc.brand.update(sid, **changed, ein="123456780")
    sdk.messaging_10dlc.brand.revet(sid)
    after(minutes=1)
    assert sdk.messaging_10dlc.brand.retrieve(sid).status == "OK"


def test_a_sole_proprietor_proves_who_they_are_by_a_text(brand, world, raw):
    sid = brand(entity_type="SOLE_PROPRIETOR", mobile_phone=CUSTOMER)
    wanted = {"pinSms": "Your PIN is @OTP_PIN@", "successSms": "Thank you"}
    raw("POST", f"/10dlc/brand/{sid}/smsOtp", wanted).raise_for_status()
    pin = world.phone(CUSTOMER).texts[-1].body[-6:]
    assert raw("PUT", f"/10dlc/brand/{sid}/smsOtp", {"otpPin": "x"}).status_code == 422
    assert raw("PUT", f"/10dlc/brand/{sid}/smsOtp", {"otpPin": pin}).status_code == 204
    assert world.phone(CUSTOMER).texts[-1].body == "Thank you"
    assert raw("GET", f"/10dlc/brand/{sid}").json()["identityStatus"] == "VERIFIED"


def test_a_campaign_goes_through_all_reviews(sdk, campaign, listener):
    sid = campaign(minutes=5)
    assert sdk.messaging_10dlc.campaign.retrieve(sid).campaign_status == "MNO_PROVISIONED"
    stages = [told["type"] for kind, told in events(listener) if kind == "10dlc.campaign.update"]
    assert stages == ["REGISTRATION", "TELNYX_REVIEW", "MNO_REVIEW", "MNO_REVIEW", "MNO_REVIEW"]


def test_a_campaign_is_refused_for_what_is_missing_or_by_a_mark_in_the_name_and_appealed(sdk, campaign, after, world):
    for changes in ({"privacy_policy_link": ""}, {"name": "Alice #30909"}):
        sid = campaign(minutes=2, **changes)
        found = sdk.messaging_10dlc.campaign.retrieve(sid)
        assert (found.campaign_status, bool(found.failure_reasons)) == ("TELNYX_FAILED", True)
        sdk.messaging_10dlc.campaign.submit_appeal(sid, appeal_reason="It is there now.")
        assert sdk.messaging_10dlc.campaign.retrieve(sid).campaign_status == "TCR_ACCEPTED"
    world.ten_dlc.decide(sid, "MNO_REJECTED", "Too many links")
    assert sdk.messaging_10dlc.campaign.retrieve(sid).failure_reasons == "Too many links"


def test_a_campaign_needs_a_brand_that_is_registered(sdk, brand):
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.messaging_10dlc.campaign_builder.submit(brand_id=brand(ein="123450795"), **CAMPAIGN)


def test_numbers_outside_of_a_campaign_cannot_text_once_there_is_one(sdk, campaign, buy, send, after, listener):
    number = buy()
    assert send(number) is None
    sid = campaign(minutes=5)
    assert send(number) == "40010"
    made = sdk.messaging_10dlc.phone_number_campaigns.create(phone_number=number.phone_number, campaign_id=sid)
    assert made.assignment_status == "PENDING_ASSIGNMENT"
    after(seconds=30)
    assigned = sdk.messaging_10dlc.phone_number_campaigns.retrieve(number.phone_number)
    assert assigned.assignment_status == "ASSIGNED"
    assert events(listener)[-1][0] == "10dlc.phone_number.update"
    assert send(number) is None
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.messaging_10dlc.phone_number_campaigns.create(phone_number=number.phone_number, campaign_id=sid)
    sdk.messaging_10dlc.phone_number_campaigns.delete(number.phone_number)
    assert send(number) == "40010"


def test_a_campaign_takes_numbers_only_when_it_is_ready(sdk, campaign, buy):
    sid = campaign(minutes=3)
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.messaging_10dlc.phone_number_campaigns.create(phone_number=buy().phone_number, campaign_id=sid)


def test_a_toll_free_number_cannot_text_before_it_is_verified(sdk, buy_toll_free, send, after):
    number = buy_toll_free()
    assert send(number) == "40329"
    asked = sdk.messaging_tollfree.verification.requests.create(
        **TOLL_FREE, phone_numbers=[{"phone_number": number.phone_number}]
    )
    assert asked.verification_status == "In Progress"
    after(days=3)
    assert sdk.messaging_tollfree.verification.requests.retrieve(asked.id).verification_status == "Verified"
    assert send(number) is None


def test_a_verification_that_was_rejected_is_corrected(sdk, buy_toll_free, after):
    numbers = [{"phone_number": buy_toll_free().phone_number}]
    requests = sdk.messaging_tollfree.verification.requests
    asked = requests.create(**(TOLL_FREE | {"business_name": "Alice #30909"}), phone_numbers=numbers)
    with pytest.raises(telnyx.UnprocessableEntityError):
        requests.update(asked.id, **TOLL_FREE, phone_numbers=numbers)
    after(days=3)
    found = requests.retrieve(asked.id)
    assert (found.verification_status, found.reason) == ("Rejected", "Refused with 30909.")
    requests.update(asked.id, **TOLL_FREE, phone_numbers=numbers)
    after(days=3)
    assert requests.retrieve(asked.id).verification_status == "Verified"
    assert [each.id for each in requests.list(page=1, page_size=20).records] == [asked.id]


def test_only_toll_free_numbers_of_the_account_with_a_register_entry_are_verified(raw, buy, buy_toll_free):
    body = {_camel(name): value for name, value in TOLL_FREE.items()}
    address = "/messaging_tollfree/verification/requests"
    for number in (buy().phone_number, "+18885550100"):
        assert raw("POST", address, body | {"phoneNumbers": [{"phoneNumber": number}]}).status_code == 422
    mine = [{"phoneNumber": buy_toll_free().phone_number}]
    bare = {name: value for name, value in body.items() if name != "businessRegistrationNumber"}
    assert raw("POST", address, bare | {"phoneNumbers": mine}).status_code == 422


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join("URLs" if word == "urls" else word.title() for word in rest)


@pytest.fixture
def buy_toll_free(sdk, world, after):
    def one():
        query = {"country_code": "US", "phone_number_type": "toll_free", "limit": 1}
        [offer] = sdk.available_phone_numbers.list(filter=query).data
        sdk.number_orders.create(phone_numbers=[{"phone_number": offer.phone_number}])
        after(seconds=2)
        [number] = sdk.phone_numbers.list(filter={"phone_number": offer.phone_number}).data
        return number

    return one
