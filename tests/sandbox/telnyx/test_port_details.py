"""What belongs to porting orders of the second carrier: fast ports, texts, papers, codes, splits, the log of events."""

from datetime import timedelta

import pytest
import telnyx

from tests.sandbox.telnyx.conftest import PLAIN, TOLD, events

FAST, STUCK, PARTIAL, SILENT = "+14155554501", "+14155554210", "+14155554212", "+14155554213"


@pytest.fixture
def sent(sdk, filled, after):
    """An order that was sent off and has its answer; its id."""

    def send(*numbers, **changes):
        sid = filled(*numbers, **changes)
        sdk.porting_orders.actions.confirm(sid)
        after(minutes=5)
        after(hours=4)
        return sid

    return send


def order(sdk, sid):
    return sdk.porting_orders.retrieve(sid).data


def refused(call, *args, **what):
    with pytest.raises(telnyx.APIStatusError) as caught:
        call(*args, **what)
    return [(error["code"], error["source"].get("pointer")) for error in caught.value.body["errors"]]


def test_a_number_that_can_come_fast_is_told_before_and_has_its_date_at_once(sdk, filled, after):
    [check] = sdk.portability_checks.run(phone_numbers=[FAST]).data
    assert (check.portable, check.fast_portable) == (True, True)
    sid = filled(FAST)
    assert order(sdk, sid).activation_settings.fast_port_eligible
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    assert order(sdk, sid).status.value == "foc-date-confirmed"


def test_a_fast_order_is_ported_at_the_minute_that_was_chosen(sdk, sent, after, clock):
    sid = sent(FAST)
    [job] = sdk.porting_orders.activation_jobs.list(sid).data
    [window] = job.activation_windows
    chosen = window.start_at + timedelta(hours=3, minutes=7)
    sdk.porting_orders.activation_jobs.update(job.id, id=sid, activate_at=chosen.isoformat())
    clock.jump_to(chosen - timedelta(seconds=1))
    after()
    assert order(sdk, sid).status.value == "foc-date-confirmed"
    after(seconds=1)
    assert order(sdk, sid).status.value == "ported"
    [job] = sdk.porting_orders.activation_jobs.list(sid).data
    assert job.status == "completed"
    assert refused(sdk.porting_orders.actions.activate, sid) == [("10015", "/status")]


def test_a_fast_order_is_ported_a_minute_after_it_is_activated_or_at_the_windows_end(sdk, sent, after, clock):
    now, late = sent(FAST), sent("+14155564501")
    [job] = sdk.porting_orders.activation_jobs.list(now).data
    [window] = job.activation_windows
    assert refused(sdk.porting_orders.actions.activate, now) == [("10015", "/activate_at")]
    clock.jump_to(window.start_at)
    assert sdk.porting_orders.actions.activate(now).data.status == "in-process"
    after(seconds=59)
    assert order(sdk, now).status.value == "foc-date-confirmed"
    after(seconds=1)
    assert order(sdk, now).status.value == "ported"
    clock.jump_to(window.end_at)
    after()
    assert order(sdk, late).status.value == "ported"


def test_an_order_that_is_not_fast_has_no_minute_to_choose(sdk, sent):
    sid = sent(PLAIN)
    assert sdk.porting_orders.activation_jobs.list(sid).data == []
    assert refused(sdk.porting_orders.actions.activate, sid) == [("10015", "/status")]


def test_texts_come_ten_minutes_after_calls_if_they_are_wanted(sdk, sent, after, world, listener, clock):
    profile = sdk.messaging_profiles.create(name="A", whitelisted_destinations=["US"], webhook_url=TOLD).data.id
    preset = {"messaging_profile_id": profile}
    with_texts = sent(PLAIN, messaging={"enable_messaging": True}, phone_number_configuration=preset)
    without = sent("+14155552672", phone_number_configuration=preset)
    clock.jump_to(order(sdk, with_texts).activation_settings.foc_datetime_actual)
    after(seconds=30)
    assert order(sdk, with_texts).messaging.messaging_port_status == "activating"
    assert world.text("+12125550123", PLAIN, "Hello").status == "undelivered"
    after(minutes=10)
    assert order(sdk, with_texts).messaging.messaging_port_completed
    assert order(sdk, without).messaging.messaging_port_status == "not_applicable"
    world.text("+12125550123", PLAIN, "Hello")
    world.run_due()
    told = events(listener)
    assert [text["text"] for kind, text in told if kind == "message.received"] == ["Hello"]
    changes = [one["messaging"] for kind, one in told if kind == "porting_order.messaging_changed"]
    assert [each["messaging_port_status"] for each in changes] == ["activating", "ported"]
    assert world.text("+12125550123", "+14155552672", "Hello").status == "undelivered"


