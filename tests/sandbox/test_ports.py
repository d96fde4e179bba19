"""Port requests from filing to their end, on schedule and by the control API."""

from datetime import UTC, date, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from sandbox.errors import OutOfTurn, Unknown

PLAIN = "+14155552671"
HOOK = "http://listener.test/port"
CONFIG = "http://sandbox.test/numbers.twilio.com/v1/Porting/Configuration/Webhook"


@pytest.fixture
def hooked(wire):
    wire.post(CONFIG, json={"port_in_target_url": HOOK, "notifications_of": []}).raise_for_status()


@pytest.fixture
def wait(world, clock):
    def wait_for(**length):
        clock.jump(timedelta(**length))
        world.run_due()

    return wait_for


@pytest.fixture
def submitted(world, wait, file_port):
    """A signed request that has reached the losing carrier."""

    def submit(*numbers, **changes):
        kw = file_port(*numbers, **changes)
        wait(seconds=6)
        world.sign(kw)
        wait(seconds=6)
        return kw

    return submit


def statuses(world, kw):
    return {number.phone_number[-4:]: str(number.status) for number in world.port_in(kw).numbers}


def test_a_request_goes_from_review_to_completion_by_itself_once_it_is_signed(world, wait, file_port):
    kw = file_port(PLAIN)
    seen = [world.port_in(kw).status]
    wait(seconds=6)
    seen.append(world.port_in(kw).status)
    world.sign(kw)
    for length in ({"seconds": 6}, {"hours": 5}, {"days": 8}):
        wait(**length)
        seen.append(world.port_in(kw).numbers[0].status)
    assert seen == ["in_review", "waiting_for_signature", "port_submitted", "port_pending", "completed"]
    assert world.port_in(kw).status == "completed"


def test_the_date_is_the_first_business_day_a_week_ahead(world, wait, submitted):
    kw = submitted(PLAIN)
    wait(hours=5)
    assert world.port_in(kw).numbers[0].port_date == datetime(2026, 3, 9, 15, tzinfo=UTC)


def test_a_wished_date_is_kept_and_told_in_utc_with_its_time(client, world, wait, submitted):
    kw = submitted(PLAIN, target_port_in_date="2026-03-17", target_port_in_time_range_start="18:15:00-08:00")
    wait(hours=5)
    told = client.numbers.v1.porting_port_ins(kw).fetch()
    assert (str(told.target_port_in_date), told.target_port_in_time_range_start) == ("2026-03-18", "02:15:00Z")
    assert told.phone_numbers[0]["port_date"] == "2026-03-18T02:15:00Z"


def test_a_long_jump_leaves_each_step_its_own_time(world, submitted, wait):
    kw = submitted(PLAIN)
    wait(days=30)
    assert world.port_in(kw).numbers[0].changed == datetime(2026, 3, 9, 15, tzinfo=UTC)


def test_the_mailbox_and_the_request_show_where_to_sign(client, world, wait, file_port):
    kw = file_port(PLAIN)
    assert world.mailbox == []
    wait(seconds=6)
    [mail] = world.mailbox
    assert mail.to == "alice@example.com"
    assert client.numbers.v1.porting_port_ins(kw).fetch().signature_request_url == mail.url


def test_a_letter_nobody_signs_expires(world, wait, file_port):
    kw = file_port(PLAIN)
    wait(days=31)
    assert (world.port_in(kw).status, statuses(world, kw)) == ("expired", {"2671": "canceled"})


def test_a_completed_number_appears_in_the_account_with_nothing_set(client, submitted, wait):
    submitted(PLAIN)
    wait(days=8)
    [number] = client.incoming_phone_numbers.list(phone_number=PLAIN)
    assert (number.voice_url, number.sms_url, number.origin) == (None, None, "twilio")


@pytest.mark.parametrize(
    ("ending", "code"), [(str(code)[-4:], code) for code in (22130, 22131, 22132, 22133, 22135, 22136, 22137)]
)
def test_a_number_that_cannot_be_ported_says_why(client, ending, code):
    told = client.numbers.v1.porting_portabilities(f"+1415555{ending}").fetch()
    assert (told.portable, told.not_portable_reason_code, bool(told.not_portable_reason)) == (False, code, True)


@pytest.mark.parametrize(
    ("number", "code", "kind", "country"),
    [
        (PLAIN, None, "LOCAL", "US"),
        ("+14155556001", None, "MOBILE", "US"),
        ("+18885552671", 22133, "TOLL-FREE", "US"),
        ("+14165552671", 22133, "LOCAL", "CA"),
        ("+46812345678", 22130, "UNKNOWN", "SE"),
    ],
)
def test_portability_knows_kinds_and_countries(wire, number, code, kind, country):
    told = wire.get(f"http://sandbox.test/numbers.twilio.com/v1/Porting/Portability/PhoneNumber/{number}").json()
    assert (told["not_portable_reason_code"], told["number_type"], told["country"]) == (code, kind, country)


