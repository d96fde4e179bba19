"""Numbers that leave the second carrier's account, and ports between the two carriers of this world."""

from datetime import datetime, timedelta

import pytest
import telnyx

from sandbox.porting.records import NumberStatus
from tests.sandbox.telnyx.conftest import TOLD, events

CONDITION = "8a2f5c1e-4b0d-4f0e-9d0c-2f4a6f1f7c11"


@pytest.fixture
def hears(sdk, listener):
    """The account's webhook is told of port-outs."""
    listener.answers["/told"] = ("", 200)
    profile = sdk.notification_profiles.create(name="Ours").data.id
    channel = sdk.notification_channels.create(
        notification_profile_id=profile, channel_type_id="webhook", channel_destination=TOLD
    ).data.id
    sdk.notification_settings.create(
        notification_event_condition_id=CONDITION, notification_profile_id=profile, notification_channel_id=channel
    )


@pytest.fixture
def leaving(buy, world, hears):
    """A number that another operator asks for, with the request."""

    def ask(pin=""):
        number = buy().phone_number
        return number, world.port_outs.ask(number, "Metro Bell", pin=pin).sid

    return ask


def told(listener):
    return [payload["status"] for kind, payload in events(listener) if kind == "portout.status_changed"]


def test_silence_of_two_days_authorizes_and_the_number_goes_on_its_date(sdk, leaving, after, listener):
    number, sid = leaving(pin="1234")
    asked = sdk.portouts.retrieve(sid).data
    assert (asked.status, asked.phone_numbers, asked.carrier_name) == ("pending", [number], "Metro Bell")
    after(hours=48)
    assert sdk.portouts.retrieve(sid).data.status == "authorized"
    after(days=2)
    assert sdk.portouts.retrieve(sid).data.status == "ported"
    assert sdk.phone_numbers.list().data == []
    assert told(listener) == ["pending", "authorized", "ported"]
    assert events(listener)[0][1]["attempted_pin"] == "1234"


def test_a_refusal_is_read_by_staff_and_holds(sdk, leaving, after):
    number, sid = leaving()
    sdk.portouts.update_status("rejected-pending", id=sid, reason="We do not know this request.")
    assert sdk.portouts.retrieve(sid).data.status == "rejected-pending"
    after(hours=1)
    assert sdk.portouts.retrieve(sid).data.status == "rejected"
    after(days=10)
    assert [each.phone_number for each in sdk.phone_numbers.list().data] == [number]
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.portouts.update_status("authorized", id=sid, reason="Yes")


def test_a_pin_that_was_right_is_no_reason(sdk, leaving, raw, after):
    _, sid = leaving(pin="4711")
    [held] = sdk.phone_numbers.list().data
    sdk.phone_numbers.update(held.id, external_pin="4711")
    refusal = {"reason": "Wrong PIN", "rejection_code": 1002}
    raw("PATCH", f"/portouts/{sid}/rejected-pending", refusal).raise_for_status()
    after(hours=1)
    assert sdk.portouts.retrieve(sid).data.status == "pending"
    assert [each.code for each in sdk.portouts.list_rejection_codes(sid).data] == [1001, 1002]


def test_port_outs_are_found_commented_and_moved(sdk, leaving, world, listener):
    number, sid = leaving()
    leaving()
    assert [each.id for each in sdk.portouts.list(filter={"phone_number": number}).data] == [sid]
    assert len(sdk.portouts.list(filter={"status_in": ["pending"]}).data) == 2
    sdk.portouts.comments.create(sid, body="Who is this?")
    assert [each.body for each in sdk.portouts.comments.list(sid).data] == ["Who is this?"]
    asked = world.port_outs.open_one(number)
    world.port_outs.move(asked, asked.leaves + timedelta(days=1))
    world.run_due()
    kinds = [kind for kind, _ in events(listener)]
    assert {"portout.new_comment", "portout.foc_date_changed"} <= set(kinds)
    [event] = sdk.portouts.events.list(filter={"portout_id": sid, "event_type": "portout.new_comment"}).data
    sdk.portouts.events.republish(event.id)
    world.run_due()
    assert events(listener)[-1][0] == "portout.new_comment"


