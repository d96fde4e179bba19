"""Notices on this device: allowed, listed, shown as one chose, and forgotten at signing out."""

import pytest
from sqlalchemy import select

from service.team_notices.models import TeamChannel
from tests.push_service import VAPID_KEY, PushService

ENDPOINT = "https://fcm.googleapis.com/fcm/send/secret"


@pytest.fixture
def limits():
    return {"vapid_key": VAPID_KEY}


@pytest.fixture
def allow(alice):
    """Allow notices in Alice's browser, as its script sends what the browser gave."""

    def allow(status=302, **changes):
        page = alice.get("notices.show")
        given = PushService().subscription(endpoint=ENDPOINT)
        fields = {"endpoint": given.endpoint, "p256dh": given.p256dh, "auth": given.auth} | changes
        token = page.select_one("main [name=csrf_token]")["value"]
        answer = alice.client.post(alice.address("push.allow"), data=fields | {"csrf_token": token})
        assert answer.status_code == status
        return answer

    return allow


def channels(services):
    with services.sessions() as session:
        return session.scalars(select(TeamChannel)).all()


def test_this_device_is_allowed_listed_and_taken_away(alice, allow, services):
    assert alice.get("notices.show").select_one("[data-push]")
    allow()
    page = alice.get("notices.show")
    assert page.says("This device gets your notifications.")
    assert page.says("this one")
    assert page.select_one("[data-push]") is None
    assert ENDPOINT not in str(page)
    [channel] = channels(services)
    alice.submit(button=f"Take away {channel.name}")
    assert channels(services) == []


def test_a_locked_screen_hides_the_words_until_they_are_to_be_shown(alice, allow, services):
    allow()
    assert alice.get("notices.show").says("The lock screen doesn’t show who it’s from")
    name = channels(services)[0].name
    assert alice.submit(button=f"Show it {name}").says("The lock screen shows who it’s from")
    assert alice.submit(button=f"Hide it {name}").says("The lock screen doesn’t show who it’s from")


def test_signing_out_forgets_the_device(alice, allow, services):
    allow()
    token = alice.get("notices.show").select_one("main [name=csrf_token]")["value"]
    answer = alice.client.post(alice.address("signin.leave"), data={"csrf_token": token})
    assert '"storage"' in answer.headers["Clear-Site-Data"], "the browser forgets its worker too"
    assert channels(services) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"endpoint": "https://push.example.com/x"}, 409), ({"auth": "x"}, 422), ({"p256dh": ""}, 422)],
)
def test_what_no_browser_sends_is_refused(allow, services, changes, status):
    allow(status, **changes)
    assert channels(services) == []


def test_a_browser_that_changed_its_address_is_reached_there_and_keeps_its_choices(alice, allow, services):
    allow()
    told = alice.client.get(alice.address("push.renewal")).json
    assert set(told) == {"key", "csrf_token"}
    given = PushService().subscription(endpoint=f"{ENDPOINT}/new")
    fields = {"endpoint": given.endpoint, "p256dh": given.p256dh, "auth": given.auth}
    sent = fields | {"csrf_token": told["csrf_token"]}
    assert alice.client.post(alice.address("push.renew"), data=sent).status_code == 204
    [channel] = channels(services)
    assert channel.url == given.endpoint
    strange = sent | {"endpoint": "https://push.example.com/x"}
    assert alice.client.post(alice.address("push.renew"), data=strange).status_code == 409
    assert alice.client.post(alice.address("push.renew"), data=fields).status_code == 400, "without its token"
    assert not alice.get("notices.show").says("This device gets your notifications now.")


def test_a_browser_that_was_taken_away_does_not_come_back_by_itself(alice, services):
    assert alice.client.get(alice.address("push.renewal")).status_code == 404
    token = alice.get("notices.show").select_one("main [name=csrf_token]")["value"]
    given = PushService().subscription(endpoint=ENDPOINT)
    fields = {"endpoint": given.endpoint, "p256dh": given.p256dh, "auth": given.auth, "csrf_token": token}
    assert alice.client.post(alice.address("push.renew"), data=fields).status_code == 404
    assert channels(services) == []


def test_devices_alone_are_offered_for_calls(alice, allow):
    assert not alice.get("notices.show").says("Call while my phone window is closed")
    allow()
    row = next(one for one in alice.get("notices.show").select("fieldset") if "my phone window" in one.text)
    assert len(row.select("input")) == 1
    assert row.select_one("input").has_attr("checked")


def test_somebody_elses_device_cannot_be_changed(bob, allow, services):
    allow()
    token = bob.get("notices.show").select_one("main [name=csrf_token]")["value"]
    address = bob.address("push.words", channel_id=channels(services)[0].id)
    assert bob.client.post(address, data={"csrf_token": token, "shown": "true"}).status_code == 404
    assert not channels(services)[0].shows_words


@pytest.mark.parametrize("limits", [{"vapid_key": ""}])
def test_without_a_key_nothing_is_offered(alice, allow):
    assert alice.get("notices.show").select_one("[data-push]") is None
    allow(404)
