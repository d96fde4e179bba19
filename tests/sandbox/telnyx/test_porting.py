"""Porting orders of the second carrier: checked, drafted, filled, confirmed, refused, cancelled, ported."""

from datetime import datetime, timedelta

import pytest
import telnyx

from tests.sandbox.conftest import play_calls
from tests.sandbox.telnyx.conftest import END_USER, PLAIN, TOLD, events

TOLL_FREE, CANADIAN = "+18885552671", "+14165552671"


def status(sdk, sid):
    return sdk.porting_orders.retrieve(sid).data.status


def statuses(listener):
    return [told["status"]["value"] for kind, told in events(listener) if kind == "porting_order.status_changed"]


def refused(call, *args, **what):
    with pytest.raises(telnyx.APIStatusError) as caught:
        call(*args, **what)
    return [(error["code"], error["source"].get("pointer")) for error in caught.value.body["errors"]]


def test_many_numbers_are_checked_at_once(sdk, buy, client):
    mine, theirs = buy().phone_number, client.incoming_phone_numbers.create(area_code="415").phone_number
    asked = [PLAIN, TOLL_FREE, CANADIAN, theirs, "+14155552130", "+14155552132", mine, "+46701234567"]
    found = sdk.portability_checks.run(phone_numbers=asked).data
    assert [each.portable for each in found] == [True] * 4 + [False] * 4
    reasons = [each.not_portable_reason for each in found if not each.portable]
    assert reasons == ["no_coverage", "other", "already_in_account", "no_coverage"]


def test_a_list_is_split_into_drafts_by_country_and_kind(sdk):
    drafts = sdk.porting_orders.create(phone_numbers=[TOLL_FREE, PLAIN, CANADIAN, "+14155552672"]).data
    assert sorted(sorted(each.phone_number for each in draft.phone_numbers) for draft in drafts) == [
        [PLAIN, "+14155552672"],
        [CANADIAN],
        [TOLL_FREE],
    ]
    assert {draft.status.value for draft in drafts} == {"draft"}


def test_one_number_that_cannot_come_refuses_all(sdk):
    create = sdk.porting_orders.create
    assert refused(create, phone_numbers=[PLAIN, "+14155552130"]) == [("10015", "/phone_numbers")]
    assert refused(create, phone_numbers=[PLAIN, PLAIN]) == [("80200", "/phone_numbers")]
    assert refused(create, phone_numbers=["+14155552137"]) == [("80003", "/phone_numbers")]
    create(phone_numbers=[PLAIN])
    assert refused(create, phone_numbers=[PLAIN]) == [("80003", "/phone_numbers")]
    assert len(sdk.porting_orders.list().data) == 1


def test_a_change_keeps_what_it_leaves_out_and_null_clears(sdk, filled):
    sid = filled(PLAIN)
    sdk.porting_orders.update(sid, end_user={"admin": {"entity_name": "Bob", "pin_passcode": None}})
    admin = sdk.porting_orders.retrieve(sid).data.end_user.admin
    assert (admin.entity_name, admin.pin_passcode, admin.account_number) == ("Bob", None, "1000200030")


def test_everything_that_is_missing_is_told(sdk):
    [draft] = sdk.porting_orders.create(phone_numbers=[PLAIN]).data
    told = refused(sdk.porting_orders.actions.confirm, draft.id)
    assert ("10004", "/end_user/admin/entity_name") in told
    assert ("10004", "/documents/loa") in told
    assert len(told) == 10


def test_a_document_that_nothing_uses_is_gone_after_half_an_hour(sdk, paper, filled, clock):
    unused, sid = paper(), filled(PLAIN)
    clock.jump(timedelta(minutes=31))
    assert refused(sdk.porting_orders.update, sid, documents={"loa": unused})[0][0] == "10015"
    kept = sdk.porting_orders.retrieve(sid).data.documents.loa
    assert sdk.documents.retrieve(kept).data.filename == "letter.pdf"
    with pytest.raises(telnyx.NotFoundError):
        sdk.documents.retrieve(unused)