def test_what_is_no_answer_is_refused(raw, leaving):
    _, sid = leaving()
    assert raw("PATCH", f"/portouts/{sid}/ported", {"reason": "x"}).status_code == 422
    assert raw("PATCH", f"/portouts/{sid}/rejected-pending", {"reason": "x", "rejection_code": 7}).status_code == 422
    assert raw("GET", "/portouts/1").status_code == 404


def ported(world, number):
    return world.port_for(number).numbers[0].status


def test_a_number_goes_to_the_first_carrier_and_comes_back(sdk, world, file_port, client, filled, after, buy):
    number = buy().phone_number
    file_port(number)
    after(seconds=5)
    world.sign(number)
    after(seconds=5)
    [asked] = sdk.portouts.list().data
    assert (asked.status, asked.carrier_name) == ("pending", "Twilio")
    after(hours=4)
    dated = world.port_for(number).numbers[0].port_date
    assert datetime.fromisoformat(sdk.portouts.retrieve(asked.id).data.foc_date) == dated
    after(days=14)
    after(minutes=1)
    assert ported(world, number) is NumberStatus.COMPLETED
    assert sdk.portouts.retrieve(asked.id).data.status == "ported"
    assert sdk.phone_numbers.list().data == []
    assert [each.phone_number for each in client.incoming_phone_numbers.list()] == [number]
    sid = filled(number)
    sdk.porting_orders.actions.confirm(sid)
    for length in ({"minutes": 5}, {"hours": 4}, {"days": 6}, {"seconds": 30}):
        after(**length)
    assert client.incoming_phone_numbers.list() == []
    assert [each.phone_number for each in sdk.phone_numbers.list().data] == [number]


def test_who_refuses_at_one_carrier_keeps_the_number_from_the_other(sdk, world, file_port, client, filled, after, buy):
    number = buy().phone_number
    file_port(number)
    after(seconds=5)
    world.sign(number)
    after(seconds=5)
    [asked] = sdk.portouts.list().data
    sdk.portouts.update_status("rejected-pending", id=asked.id, reason="Never asked for")
    after(hours=4)
    assert ported(world, number) is NumberStatus.PORT_REJECTED
    theirs = client.incoming_phone_numbers.create(area_code="212").phone_number
    sid = filled(theirs)
    sdk.porting_orders.actions.confirm(sid)
    after(minutes=5)
    world.port_outs.dispute(theirs)
    after(hours=4)
    assert [detail.code for detail in sdk.porting_orders.retrieve(sid).data.status.details] == ["OTHER"]
    assert [each.phone_number for each in client.incoming_phone_numbers.list()] == [theirs]


@pytest.fixture
def refused_for_pin(sdk, raw, buy, hears, world, after):
    """Refuse the request of one of the askers because of its PIN; its status when staff have read that."""

    def refuse(who):
        number = buy()
        sdk.phone_numbers.update(number.id, external_pin="482915")
        sid = world.port_outs.ask_as(number.phone_number, who).sid
        refusal = {"reason": "Wrong PIN", "rejection_code": 1002}
        raw("PATCH", f"/portouts/{sid}/rejected-pending", refusal).raise_for_status()
        after(hours=1)
        return sdk.portouts.retrieve(sid).data.status

    return refuse


@pytest.mark.parametrize("who", ["owner_without_pin", "thief"])
def test_a_refusal_for_the_pin_holds_against_those_who_do_not_know_it(refused_for_pin, who):
    assert refused_for_pin(who) == "rejected"


@pytest.mark.parametrize("who", ["owner", "thief_with_pin"])
def test_it_does_not_hold_against_those_who_know_it_whoever_they_are(refused_for_pin, who):
    assert refused_for_pin(who) == "pending"
