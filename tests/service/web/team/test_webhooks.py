"""The pages of webhooks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.events.models import CHOSEN, Delivery, Endpoint
from service.time import real_time
from service.web.team import webhooks
from tests.event_receiver import receiving


@pytest.fixture
def settings(settings):
    """Events are sent to this machine."""
    return replace(settings, notices_into_private_networks=True)


@pytest.fixture
def receiver():
    with receiving() as taking:
        yield taking


@pytest.fixture
def secret(alice, receiver):
    """That of a webhook which Alice has added, as the page shows it."""
    alice.get("webhooks.listing")
    return alice.submit(url=receiver.url, events=["text.received", "call.ended"]).select_one("#secret").text


@pytest.fixture
def sent(alice, secret, work):
    """A test was sent there."""
    alice.get("webhooks.show", endpoint_id=1)
    alice.submit(button="Send a test")
    assert alice.page.says("A test is on its way.")
    work()


def delivered(alice, **values):
    return alice.get("webhooks.show", endpoint_id=1, **values).select("section[aria-labelledby=sent] li")


def test_a_webhook_is_added_its_secret_shown_once_and_what_was_sent_listed(alice, secret, receiver, sent):
    assert [event["type"] for event in receiver.events(secret)] == ["test"]
    [row] = delivered(alice)
    for words in ("test", "Delivered", "webhook-id: test:", '"endpoint_id":1', "200", "thanks"):
        assert words in row.text, words
    for page in (alice.page, alice.get("webhooks.listing")):
        assert secret not in str(page)
    assert alice.page.says("2 kinds of events On")


def test_what_is_wrong_with_it_is_said_beside_the_field(alice):
    alice.get("webhooks.listing")
    assert alice.submit(url="shop.example", events="call.ended", status=422).wrong() == {
        "url": "Write an address that begins with https://."
    }
    alice.get("webhooks.listing")
    page = alice.submit(url="https://shop.example/events", status=422)
    assert page.wrong() == {"events": "Choose at least one event."}
    assert alice.submit(url="", events="text.eaten", status=422).wrong().keys() == {"url"}
    assert alice.get("webhooks.listing").says("Nowhere yet.")


def test_a_workspace_has_ten_at_most(alice):
    for _ in range(10):
        alice.get("webhooks.listing")
        alice.submit(url="https://shop.example/events", events="call.ended")
    assert alice.submit(url="https://shop.example/events", events="call.ended", status=422).wrong() == {
        "url": "You’ve reached the limit of 10 webhooks. Remove one first."
    }


def test_its_address_and_events_are_changed_unless_someone_else_was_quicker(alice, secret, services):
    alice.get("webhooks.show", endpoint_id=1)
    with services.sessions.begin() as session:
        session.scalars(select(Endpoint)).one().kinds = ["text.failed"]
    page = alice.submit(url="https://shop.example/other", events="voicemail.received", status=422)
    assert page.says("Someone else changed this while you had it open.")
    alice.submit(url="https://shop.example/other", events="voicemail.received")
    assert alice.page.says("Saved.")
    assert alice.page.heading() == "shop.example On"
    assert [box["value"] for box in alice.page.select("[name=events][checked]")] == ["voicemail.received"]
    assert alice.submit(url="https://shop.example", events=[], status=422).wrong().keys() == {"events"}


def test_it_is_switched_off_and_on_and_what_waited_is_sent(alice, secret, receiver, services, work):
    alice.get("webhooks.show", endpoint_id=1)
    alice.submit(button="Switch off")
    assert alice.page.says("Off since")
    assert not alice.page.select("form[action$='/test'], form[action$='/replay']")
    alice.submit(button="Switch on again")
    assert alice.page.heading() == "127.0.0.1 On"
    with services.sessions.begin() as session:
        session.execute(update(Endpoint).values(off_at=real_time(), failing_since=real_time()))
    assert alice.get("webhooks.show", endpoint_id=1).says("We switched this off on")


def test_a_program_that_does_not_answer_is_seen_with_its_next_try(alice, secret, receiver, work):
    receiver.status, receiver.answer = 503, b"<b>busy</b>"
    alice.get("webhooks.show", endpoint_id=1)
    alice.submit(button="Send a test")
    work()
    [row] = delivered(alice)
    assert "Next try" in row.text
    assert "503\n\n<b>busy</b>" in row.text
    assert alice.page.says("Your program has taken no event since")
    assert alice.get("webhooks.listing").says("Not answering")


def test_one_event_and_those_of_a_span_are_sent_again(alice, sent, receiver, work, clock):
    delivered(alice)
    alice.open(alice.path)
    form = alice.page.select_one("form[action$='/deliveries/1/replay']")
    token = form.select_one("[name=csrf_token]")["value"]
    assert alice.client.post(form["action"], data={"csrf_token": token}).status_code == 302
    work()
    alice.get("webhooks.show", endpoint_id=1)
    assert alice.submit(since="2020-01-01T00:00", until="2019-01-01T00:00", status=422).wrong() == {
        "until": "The end has to come after the start."
    }
    assert alice.submit(since="", until="", status=422).wrong().keys() == {"since", "until"}
    alice.submit(since="2020-01-01T00:00", until="2099-01-01T00:00")
    assert alice.page.says("Sending 1 event again.")
    work()
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 3


def test_a_new_secret_is_shown_once_and_signs(alice, secret, receiver, work):
    alice.get("webhooks.show", endpoint_id=1)
    new = alice.submit(button="Make a new secret").select_one("#secret").text
    assert new != secret
    alice.get("webhooks.show", endpoint_id=1)
    alice.submit(button="Send a test")
    work()
    assert receiver.events(new) == receiver.events(secret), "the one before signs too"


def test_what_was_sent_is_listed_page_by_page(alice, sent, services):
    with services.sessions.begin() as session:
        one = session.scalars(select(Delivery)).one()
        like = {name: getattr(one, name) for name in ("endpoint_id", "kind", "data", "happened_at", "wanted_at")}
        session.add_all(
            Delivery(event_id=f"test:{at}", sequence=f"test:{at}", **like) for at in range(webhooks.PER_PAGE)
        )
    assert len(delivered(alice)) == webhooks.PER_PAGE
    [older] = [link for link in alice.page.select("main .choices a") if link.text == "Older ones"]
    alice.open(older["href"])
    [row] = alice.page.select("section[aria-labelledby=sent] li")
    assert "Delivered" in row.text
    assert alice.page.says("The latest")


def test_it_is_removed_with_what_was_sent(alice, sent, services):
    alice.get("webhooks.show", endpoint_id=1)
    alice.submit(button="Remove 127.0.0.1")
    assert alice.page.says("Nowhere yet.")
    assert alice.get("changes.listing").says("Removed the webhook to 127.0.0.1")
    with services.sessions() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_only_the_owner_sees_and_changes_them(alice, bob, charlie, sent):
    bob.get("webhooks.listing", status=403)
    bob.get("webhooks.show", endpoint_id=1, status=403)
    assert not bob.get("settings.show").select("a[href='/settings/webhooks/']")
    charlie.get("webhooks.show", endpoint_id=1, status=404)
    token = charlie.get("webhooks.listing").select_one("[name=csrf_token]")["value"]
    for act in ("", "/switch", "/rotate", "/test", "/replay", "/deliveries/1/replay", "/remove"):
        asked = {"csrf_token": token, "url": "https://x.example", "events": "call.ended", "on": "yes"}
        span = {"since": "2020-01-01T00:00", "until": "2099-01-01T00:00"}
        answer = charlie.client.post(f"/settings/webhooks/1{act}", data=asked | span)
        assert answer.status_code == 404, act


def test_an_event_that_was_given_up_is_told(alice, sent, services):
    with services.sessions.begin() as session:
        session.execute(update(Delivery).values(sent_at=None, status=0, answer="Timeout", tries=12))
    [row] = delivered(alice)
    assert "Not delivered" in row.text
    assert "Not reached\n\nTimeout" in row.text


def test_every_event_can_be_chosen(alice):
    assert [box["value"] for box in alice.get("webhooks.listing").select("[name=events]")] == list(CHOSEN)


def test_an_event_that_waits_for_others_is_told(alice, sent, services):
    with services.sessions.begin() as session:
        session.execute(update(Delivery).values(sent_at=None, due_at=real_time() + timedelta(hours=1), tries=0))
    assert "Waiting" in delivered(alice)[0].text
