"""Losing carriers with characters, and their customers' records, in the second protocol."""

import pytest

from sandbox.losing_carriers import Asked, CustomerRecord, record_of
from tests.sandbox.telnyx.conftest import END_USER
from tests.sandbox.telnyx.test_porting import status


def alike(ending, differs=""):
    """A number whose customer is in the books as they think, or has something else there."""
    for exchange in range(220, 900):
        number = f"+1415{exchange}{ending}"
        record = record_of(number)
        if getattr(record, differs) != getattr(CustomerRecord(), differs) if differs else record == CustomerRecord():
            return number
    raise AssertionError(ending)


@pytest.fixture
def confirmed(sdk, filled, after):
    """An order that has reached the losing carrier."""

    def confirm(number, **changes):
        sid = filled(number)
        if changes:
            sdk.porting_orders.update(sid, **changes)
        sdk.porting_orders.actions.confirm(sid)
        after(minutes=5)
        assert status(sdk, sid).value == "submitted"
        return sid

    return confirm


def test_a_slow_one_answers_after_days_and_brings_the_number_on_its_date(sdk, confirmed, after, world):
    sid = confirmed(alike("5203"))
    after(days=2)
    assert status(sdk, sid).value == "submitted"
    after(days=14)
    assert status(sdk, sid).value in {"foc-date-confirmed", "ported"}
    after(days=30)
    assert status(sdk, sid).value == "ported"


@pytest.mark.parametrize(
    ("differs", "code"),
    [
        ("name", "ENTITY_NAME_MISMATCH"),
        ("postal_code", "LOCATION_MISMATCH"),
        ("account_number", "ACCOUNT_NUMBER_MISMATCH"),
    ],
)
def test_a_strict_one_objects_to_what_its_record_says_otherwise(sdk, confirmed, after, differs, code):
    sid = confirmed(alike("5202", differs))
    after(days=8)
    assert [each.code for each in sdk.porting_orders.retrieve(sid).data.status.details] == [code]


def test_the_record_tells_what_the_losing_carrier_compares_with(sdk, api, after):
    number = alike("5202", "postal_code")
    asked = api("POST", "/customer_service_records", {"phone_number": number}).json()["data"]
    after(seconds=10)
    told = api("GET", f"/customer_service_records/{asked['id']}").json()["data"]["result"]
    assert told["address"]["postal_code"] == record_of(number).postal_code != END_USER["location"]["postal_code"]


def test_a_forgetful_one_is_reminded_by_a_comment_which_staff_answer(sdk, confirmed, after, world):
    number = next(one for one in map(alike_of("5204"), range(400)) if forgets(one))
    sid = confirmed(number)
    after(days=10)
    assert status(sdk, sid).value == "submitted"
    sdk.porting_orders.comments.create(sid, body="Any news?")
    after(hours=2)
    assert status(sdk, sid).value == "foc-date-confirmed"
    assert [each.user_type for each in sdk.porting_orders.comments.list(sid).data] == ["user", "admin"]


def alike_of(ending):
    return lambda place: f"+1{415 + place // 700}{220 + place % 700}{ending}"


def forgets(number):
    """Whether the order with this number is forgotten; it has changed twice when it reaches the losing carrier."""
    return record_of(number) == CustomerRecord() and Asked(number, turn=2).happens(15, "forgets")