def test_a_number_is_ported_with_its_events_and_its_presets(sdk, filled, after, listener):
    application = sdk.texml_applications.create(friendly_name="Alice", voice_url=f"{TOLD}/voice").data.id
    profile = sdk.messaging_profiles.create(name="Alice", whitelisted_destinations=["US"]).data.id
    preset = {"connection_id": application, "messaging_profile_id": profile, "tags": ["line-1"]}
    sid = filled(PLAIN, phone_number_configuration=preset)
    confirmed = sdk.porting_orders.actions.confirm(sid).data
    assert (confirmed.status.value, confirmed.support_key[:3]) == ("in-process", "sr_")
    after(minutes=5)
    assert status(sdk, sid).value == "submitted"
    after(hours=4)
    order = sdk.porting_orders.retrieve(sid).data
    assert order.status.value == "foc-date-confirmed"
    after(days=6)
    assert status(sdk, sid).value == "ported"
    after(seconds=30)
    assert statuses(listener) == ["in-process", "submitted", "foc-date-confirmed", "ported"]
    [number] = sdk.phone_numbers.list(filter={"source": "ported"}).data
    assert (number.phone_number, number.status, number.tags) == (PLAIN, "active", ["line-1"])
    assert (number.connection_id, number.messaging_profile_id) == (application, profile)


def test_the_wish_is_kept_if_it_lies_in_a_window(sdk, filled, after):
    sid = filled(PLAIN)
    window = sdk.porting_orders.retrieve_allowed_foc_windows(sid).data[4]
    wish = (window.started_at + timedelta(hours=1)).isoformat()
    sdk.porting_orders.update(sid, activation_settings={"foc_datetime_requested": wish})
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    after(hours=4)
    granted = sdk.porting_orders.retrieve(sid).data.activation_settings
    assert granted.foc_datetime_actual == datetime.fromisoformat(wish)
    other = filled("+14155552672")
    outside = (window.started_at - timedelta(hours=1)).isoformat()
    update = sdk.porting_orders.update
    assert refused(update, other, activation_settings={"foc_datetime_requested": outside})[0][0] == "80004"


@pytest.mark.parametrize(
    ("ending", "codes"),
    [
        ("2150", ["OTHER"]),
        ("2153", ["ENTITY_NAME_MISMATCH"]),
        ("2156", ["ACCOUNT_NUMBER_MISMATCH"]),
        ("2175", ["ACCOUNT_NUMBER_MISMATCH", "PASSCODE_PIN_INVALID"]),
    ],
)
def test_the_losing_carrier_objects_with_codes(sdk, filled, after, listener, ending, codes):
    sid = filled(f"+1415555{ending}")
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    after(hours=4)
    found = status(sdk, sid)
    assert (found.value, [detail.code for detail in found.details]) == ("exception", codes)
    assert [detail["code"] for detail in events(listener)[-1][1]["status"]["details"]] == codes


def test_what_was_mended_is_sent_off_again(sdk, filled, after, listener):
    sid = filled("+14155553155")
    sdk.porting_orders.update(sid, end_user={"admin": {"pin_passcode": "0000"}})
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    assert refused(sdk.porting_orders.update, sid, end_user=END_USER)[0][1] == "/status"
    after(hours=4)
    assert status(sdk, sid).details[0].code == "PASSCODE_PIN_INVALID"
    sdk.porting_orders.update(sid, end_user={"admin": {"pin_passcode": "4242"}})
    sdk.porting_orders.comments.create(sid, body="The PIN is right now.")
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    after(hours=4)
    assert status(sdk, sid).value == "foc-date-confirmed"
    assert [each.body for each in sdk.porting_orders.comments.list(sid).data] == ["The PIN is right now."]
    assert "porting_order.new_comment" in [kind for kind, _ in events(listener)]


