"""The other side of the second carrier, played over HTTP and on the console."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from sandbox.save import load, save
from tests.sandbox.conftest import SANDBOX
from tests.sandbox.telnyx.conftest import PLAIN

OTHER = "+14155552672"


@pytest.fixture
def act(wire):
    def post(verb, **told):
        answer = wire.post(f"{SANDBOX}/_control/{verb}", json=told, auth=("", ""))
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def sent(sdk, filled, after):
    """An order at the losing carrier; its id."""

    def send(*numbers, **changes):
        sid = filled(*numbers, **changes)
        sdk.porting_orders.actions.confirm(sid)
        after(minutes=5)
        return sid

    return send


@pytest.fixture
def page(app):
    def show(name):
        return BeautifulSoup(app.test_client().get(f"/console{name}").text, "html.parser").get_text(" ", strip=True)

    return show


def test_a_whole_port_can_be_played_over_http(act, sent, wire, sdk, after):
    sid = sent(PLAIN, messaging={"enable_messaging": True})
    assert act("except", kw=PLAIN, codes=["ACCOUNT_NUMBER_MISMATCH", "BRAND_NEW"])[1]["codes"][1] == "BRAND_NEW"
    assert act("accept", kw=sid, port_date="2026-04-01")[1]["foc"].startswith("2026-04-01T15:00")
    assert act("move_date", kw=PLAIN, date="2026-04-02T10:00:00+02:00")[1]["foc"].startswith("2026-04-02T08:00")
    assert act("withdraw_date", kw=sid)[1]["status"] == "submitted"
    assert act("comment", kw=sid, body="Your bill, please.")[1]["comments"] == ["Your bill, please."]
    assert sdk.porting_orders.comments.list(sid).data[0].user_type == "admin"
    assert act("complete", kw=sid)[1]["status"] == "ported"
    assert act("messaging", kw=sid, status="exception")[1]["texts"] == "exception"
    after(seconds=30)
    assert [each.phone_number for each in sdk.phone_numbers.list().data] == [PLAIN]
    [order] = wire.get(f"{SANDBOX}/_control/port-orders").json()
    assert (order["sid"], order["status"]) == (sid, "ported")


def test_staff_split_an_order_and_answer_a_cancel(act, sent, sdk):
    sid = sent(PLAIN, OTHER)
    new = act("split", kw=sid, numbers=[OTHER])[1]
    assert (new["numbers"], new["status"]) == ([OTHER], "submitted")
    sdk.porting_orders.actions.cancel(sid)
    assert act("refuse_cancel", kw=sid)[1]["status"] == "submitted"
    sdk.porting_orders.actions.cancel(sid)
    assert act("grant_cancel", kw=sid)[1]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("verb", "told", "status"),
    [
        ("withdraw_date", {"kw": PLAIN}, 409),
        ("grant_cancel", {"kw": PLAIN}, 409),
        ("except", {"kw": PLAIN, "codes": []}, 400),
        ("split", {"kw": PLAIN, "numbers": [PLAIN]}, 400),
        ("messaging", {"kw": PLAIN, "status": "arrived"}, 400),
        ("except", {"kw": OTHER, "codes": ["OTHER"]}, 404),
        ("registration", {"sid": "1", "status": "OK"}, 404),
    ],
)
def test_what_cannot_be_done_is_refused(act, sent, verb, told, status):
    sent(PLAIN)
    assert act(verb, **told)[0] == status


def test_what_is_unproved_is_switched_over_http(act, world):
    others = {"submitted_changes": False, "opt_outs_forbid": False}
    assert act("unproved", patch_resubmits=True)[1] == {"patch_resubmits": True, **others}
    assert world.state.unproved.patch_resubmits


def test_registrations_are_decided_over_http(act, sdk):
    brand = sdk.messaging_10dlc.brand.create(
        entity_type="PRIVATE_PROFIT", display_name="Alice", country="US", email="a@example.com", vertical="RETAIL"
    ).brand_id
    assert act("registration", sid=brand, status="REGISTRATION_FAILED", reason="Not found")[1]["kind"] == "10dlc_brand"
    assert sdk.messaging_10dlc.brand.retrieve(brand).failure_reasons == "Not found"
    assert act("registration", sid=brand, status="MNO_PROVISIONED")[0] == 400


def test_the_console_shows_orders_and_numbers_and_plays_them(app, sent, buy, page, sdk, world):
    application = sdk.texml_applications.create(friendly_name="Line", voice_url="http://listener.test/voice").data.id
    number, sid = buy(connection_id=application), sent(PLAIN, messaging={"enable_messaging": True})
    sdk.messaging_10dlc.brand.create(
        entity_type="PRIVATE_PROFIT", display_name="Alice Inc", country="US", email="a@example.com", vertical="RETAIL"
    )
    assert f"{PLAIN} . Texts: pending." in page("").replace(f"{PLAIN}.", f"{PLAIN} .")
    played = app.test_client().post("/console/act/accept?page=ports", data={"kw": sid}, follow_redirects=True)
    assert "Done: accept." in played.text
    assert "foc-date-confirmed" in page("")
    shown = page("/numbers")
    for words in (number.phone_number, "Telnyx", "http://listener.test/voice", "Alice Inc", "REGISTRATION_PENDING"):
        assert words in shown
    refused = app.test_client().post("/console/act/accept?page=ports", data={"kw": sid}, follow_redirects=True)
    assert f"{sid} is foc-date-confirmed." in refused.text
    world.port_outs.ask(number.phone_number, "Metro Bell")
    world.wind(timedelta(hours=48))
    assert "authorized" in page("/numbers")


def test_all_that_was_made_here_survives_a_restart(sent, buy, sdk, world, tmp_path):
    sent(PLAIN)
    sent("+14155554501")
    world.port_outs.ask(buy().phone_number, "Metro Bell")
    sdk.outbound_voice_profiles.create(name="Out")
    save(tmp_path / "world", world.state)
    assert load(tmp_path / "world") == world.state