def test_a_number_in_the_account_or_on_its_way_is_not_portable_again(client, submitted, wait):
    submitted(PLAIN)
    portability = client.numbers.v1.porting_portabilities(PLAIN)
    assert portability.fetch().not_portable_reason_code == 22137
    wait(days=8)
    assert portability.fetch().not_portable_reason_code == 22131


@pytest.mark.parametrize("number", ["0701234567", "+1415", "+14155552671999", "hello"])
def test_a_malformed_number_is_an_error_not_an_answer(client, number):
    with pytest.raises(TwilioRestException) as refused:
        client.numbers.v1.porting_portabilities(number).fetch()
    assert (refused.value.status, refused.value.code) == (400, 22102)


def test_a_number_that_is_not_portable_is_left_out_and_the_rest_goes_on(client, world, hooked, listener, submitted):
    kw = submitted(PLAIN, "+14155552133")
    assert statuses(world, kw) == {"2671": "port_submitted", "2133": "canceled"}
    told = {each.json["phone_number"]: each.json for each in listener.heard if each.json["status"] == "canceled"}
    assert told["+14155552133"]["not_portable_reason_code"] == 22133


@pytest.mark.parametrize("code", range(22150, 22160))
def test_each_rejection_has_its_number(world, wait, submitted, code):
    kw = submitted(f"+1415555{code - 20000}")
    wait(hours=5)
    assert (world.port_in(kw).numbers[0].rejection_code, world.port_in(kw).status) == (code, "action_required")


@pytest.mark.parametrize(
    ("ending", "wrong", "code"),
    [
        ("3156", {"losing": {"account_number": "1"}}, 22156),
        ("3155", {"phone_numbers": [{"phone_number": "+14155553155", "pin": "0"}]}, 22155),
        ("6001", {"phone_numbers": [{"phone_number": "+14155556001"}]}, 22155),
        ("3100", {"losing": {"account_number": "1"}}, 22156),
    ],
)
def test_wrong_papers_are_rejected_until_the_right_ones_are_filed(client, world, wait, submitted, ending, wrong, code):
    kw = submitted(f"+1415555{ending}", **wrong)
    wait(hours=5)
    assert world.port_in(kw).numbers[0].rejection_code == code
    client.numbers.v1.porting_port_ins(kw).delete()
    wait(minutes=2)
    again = submitted(f"+1415555{ending}")
    wait(hours=5)
    assert statuses(world, again) == {ending: "port_pending"}


@pytest.mark.parametrize(
    ("ending", "day", "committed", "status"),
    [
        ("4101", 8, "2026-03-09", "completed"),
        ("4102", 4, "2026-03-12", "port_pending"),
        ("4103", 4, None, "port_submitted"),
        ("4103", 6, "2026-03-12", "port_pending"),
        ("4104", 9, "2026-03-10", "port_pending"),
        ("4104", 10, "2026-03-10", "completed"),
        ("4205", 9, "2026-03-09", "canceled"),
        ("4206", 9, None, "port_rejected"),
    ],
)
def test_dates_hold_or_not_as_the_number_says(world, clock, submitted, ending, day, committed, status):
    kw = submitted(f"+1415555{ending}")
    clock.jump_to(datetime(2026, 3, day, 23, tzinfo=UTC))
    world.run_due()
    number = world.port_in(kw).numbers[0]
    shown = number.port_date.date().isoformat() if number.port_date else None
    assert (number.status, shown) == (status, committed)


@pytest.mark.parametrize(
    ("ending", "hours_before", "hours_after"), [("4201", 48, None), ("4202", None, 1 / 6), ("4203", None, 24)]
)
def test_a_number_may_appear_before_or_long_after_its_completion(
    client, world, clock, submitted, ending, hours_before, hours_after
):
    submitted(f"+1415555{ending}")
    completion, visible = datetime(2026, 3, 9, 15, tzinfo=UTC), []
    offset = -hours_before if hours_before else hours_after
    for hours in (offset - 0.01, offset + 0.01):
        clock.jump_to(completion + timedelta(hours=hours))
        world.run_due()
        visible.append(len(client.incoming_phone_numbers.list()))
    assert visible == [0, 1]


def test_an_order_completes_although_one_of_its_numbers_was_cancelled(world, submitted, wait):
    kw = submitted(PLAIN, "+14155554205")
    wait(days=8)
    assert statuses(world, kw) == {"2671": "completed", "4205": "canceled"}
    assert world.port_in(kw).status == "completed"


@pytest.mark.parametrize(("ending", "mails", "link"), [("4301", 0, False), ("4303", 1, False), ("2671", 1, True)])
def test_the_signature_mail_or_its_link_may_never_come(client, world, wait, file_port, ending, mails, link):
    kw = file_port(f"+1415555{ending}")
    wait(seconds=6)
    shown = client.numbers.v1.porting_port_ins(kw).fetch().signature_request_url
    assert (len(world.mailbox), shown is not None) == (mails, link)


@pytest.mark.parametrize(("ending", "hours"), [("4301", 73), ("4302", 2)])
def test_some_letters_expire_sooner(world, wait, file_port, ending, hours):
    kw = file_port(f"+1415555{ending}")
    wait(hours=hours)
    assert world.port_in(kw).status == "expired"


