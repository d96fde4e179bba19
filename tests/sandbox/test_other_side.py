"""The control API, the signing page and the console; the clock; the world on disk."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from bs4 import BeautifulSoup

from sandbox.clock import RehearsalClock
from sandbox.save import load, save
from sandbox.world import World

BASE = "http://sandbox.test"
OUTSIDE = "+12125550123"
PLAIN = "+14155552671"


@pytest.fixture
def act(wire):
    def post(verb, **told):
        answer = wire.post(f"{BASE}/_control/{verb}", json=told, auth=("", ""))
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def look(wire):
    return lambda what: wire.get(f"{BASE}/_control/{what}").json()


@pytest.fixture
def ours(client):
    return client.incoming_phone_numbers.create(area_code="415", sms_url="http://listener.test/sms").phone_number


def test_a_whole_port_can_be_played_over_http(act, look, file_port):
    kw = file_port(PLAIN)
    act("clock", jump=6)
    assert act("run-due")[1]["done"] > 0
    assert look("mailbox")[0]["port_in"] == kw
    assert act("sign", kw=PLAIN, name="Alice Archer")[0] == 200
    act("clock", jump=6)
    act("run-due")
    assert act("reject", kw=kw, number=PLAIN, code=22156)[1]["status"] == "action_required"
    assert act("accept", kw=kw, port_date="2026-04-01")[1]["numbers"][0]["port_date"].startswith("2026-04-01")
    assert act("move_date", kw=kw, date="2026-04-02T10:00:00+02:00")[1]["numbers"][0]["port_date"].startswith(
        "2026-04-02T08:00"
    )
    assert act("withdraw_date", kw=kw)[1]["numbers"][0]["port_date"] is None
    assert act("complete", kw=kw)[1]["status"] == "completed"
    act("clock", jump=60)
    act("run-due")
    assert look(f"port-ins/{PLAIN}")["numbers"][0]["pn_sid"].startswith("PN")
    assert [each["sid"] for each in look("port-ins")] == [kw]


def test_texts_and_calls_can_be_played_over_http(act, look, ours, listener):
    assert act("text", **{"from": OUTSIDE, "to": ours, "body": "Hi"})[1]["status"] == "received"
    act("run-due")
    assert listener.at("/sms")[0].form["Body"] == "Hi"
    called = act("call", **{"from": OUTSIDE, "to": ours, "answers": {OUTSIDE: "busy"}})[1]
    assert (called["status"], called["transcript"][0][:4]) == ("failed", "says")
    assert act("phone", number=OUTSIDE, answers="busy")[1]["answers"] == "busy"
    assert look(f"phones/{OUTSIDE}/texts") == []
    assert look("callbacks")[0]["fate"] == ["204"]
    assert look("numbers")[0]["phone_number"] == ours


@pytest.mark.parametrize(
    ("verb", "told", "status"),
    [
        ("dance", {}, 404),
        ("sign", {}, 400),
        ("sign", {"kw": "KW0"}, 404),
        ("text", {"from": OUTSIDE, "to": "+14155550000", "body": "Hi"}, 404),
        ("accept", {"kw": PLAIN, "port_date": "soon"}, 400),
        ("reject", {"kw": PLAIN, "number": PLAIN, "code": 1}, 400),
        ("faults", {"kind": "earthquake"}, 400),
        ("spelling", {"api": "shouting"}, 400),
        ("clock", {"jump": -1}, 400),
        ("clock", {"jump": "far"}, 400),
        ("call", {"from": OUTSIDE, "to": PLAIN, "answers": "all"}, 400),
        ("campaign", {"service": "MG0", "status": "VERIFIED"}, 404),
    ],
)
def test_a_wrong_order_is_told_so(act, verb, told, status):
    assert act(verb, **told)[0] == status


def test_an_act_out_of_turn_is_a_conflict(act, file_port):
    file_port(PLAIN)
    status, told = act("sign", kw=PLAIN)
    assert (status, "does not wait for a signature" in told["error"]) == (409, True)


def test_faults_and_spellings_are_switched_over_http_and_a_reset_ends_all(act, look, wire, ours):
    assert act("faults", kind="drop", rate=0.5, path="/sms")[1][0]["kind"] == "drop"
    assert act("spelling", webhook="event")[1] == {"api": "snake", "webhook": "event"}
    wire.delete(f"{BASE}/_control/faults")
    assert look("faults") == []
    act("reset")
    assert look("numbers") == []


def test_another_sites_page_cannot_press_our_buttons(wire):
    answer = wire.post(f"{BASE}/_control/reset", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_signing_page_shows_the_letter_and_takes_a_name(wire, world, clock, file_port):
    kw = file_port(PLAIN, "+14155552133")
    clock.jump(timedelta(seconds=6))
    world.run_due()
    [mail] = world.mailbox
    text = BeautifulSoup(wire.get(mail.url).text, "html.parser").get_text()
    for words in ("Alice Plumbing", "Alice Archer", "1 Main St", PLAIN):
        assert words in text
    assert "+14155552133" not in text
    assert wire.post(mail.url, data={"name": " "}).status_code == 422
    assert "Signed by Alice A." in wire.post(mail.url, data={"name": "Alice A."}).text
    assert wire.post(mail.url, data={"name": "Again"}).status_code == 409
    assert world.port_in(kw).signed_by == "Alice A."
    assert wire.get(f"{BASE}/sign/other").status_code == 404


@pytest.mark.parametrize("page", ["", "/phones", "/numbers", "/mailbox", "/callbacks", "/faults"])
def test_every_page_of_the_console_shows_the_clock_empty_or_full(wire, client, world, clock, ours, file_port, page):
    for visit in range(2):
        answer = wire.get(f"{BASE}/console{page}")
        assert answer.status_code == 200
        assert "2026" in BeautifulSoup(answer.text, "html.parser").find("strong").text
        file_port(*(f"+1415555{7000 + 100 * visit + count}" for count in range(25)))
        client.messaging.v1.services.create(friendly_name="Line")
        world.text(OUTSIDE, ours, "Hi", media=["image/png"])
        world.call(OUTSIDE, ours)
        world.faults.add("drop", lasting=60)
        clock.jump(timedelta(seconds=6))
        world.run_due()


def test_the_consoles_buttons_do_what_they_say(wire, world, clock, file_port):
    file_port(PLAIN)
    page = wire.post(f"{BASE}/console/act/clock?page=faults", data={"jump": "6"}).text
    assert "Done: clock" in page
    world.run_due()
    [button] = [
        form
        for form in BeautifulSoup(wire.get(f"{BASE}/console").text, "html.parser").find_all("form")
        if form.button.text == "Sign"
    ]
    told = {field["name"]: field["value"] for field in button.find_all("input")}
    assert "Done: sign" in wire.post(BASE + button["action"], data=told).text
    assert "does not wait" in wire.post(BASE + button["action"], data=told).text
    assert wire.post(f"{BASE}/console/act/dance").status_code == 404
    assert wire.post(f"{BASE}/console/faults/clear").status_code == 200


def test_the_clock_in_memory_stands_still_until_it_is_wound():
    start = datetime(2026, 3, 2, tzinfo=UTC)
    clock = RehearsalClock(None, start=start)
    clock.jump(timedelta(hours=1))
    clock.jump_to(start + timedelta(days=1))
    assert clock.now() == start + timedelta(days=1)
    for backwards in (
        lambda: clock.jump(timedelta(seconds=-1)),
        lambda: clock.jump_to(start),
        lambda: clock.set_speed(-1),
    ):
        with pytest.raises(ValueError, match="never"):
            backwards()


def test_the_clock_in_a_file_is_the_same_for_two(tmp_path):
    path = tmp_path / "deep" / "clock.json"
    one, other = RehearsalClock(path), RehearsalClock(path)
    one.jump(timedelta(days=30))
    one.set_speed(0)
    assert one.now() == other.now()
    assert other.now() - datetime.now(UTC) > timedelta(days=29)
    assert set(json.loads(path.read_text())) == {"real", "shown", "speed"}


def test_the_clock_can_run_fast():
    clock = RehearsalClock(None)
    clock.set_speed(3600)
    first = clock.now()
    assert clock.speed == 3600
    while clock.now() == first:
        pass
    assert clock.now() > first


def test_the_world_survives_a_restart(tmp_path, world, clock, client, ours, file_port):
    kw = file_port(PLAIN)
    client.messages.create(to=OUTSIDE, from_=ours, body="Hello")
    world.text(OUTSIDE, ours, "Hi", media=["image/png"])
    world.call(OUTSIDE, ours)
    clock.jump(timedelta(seconds=6))
    world.run_due()
    path = tmp_path / "sandbox" / "world"
    save(path, world.state)
    again = World(clock, account_sid=world.exchange.account_sid, auth_token="new", session=requests.Session())
    again.exchange.adopt(load(path))
    assert again.state.accounts[world.exchange.account_sid].token == "new"
    again.sign(kw)
    clock.jump(timedelta(days=8))
    again.run_due()
    assert again.port_in(kw).status == "completed"
    assert again.phone(OUTSIDE).texts == world.phone(OUTSIDE).texts


@pytest.mark.parametrize("content", ["", "{", '{"numbers": 3}'])
def test_a_world_that_cannot_be_read_is_left_and_said(tmp_path, caplog, content):
    path = tmp_path / "world"
    path.write_text(content)
    assert load(path) is None
    assert "cannot be read" in caplog.text
    assert load(tmp_path / "none") is None