@pytest.mark.parametrize(("number", "ends"), [(STUCK, "exception"), (PARTIAL, "partial_port_complete")])
def test_texts_can_come_late_or_in_part(sdk, sent, after, number, ends):
    sid = sent(number, messaging={"enable_messaging": True})
    after(days=6)
    after(minutes=11)
    assert order(sdk, sid).status.value == "ported"
    assert order(sdk, sid).messaging.messaging_port_status == ends


def test_texts_that_cannot_come_are_not_wanted_and_a_wish_comes_too_late_with_the_losing_carrier(sdk, filled, sent):
    wish, silent = {"enable_messaging": True}, filled(SILENT)
    assert not order(sdk, silent).messaging.messaging_capable
    assert refused(sdk.porting_orders.update, silent, messaging=wish)[0][1] == "/messaging/enable_messaging"
    early = filled(PLAIN)
    sdk.porting_orders.actions.confirm(early)
    assert sdk.porting_orders.update(early, messaging=wish).data.messaging.messaging_port_status == "pending"
    assert refused(sdk.porting_orders.update, sent("+14155552672"), messaging=wish) == [("10015", "/status")]


def test_papers_that_are_missing_are_listed_and_keep_an_order_from_being_sent(sdk, filled, paper):
    sid = filled("+14155554507")
    needed = sdk.porting_orders.retrieve_requirements(sid).data
    assert {each.requirement_status for each in needed} == {"requirement-info-pending"}
    assert [pointer.split("/")[1] for _, pointer in refused(sdk.porting_orders.actions.confirm, sid)] == [
        "requirements",
        "requirements",
    ]
    values = {"document": paper(), "textual": "12-3456789"}
    given = [
        {"requirement_type_id": each.requirement_type.id, "field_value": values[each.field_type]} for each in needed
    ]
    sdk.porting_orders.update(sid, requirements=given)
    assert order(sdk, sid).requirements_met
    assert sdk.porting_orders.actions.confirm(sid).data.status.value == "in-process"
    group = {"requirements": given, "requirement_group_id": "de748d99-06fa-4d90-9f9a-f4b62696bada"}
    assert refused(sdk.porting_orders.update, filled(PLAIN), **group)[0][1] == "/requirements"


def test_a_number_is_proven_by_a_code_that_it_gets(sdk, filled, world):
    number = "+14155554504"
    sid = filled(number)
    assert order(sdk, sid).additional_steps == ["phone_number_verification_codes"]
    codes = sdk.porting_orders.verification_codes
    codes.send(sid, phone_numbers=[number], verification_method="sms")
    code = world.phone(number).texts[-1].body[-6:]
    [wrong] = codes.verify(sid, verification_codes=[{"phone_number": number, "code": "x"}]).data
    assert not wrong.verified
    assert refused(sdk.porting_orders.actions.confirm, sid)[0][1] == "/additional_steps/phone_number_verification_codes"
    [right] = codes.verify(sid, verification_codes=[{"phone_number": number, "code": code}]).data
    assert right.verified
    assert [each.verified for each in codes.list(sid).data] == [True]
    assert sdk.porting_orders.actions.confirm(sid).data.status.value == "in-process"
    assert refused(codes.send, sid, phone_numbers=[PLAIN], verification_method="sms")[0][1] == "/phone_numbers"


def test_what_becomes_of_the_other_numbers_has_to_be_said(sdk, filled):
    sid = filled("+14155554505")
    assert order(sdk, sid).additional_steps == ["associated_phone_numbers"]
    span = {"start_at": "+14155554500", "end_at": "+14155554503"}
    said = sdk.porting_orders.associated_phone_numbers.create(sid, phone_number_range=span, action="keep").data
    assert order(sdk, sid).additional_steps == []
    sdk.porting_orders.associated_phone_numbers.delete(said.id, porting_order_id=sid)
    assert sdk.porting_orders.associated_phone_numbers.list(sid).data == []


def test_more_papers_are_added_and_removed(sdk, filled, paper):
    sid = filled(PLAIN)
    added = sdk.porting_orders.additional_documents.create(
        sid, additional_documents=[{"document_type": "csr", "document_id": paper()}]
    ).data
    assert [each.document_type for each in sdk.porting_orders.additional_documents.list(sid).data] == ["csr"]
    sdk.porting_orders.additional_documents.delete(added[0].id, id=sid)
    assert sdk.porting_orders.additional_documents.list(sid).data == []


