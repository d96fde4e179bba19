"""The sandbox's faults, one at a time."""

import time
from datetime import timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from sandbox.faults import AnswerLost, ApiSpelling, WebhookSpelling

HOOK = "http://listener.test/hook"


@pytest.fixture
def owe(world):
    def owe_callbacks(*numbers):
        for number in numbers:
            world.exchange.post_form(world.exchange.account_sid, HOOK, {"Number": number})
        world.run_due()

    return owe_callbacks


@pytest.fixture
def heard(listener):
    return lambda: [each.form["Number"] for each in listener.at("/hook")]


def test_a_dropped_callback_never_comes(world, owe, heard):
    world.faults.add("drop", count=1)
    owe("1", "2")
    assert heard() == ["2"]


def test_a_doubled_callback_comes_twice(world, owe, heard):
    world.faults.add("double", count=1)
    owe("1", "2")
    assert heard() == ["1", "1", "2"]


def test_a_delayed_callback_comes_later(world, owe, heard, clock):
    world.faults.add("delay", count=1, seconds=60)
    owe("1", "2")
    assert heard() == ["2"]
    clock.jump(timedelta(seconds=61))
    world.run_due()
    assert heard() == ["2", "1"]


def test_a_reordered_callback_is_overtaken_by_the_next(world, owe, heard):
    world.faults.add("reorder", count=1)
    owe("1", "2", "3")
    assert heard() == ["2", "1", "3"]


def test_a_reordered_callback_with_nothing_behind_it_comes_after_a_minute(world, owe, heard, clock):
    world.faults.add("reorder")
    owe("1")
    clock.jump(timedelta(minutes=2))
    world.run_due()
    assert heard() == ["1"]


def test_a_forged_callback_has_a_wrong_signature(world, owe, listener):
    world.faults.add("forge")
    owe("1")
    [forged] = listener.heard
    check = RequestValidator("rehearsal-auth-token")
    assert not check.validate(forged.url, forged.form, forged.headers["X-Twilio-Signature"])


def test_the_fragment_of_an_address_can_be_signed_along(client, world, listener):
    number = client.incoming_phone_numbers.create(area_code="415", sms_url=f"{HOOK}#rc=5&rp=all").phone_number
    world.faults.add("sign-fragment", count=1)
    for body in ("with", "without"):
        world.text("+12125550123", number, body)
    world.run_due()
    check = RequestValidator("rehearsal-auth-token")
    signed = [each.headers["X-Twilio-Signature"] for each in listener.heard]
    assert [each.url for each in listener.heard] == [HOOK, HOOK]
    for heard, url, signature in zip(listener.heard, (f"{HOOK}#rc=5&rp=all", HOOK), signed, strict=True):
        assert check.compute_signature(url, heard.form) == signature


def test_the_hash_of_a_body_can_stand_in_the_address_twice(world, listener):
    world.faults.add("repeat-hash")
    world.exchange.post_json(world.exchange.account_sid, HOOK, {"status": "completed"})
    world.run_due()
    [heard] = listener.heard
    assert heard.url.count("bodySHA256=") == 2
    check = RequestValidator("rehearsal-auth-token")
    assert check.validate(heard.url, heard.body, heard.headers["X-Twilio-Signature"])


def test_a_fault_keeps_to_its_path(world, owe, heard):
    world.faults.add("drop", path="/other/*")
    owe("1")
    assert heard() == ["1"]


def test_a_share_of_callbacks_is_the_same_each_time_the_dice_start_again(world, owe, heard, listener):
    world.faults.add("drop", rate=0.5)
    runs = []
    for _ in range(2):
        listener.heard.clear()
        world.faults.seed(7)
        owe(*map(str, range(40)))
        runs.append(heard())
    assert runs[0] == runs[1]
    assert 10 < len(runs[0]) < 30


def test_an_answer_lost_before_the_work_leaves_nothing_done(client, world):
    world.faults.add("lose-before", count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.incoming_phone_numbers.create(area_code="415")
    assert client.incoming_phone_numbers.list() == []


def test_an_answer_lost_after_the_work_leaves_it_done(client, world):
    world.faults.add("lose-after", path="*/IncomingPhoneNumbers.json", count=1)
    with pytest.raises(AnswerLost):
        client.incoming_phone_numbers.create(area_code="415")
    assert len(client.incoming_phone_numbers.list()) == 1


@pytest.mark.parametrize(
    ("kind", "told", "status", "code"),
    [
        ("throttle", {}, 429, 20429),
        ("error", {}, 500, 20500),
        ("error", {"status": 502}, 502, 20502),
        ("outage", {}, 503, 20503),
    ],
)
def test_a_storm_answers_with_errors_in_twilios_form(client, world, kind, told, status, code):
    world.faults.add(kind, count=1, **told)
    with pytest.raises(TwilioRestException) as refused:
        client.incoming_phone_numbers.create(area_code="415")
    assert (refused.value.status, refused.value.code) == (status, code)
    assert client.incoming_phone_numbers.list() == []


def test_an_outage_ends_after_its_length(client, world, clock):
    world.faults.add("outage", lasting=600)
    with pytest.raises(TwilioRestException):
        client.incoming_phone_numbers.create(area_code="415")
    clock.jump(timedelta(minutes=10))
    assert client.incoming_phone_numbers.create(area_code="415").sid


def test_a_slow_answer_is_slow_in_real_time(client, world):
    world.faults.add("slow", seconds=0.05)
    begun = time.monotonic()
    client.incoming_phone_numbers.list()
    assert time.monotonic() - begun >= 0.05


def test_faults_of_answers_leave_the_control_api_alone(wire, world):
    world.faults.add("outage")
    assert wire.get("http://sandbox.test/_control/clock").status_code == 200


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ("short", ["submitted", "in_progress"]),
        ("snake", ["port_submitted", "in_progress"]),
        ("title", ["Port Submitted", "In Progress"]),
        ("event", ["PortInPhoneNumberSubmitted", "PortInInProgress"]),
    ],
)
def test_words_can_be_spelled_differently(client, world, clock, listener, file_port, spelling, words):
    world.faults.webhook_spelling = WebhookSpelling(spelling)
    world.faults.api_spelling = ApiSpelling.TITLE
    world.state.webhooks.port_in_target_url = HOOK
    kw = file_port("+14155552671")
    assert client.numbers.v1.porting_port_ins(kw).fetch().port_in_request_status == "In Review"
    clock.jump(timedelta(seconds=6))
    world.run_due()
    world.sign(kw)
    clock.jump(timedelta(seconds=6))
    world.run_due()
    assert [each.json["status"] for each in listener.heard][-2:] == words


def test_a_voice_webhook_can_be_lost_too(client, world, listener):
    number = client.incoming_phone_numbers.create(area_code="415", voice_url=HOOK)
    world.faults.add("drop")
    assert "11200" in world.call("+12125550123", number.phone_number).transcript[0]
    assert listener.heard == []