def test_an_exception_is_cancelled_after_two_weeks(sdk, filled, after):
    sid = filled("+14155552150")
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    after(hours=4)
    after(days=14)
    assert status(sdk, sid).value == "cancelled"


def test_a_date_can_expire(sdk, filled, after):
    sid = filled("+14155552163")
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    after(hours=4)
    after(days=6)
    assert status(sdk, sid).details[0].code == "FOC_EXPIRED"
    assert sdk.phone_numbers.list().data == []


def test_an_order_is_cancelled_a_minute_later_but_not_short_of_its_date(sdk, filled, after, clock):
    early, late = filled(PLAIN), filled("+14155552672")
    for sid in (early, late):
        sdk.porting_orders.actions.confirm(sid)
    assert sdk.porting_orders.actions.cancel(early).data.status.value == "cancel-pending"
    after(minutes=1)
    assert status(sdk, early).value == "cancelled"
    after(minutes=4)
    after(hours=4)
    foc = sdk.porting_orders.retrieve(late).data.activation_settings.foc_datetime_actual
    clock.jump_to(foc - timedelta(hours=47))
    assert refused(sdk.porting_orders.actions.cancel, late)[0][1] == "/status"


def test_a_draft_is_deleted_at_once_or_after_thirty_days(sdk, filled, after, listener):
    first, second = filled(PLAIN), filled("+14155552672")
    sdk.porting_orders.delete(first)
    after(days=30)
    for sid in (first, second):
        with pytest.raises(telnyx.NotFoundError):
            sdk.porting_orders.retrieve(sid)
    gone = [told["id"] for kind, told in events(listener) if kind == "porting_order.deleted"]
    assert gone == [first, second]


def test_what_was_sent_off_is_no_draft_any_more(sdk, filled):
    sid = filled(PLAIN)
    sdk.porting_orders.actions.confirm(sid)
    assert refused(sdk.porting_orders.delete, sid)[0][1] == "/status"
    assert refused(sdk.porting_orders.actions.confirm, sid)[0][1] == "/status"


def test_an_order_is_found_by_reference_and_number(sdk, filled):
    sid = filled(PLAIN)
    sdk.porting_orders.create(phone_numbers=["+14155552672"])
    assert [each.id for each in sdk.porting_orders.list(filter={"customer_reference": "ours"})] == [sid]
    wanted = {"phone_numbers": {"phone_number": {"contains": "5552671"}}}
    assert [each.id for each in sdk.porting_orders.list(filter=wanted)] == [sid]


def test_the_numbers_of_an_order_are_listed_where_its_meta_says(sdk, filled, raw):
    sid = filled(PLAIN)
    sdk.porting_orders.create(phone_numbers=["+14155552672"])
    link = sdk.porting_orders.retrieve(sid).meta.phone_numbers_url
    [row] = raw("GET", link.removeprefix("https://api.telnyx.com/v2")).json()["data"]
    assert (row["phone_number"], row["porting_order_id"], row["porting_order_status"]) == (PLAIN, sid, "draft")
    assert len(sdk.porting_phone_numbers.list(filter={"porting_order_status": "draft"}).data) == 2


def test_a_number_of_the_first_carrier_moves_to_the_second(sdk, filled, client, after):
    number = client.incoming_phone_numbers.create(area_code="415").phone_number
    sid = filled(number)
    sdk.porting_orders.actions.confirm(sid)
    for length in ({"minutes": 5}, {"hours": 4}, {"days": 6}, {"seconds": 30}):
        after(**length)
    assert client.incoming_phone_numbers.list() == []
    assert [each.phone_number for each in sdk.phone_numbers.list().data] == [number]


def test_a_call_still_rings_at_the_old_operator_until_the_number_arrives(sdk, filled, world):
    filled(PLAIN)
    called = world.call("+12125550123", PLAIN)
    play_calls(world)
    assert called.transcript[0] == f"{PLAIN} still rings at the old operator"