def test_a_number_is_split_off_at_once_or_later_which_is_told(sdk, filled, after, listener):
    drafts = sdk.porting_orders.create(phone_numbers=["+14155562671", "+14155554502"]).data
    assert sorted(len(draft.phone_numbers) for draft in drafts) == [1, 1]
    sid = filled(PLAIN, "+14155554503")
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    [split] = [told for kind, told in events(listener) if kind == "porting_order.split"]
    assert split["from"]["id"] == sid
    new = split["to"]["id"]
    assert [each.phone_number for each in order(sdk, new).phone_numbers] == ["+14155554503"]
    after(hours=4)
    assert {order(sdk, each).status.value for each in (sid, new)} == {"foc-date-confirmed"}


def test_a_number_can_show_before_it_is_ported(sdk, sent, after):
    sent("+14155554506")
    after()
    [early] = sdk.phone_numbers.list(filter={"source": "ported"}).data
    assert early.status == "port-pending"
    after(days=6)
    after(seconds=30)
    [number] = sdk.phone_numbers.list(filter={"source": "ported"}).data
    assert (number.id, number.status) == (early.id, "active")


@pytest.mark.parametrize(
    ("ending", "becomes"), [("4401", "foc-date-confirmed"), ("4402", "cancel-pending"), ("4403", "cancel-pending")]
)
def test_a_cancel_can_be_refused_or_wait(sdk, sent, after, ending, becomes):
    sid = sent(f"+1415555{ending}")
    sdk.porting_orders.actions.cancel(sid)
    after(minutes=1)
    assert order(sdk, sid).status.value == becomes
    after(minutes=9)
    assert order(sdk, sid).status.value == ("ported" if ending == "4403" else becomes)


@pytest.mark.parametrize(
    ("ending", "wait", "becomes"),
    [
        ("4101", {"days": 3}, "ported"),
        ("4103", {"days": 1}, "submitted"),
        ("4205", {"days": 6}, "cancelled"),
        ("4206", {"days": 6}, "exception"),
    ],
)
def test_a_date_can_come_early_be_withdrawn_or_end_otherwise(sdk, sent, after, ending, wait, becomes):
    sid = sent(f"+1415555{ending}")
    after(**wait)
    assert order(sdk, sid).status.value == becomes


def test_a_date_moves_by_three_business_days(sdk, sent, after):
    sid = sent("+14155554102")
    before = order(sdk, sid).activation_settings.foc_datetime_actual
    after(days=1)
    assert order(sdk, sid).activation_settings.foc_datetime_actual >= before + timedelta(days=3)


def test_codes_that_no_list_has_are_told_all_the_same(raw, sent, sdk):
    for ending, code in (("2174", "LOA_ILLEGIBLE"), ("2176", "SOMETHING_NEW")):
        sid = sent(f"+1415555{ending}")
        status = raw("GET", f"/porting_orders/{sid}").json()["data"]["status"]
        assert [detail["code"] for detail in status["details"]] == [code]
    listed = {each.code for each in sdk.porting_orders.retrieve_exception_types().data}
    assert "ACCOUNT_NUMBER_MISMATCH" in listed
    assert "SOMETHING_NEW" not in listed


def test_what_is_unproved_can_be_answered_either_way(sdk, sent, after, world):
    world.state.unproved.patch_resubmits = world.state.unproved.submitted_changes = True
    sid = sent("+14155552155")
    assert refused(sdk.porting_orders.actions.confirm, sid) == [("10015", "/status")]
    sdk.porting_orders.update(sid, end_user={"admin": {"pin_passcode": "1111"}})
    after(seconds=5)
    assert order(sdk, sid).status.value == "submitted"
    changed = sdk.porting_orders.update(sid, end_user={"admin": {"pin_passcode": "2222"}}).data
    assert changed.end_user.admin.pin_passcode == "2222"


def test_the_log_has_what_was_told_and_sends_it_again(sdk, sent, listener, world):
    sid = sent(PLAIN)
    before = len(listener.heard)
    wanted = {"porting_order_id": sid, "type": "porting_order.status_changed"}
    kept = sdk.porting.events.list(filter=wanted).data
    assert [each.payload.status.value for each in kept] == ["foc-date-confirmed", "submitted", "in-process"]
    sdk.porting.events.republish(kept[0].id)
    world.run_due()
    assert len(listener.heard) == before + 1
    assert events(listener)[-1][1]["status"]["value"] == "foc-date-confirmed"
    assert sdk.porting.events.retrieve(kept[0].id).data.id == kept[0].id


def test_support_keys_and_the_letter_are_there(sdk, sent, filled, raw):
    sid = sent(PLAIN)
    keys = sdk.porting_orders.retrieve_sub_request(sid).data
    assert (keys.sub_request_id, keys.port_request_id[:3]) == (order(sdk, sid).support_key, "pr_")
    assert raw("GET", f"/porting_orders/{sid}/loa_template").content[:5] == b"%PDF-"
    assert raw("GET", f"/porting_orders/{filled('+14155552672')}/sub_request").status_code == 404