def test_a_cancel_is_taken_first_and_done_later(client, world, wait, submitted):
    kw = submitted(PLAIN)
    assert client.numbers.v1.porting_port_ins(kw).delete()
    assert statuses(world, kw) == {"2671": "canceling"}
    wait(minutes=2)
    assert (statuses(world, kw), world.port_in(kw).status) == ({"2671": "canceled"}, "canceled")


def test_one_number_can_be_cancelled_alone(client, world, wait, submitted):
    kw = submitted(PLAIN, "+14155552672")
    pu = world.port_in(kw).numbers[1].sid
    assert client.numbers.v1.porting_port_in_phone_number(kw, pu).delete()
    wait(minutes=2)
    assert statuses(world, kw) == {"2671": "port_submitted", "2672": "canceled"}


@pytest.mark.parametrize(("ending", "days"), [("4401", 0), ("2671", 6), ("2671", 8)])
def test_a_cancel_that_is_refused_too_late_or_over_is_a_conflict(client, wait, submitted, ending, days):
    kw = submitted(f"+1415555{ending}")
    wait(days=days)
    with pytest.raises(TwilioRestException) as refused:
        client.numbers.v1.porting_port_ins(kw).delete()
    assert (refused.value.status, refused.value.code) == (409, 20409)


def test_a_cancel_that_waits_is_granted_or_refused_by_hand(client, world, submitted):
    kept, ended = submitted("+14155554402"), submitted("+12125554402")
    for kw in (kept, ended):
        client.numbers.v1.porting_port_ins(kw).delete()
    world.refuse_cancel(kept)
    world.grant_cancel(ended)
    assert (statuses(world, kept), statuses(world, ended)) == ({"4402": "port_submitted"}, {"4402": "canceled"})


def test_a_cancel_can_come_too_late_after_all(client, world, wait, submitted):
    kw = submitted("+14155554403")
    client.numbers.v1.porting_port_ins(kw).delete()
    wait(minutes=11)
    assert statuses(world, kw) == {"4403": "completed"}


def test_the_other_side_can_do_everything_by_hand(world, submitted):
    kw = submitted(PLAIN, "+14155552672")
    world.accept(kw, date(2026, 4, 1))
    world.move_date(PLAIN, date(2026, 4, 2))
    assert world.port_for(PLAIN).numbers[0].port_date == datetime(2026, 4, 2, 15, tzinfo=UTC)
    world.withdraw_date(kw)
    assert statuses(world, kw) == {"2671": "port_submitted", "2672": "port_submitted"}
    world.reject(kw, PLAIN, 22156)
    world.accept(kw)
    world.complete(kw, PLAIN)
    world.cancel_number(kw, "+14155552672")
    assert (statuses(world, kw), world.port_in(kw).status) == ({"2671": "completed", "2672": "canceled"}, "completed")


def test_an_act_out_of_turn_is_refused_and_changes_nothing(world, file_port):
    kw = file_port(PLAIN)
    for act in (world.sign, world.expire, world.accept, world.withdraw_date, world.complete, world.grant_cancel):
        with pytest.raises(OutOfTurn):
            act(kw)
    assert statuses(world, kw) == {"2671": "in_review"}
    with pytest.raises(Unknown):
        world.port_for("+12125550000")


def test_a_moved_date_leaves_the_old_day_without_meaning(world, wait, submitted):
    kw = submitted(PLAIN)
    wait(hours=5)
    world.move_date(kw, date(2026, 3, 20))
    wait(days=8)
    assert statuses(world, kw) == {"2671": "port_pending"}
    wait(days=11)
    assert statuses(world, kw) == {"2671": "completed"}


def test_callbacks_tell_each_step_without_date_or_account(hooked, listener, wait, submitted):
    submitted(PLAIN)
    wait(days=8)
    told = [(each.json["phone_number"], each.json["status"]) for each in listener.heard]
    assert told == [
        (PLAIN, "waiting_for_signature"),
        (None, "waiting_for_signature"),
        (PLAIN, "submitted"),
        (None, "in_progress"),
        (PLAIN, "pending"),
        (PLAIN, "completed"),
        (None, "completed"),
    ]
    assert set(listener.heard[0].json) == {
        "port_in_request_sid",
        "port_in_phone_number_sid",
        "phone_number",
        "status",
        "last_date_updated",
        "portable",
        "not_portable_reason",
        "not_portable_reason_code",
        "rejection_reason",
        "rejection_reason_code",
    }


def test_only_the_events_asked_for_are_told(wire, listener, wait, submitted):
    wire.post(CONFIG, json={"port_in_target_url": HOOK, "notifications_of": ["PortInCompleted"]})
    submitted(PLAIN)
    wait(days=8)
    assert [each.json["status"] for each in listener.heard] == ["completed"]


def test_a_thousand_numbers_in_one_request_complete(world, wait, submitted):
    kw = submitted(*(f"+1415555{line:04}" for line in range(7000, 8000)))
    wait(days=8)
    assert {number.status for number in world.port_in(kw).numbers} == {"completed"}
