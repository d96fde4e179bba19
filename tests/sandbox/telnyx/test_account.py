"""Who may ask, and how refusals read."""

import pytest
import telnyx

from sandbox.exchange import TELNYX_ACCOUNT


def test_the_sdk_reads_the_balance(sdk):
    balance = sdk.balance.retrieve().data
    assert (balance.currency, balance.available_credit) == ("USD", "400.00")


def test_a_wrong_key_and_the_first_carriers_token_are_refused(api):
    for key in ("KEYwrong", "rehearsal-auth-token", ""):
        answer = api("GET", "/balance", key=key)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["code"] == "10009"


def test_the_key_does_not_open_the_first_carrier(wire, api):
    answer = wire.get(f"http://sandbox.test/api.twilio.com/2010-04-01/Accounts/{TELNYX_ACCOUNT}.json")
    assert answer.status_code == 404


def test_an_unknown_address_is_an_error_in_this_carriers_words(app):
    client = app.test_client()
    answer = client.get("/api.telnyx.com/v2/balances", headers={"Authorization": "Bearer KEYrehearsal"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (404, "10005")


@pytest.mark.parametrize(
    ("kind", "fault", "code"),
    [("throttle", telnyx.RateLimitError, "10011"), ("outage", telnyx.InternalServerError, "10007")],
)
def test_faults_refuse_in_this_carriers_words(world, sdk, kind, fault, code):
    world.faults.add(kind, path="*/balance")
    with pytest.raises(fault) as refused:
        sdk.balance.retrieve()
    assert refused.value.body["errors"][0]["code"] == code


def test_several_faults_of_a_body_are_told_at_once(raw):
    answer = raw("POST", "/messaging_profiles", {})
    assert answer.status_code == 422
    assert {error["source"]["pointer"] for error in answer.json()["errors"]} == {"/name", "/whitelisted_destinations"}


def test_an_answer_can_lack_its_data_repeat_its_first_page_or_spell_dates_otherwise(world, raw, buy):
    bought = [buy().id for _ in range(2)]
    world.faults.add("no-data", count=1, path="*/balance")
    assert "data" not in raw("GET", "/balance").json()
    world.faults.add("repeat-page", path="*/phone_numbers")
    pages = [raw("GET", "/phone_numbers", **{"page[size]": 1, "page[number]": page}).json() for page in (1, 2)]
    assert [page["data"][0]["id"] for page in pages] == [bought[1]] * 2
    world.faults.clear()
    world.faults.add("odd-dates", count=1)
    assert raw("GET", f"/phone_numbers/{bought[0]}").json()["data"]["created_at"].endswith("+00:00")


def test_who_asks_too_often_is_told_when_to_come_again(world, raw):
    world.faults.add("throttle", count=1)
    answer = raw("GET", "/balance")
    assert (answer.status_code, answer.headers["x-ratelimit-reset"]) == (429, "1")
