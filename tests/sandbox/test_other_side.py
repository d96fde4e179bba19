"""The control API, the signing page and the console; the clock; the world on disk."""

import inspect
import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from bs4 import BeautifulSoup

from sandbox.clock import RehearsalClock
from sandbox.control.acts import ACTS
from sandbox.exchange import registered_service
from sandbox.faults import FaultKind, Faults
from sandbox.save import load, save
from sandbox.world import World
from tests.sandbox.conftest import SID
from tests.sandbox.filings import Filing

BASE = "http://sandbox.test"
OUTSIDE = "+12125550123"
PLAIN = "+14155552671"
MINUTE = timedelta(minutes=1)


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
    assert act("run-due")[1] == {"done": 0}  # it happened with the jump
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
        ("brand", {"sid": "BN0", "status": "APPROVED"}, 404),
        ("detour", {"number": PLAIN, "leg": "voice"}, 404),
        ("show", {"kw": "KW0", "number": PLAIN}, 404),
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


def forms_of(browser, page):
    return BeautifulSoup(browser.get(f"/console{page}").text, "html.parser").find_all("form")


@pytest.fixture
def press(app):
    """Fill in a form of the console, by the page and the words on its button; what the page says then."""
    person = app.test_client()

    def press(page, words, **filled):
        form = next(form for form in forms_of(person, page) if form.button.text == words)
        hidden = {field["name"]: field.get("value", "") for field in form.find_all("input")}
        answer = person.post(form["action"], data=hidden | filled, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    return press


def test_the_consoles_buttons_do_what_they_say(app, press, world, file_port):
    file_port(PLAIN)
    assert "Done: clock" in press("", "+1 h")
    world.run_due()
    [signing] = [form for form in forms_of(app.test_client(), "") if form.button.text == "Sign"]
    told = {field["name"]: field["value"] for field in signing.find_all("input")}
    assert "Done: sign" in press("", "Sign")
    assert "does not wait" in app.test_client().post(signing["action"], data=told, follow_redirects=True).text
    assert app.test_client().post("/console/act/dance").status_code == 404
    assert "nothing is switched on" in press("/faults", "All faults off")


def test_everything_that_can_go_wrong_has_its_button(app, client, world, clock, ours, file_port):
    Filing(client).brand()
    world.inventory.appear("+18335550100", SID, clock.now())
    client.validation_requests.create(phone_number=OUTSIDE)
    kw = file_port(PLAIN, "+14155552672")
    clock.jump(timedelta(seconds=6))
    world.run_due()
    forms = forms_of(app.test_client(), "")
    world.sign(kw)
    clock.jump(timedelta(hours=5))
    world.run_due()
    client.numbers.v1.porting_port_in_phone_number(kw, world.port_in(kw).numbers[1].sid).delete()
    world.port_outs.ask(ours, "Metro Bell")
    forms += [form for page in ("", "/phones", "/numbers", "/faults") for form in forms_of(app.test_client(), page)]
    verbs = {form["action"].partition("/act/")[2].partition("?")[0] for form in forms}
    # the server does what is due by itself, and an empty world is for tests
    assert set(ACTS) - verbs == {"run-due", "reset"}
    [faults] = [form for form in forms if form["action"].endswith("/faults?page=faults")]
    assert [option.text for option in faults.find_all("option")] == list(FaultKind)
    assert set(inspect.signature(Faults.add).parameters) - {"self"} == {
        field["name"] for field in faults.find_all(["input", "select"])
    }


def test_the_account_is_limited_on_the_console(press, world):
    press("/faults", "Limit", per_second="1", at_once="3")
    limits = world.state.call_limits
    assert (limits.per_second, limits.at_once) == (1, 3)


def test_half_a_port_and_what_the_registries_decide_are_set_on_the_console(press, client, world, ours):
    service = registered_service(SID)
    brand = Filing(client).brand().sid
    client.validation_requests.create(phone_number=OUTSIDE)
    press("/numbers", "Send there", leg="texts", network="AT&T Wireless", seconds="60")
    [detour] = world.inventory.held(ours).detours
    assert (detour.leg, detour.network, detour.until) == ("texts", "AT&T Wireless", world.clock.now() + MINUTE)
    assert "texts from AT&amp;T Wireless until" in press("/numbers", "in_progress")
    press("/numbers", "Mend")
    press("/numbers", "approved")
    press("/numbers", "Key the code")
    assert world.inventory.held(ours).detours == []
    assert (world.state.services[service].campaign.status, world.state.brands[brand].status) == (
        "IN_PROGRESS",
        "APPROVED",
    )
    assert [each.verified for each in world.state.caller_ids.values()] == [True]


def test_a_number_shows_in_the_account_when_the_console_says(press, world, clock, file_port):
    kw = file_port(PLAIN, "+14155552672")
    clock.jump(timedelta(seconds=6))
    world.run_due()
    world.sign(kw)
    clock.jump(timedelta(hours=5))
    world.run_due()
    assert "Done: show" in press("", "Show in the account")
    assert world.inventory.taken() == {PLAIN}
    press("", "Complete now", appears="3600")
    for length, there in ((timedelta(minutes=59), {PLAIN}), (MINUTE, {PLAIN, "+14155552672"})):
        clock.jump(length)
        world.run_due()
        assert world.inventory.taken() == there


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
