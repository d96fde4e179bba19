"""Webhooks: signed, in order, at least once, for three days, and for the owner's eyes alone."""

import json
import os
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from shutil import which

import pytest
from sqlalchemy import select, text, update
from standardwebhooks import WebhookVerificationError

from service.accounts.api_keys import ApiAnswer
from service.accounts.models import Member, Membership, User
from service.events import deliveries, delivering
from service.events.deliveries import KEPT, forget_deliveries
from service.events.delivering import GIVES_UP, deliver_event
from service.events.endpoints import MOST, OLD_SECRET_SIGNS
from service.events.models import CHOSEN, Delivery, Endpoint, EventKind
from service.porting.states import State
from service.time import real_time
from tests.event_receiver import receiving
from tests.factories import CALLER
from tests.service.api.fetch_standardwebhooks import MODULES

ALL = [kind.value for kind in CHOSEN]


@pytest.fixture
def settings(settings):
    return replace(settings, notices_into_private_networks=True)


@pytest.fixture
def receiver():
    with receiving() as taking:
        yield taking


@pytest.fixture
def endpoint(program, receiver):
    return program.post("/webhook-endpoints", {"url": receiver.url, "events": ALL}).json


@pytest.fixture
def ours(program, line):
    return program.get("/numbers").json["data"][0]["number"]


def listed(program, endpoint):
    return program.get(f"/webhook-endpoints/{endpoint['id']}/deliveries").json["data"]


def all_due(services, **values):
    """Have all that waits be due now."""
    with services.sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.due_at.is_not(None)).values(due_at=real_time(), **values))


def waiting_jobs(services):
    with services.sessions() as session:
        waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_event' AND status = 'todo'")
        return session.scalar(waiting)


def test_a_text_that_comes_in_is_told_signed_and_without_its_words(program, endpoint, receiver, ours, world, work):
    world.text(CALLER, ours, "A secret recipe")
    work()
    [event] = receiver.events(endpoint["secret"])
    conversation = program.get("/conversations").json["data"][0]
    message = program.get(f"/conversations/{conversation['id']}/messages").json["data"][0]
    assert event["type"] == "text.received"
    assert (event["data"]["id"], event["data"]["their_number"]) == (message["id"], CALLER)
    assert "recipe" not in str(receiver.got)
    with pytest.raises(WebhookVerificationError):
        receiver.events("whsec_AAAA")
    [delivery] = listed(program, endpoint)
    assert (delivery["status"], delivery["answer"], delivery["tries"]) == (200, "thanks", 1)
    assert delivery["event_id"] == receiver.got[0][0]["webhook-id"]


VERIFIED = """
const { Webhook } = require("standardwebhooks");
const { secret, body, headers } = JSON.parse(require("fs").readFileSync(0));
process.stdout.write(JSON.stringify(new Webhook(secret).verify(body, headers)));
"""
"""A program for Node that prints an event if its signature is right, and fails otherwise."""


@pytest.mark.skipif(
    not (MODULES / "standardwebhooks").exists() or not which("node"),
    reason="no library for Node: fetch it with python -m tests.service.api.fetch_standardwebhooks",
)
def test_the_library_of_another_language_verifies_our_signatures(endpoint, receiver, ours, world, work):
    world.text(CALLER, ours, "Hello")
    work()
    [(headers, body)] = receiver.got

    def verified(secret):
        event = json.dumps({"secret": secret, "body": body.decode(), "headers": headers})
        node = {"env": os.environ | {"NODE_PATH": str(MODULES)}, "capture_output": True, "text": True}
        return subprocess.run([which("node"), "-e", VERIFIED], input=event, check=False, **node)  # noqa: S603 -- ours

    assert json.loads(verified(endpoint["secret"]).stdout) == json.loads(body)
    assert "No matching signature found" in verified("whsec_AAAA").stderr


def test_what_is_sent_and_called_is_told(program, endpoint, receiver, ours, world, work, clock):
    program.post("/messages", {"to": CALLER, "text": "Ready"}, status=202)
    work()
    clock.jump(timedelta(seconds=10))
    work()
    world.call(CALLER, ours)
    work()
    types = receiver.types()
    assert types.index("text.sent") < types.index("text.delivered")
    assert types.count("call.ended") == 1


def test_a_transfer_is_told_state_by_state(endpoint, receiver, program, proven):
    told = [event["data"]["state"] for event in receiver.events(endpoint["secret"]) if "state" in event["data"]]
    assert told[0] == "submitting"
    assert told[-1] in {"ported", "live"}
    assert {"voice", "texts"} <= {one["data"].get("channel") for one in receiver.events(endpoint["secret"])}


def test_a_sample_has_what_such_an_event_has(program, endpoint, receiver, ours, world, work, proven):
    world.text(CALLER, ours, "Hello")
    work()
    samples = {one["type"]: one for one in program.get("/event-samples").json["data"]}
    assert list(samples) == ALL
    for event in receiver.events(endpoint["secret"]):
        sample = samples[event["type"]]
        assert event.keys() == sample.keys()
        assert {name: type(value) for name, value in event["data"].items()} == {
            name: type(value) for name, value in sample["data"].items()
        }
    assert program.get("/event-samples?type=call.ended").json["data"] == [samples["call.ended"]]
    program.refused("GET", "/event-samples?type=call.began", "invalid", 422)


def test_only_the_events_that_were_chosen_come(program, receiver, ours, world, work):
    program.post("/webhook-endpoints", {"url": receiver.url, "events": ["call.ended"]})
    world.text(CALLER, ours, "Hello")
    world.call(CALLER, ours)
    work()
    assert receiver.types() == ["call.ended"]


def test_one_that_fails_holds_up_its_conversation_and_no_other(
    program, endpoint, receiver, ours, world, work, services
):
    receiver.status = 500
    world.text(CALLER, ours, "One")
    work()
    assert len(receiver.got) == 1
    receiver.status = 200
    world.text(CALLER, ours, "Two")
    world.text("+14155550124", ours, "Another")
    work()
    assert [event["data"]["their_number"] for event in receiver.events(endpoint["secret"])] == [CALLER, "+14155550124"]
    assert program.get(f"/webhook-endpoints/{endpoint['id']}").json["failing_since"] is None
    assert waiting_jobs(services) == 1, "for the next try of the first, which others wait for"
    all_due(services)
    deliver_event(services, endpoint_id=endpoint["id"])
    deliver_event(services, endpoint_id=endpoint["id"])
    ids = [
        event["data"]["id"] for event in receiver.events(endpoint["secret"]) if event["data"]["their_number"] == CALLER
    ]
    assert ids == [ids[0], ids[0], ids[-1]]
    assert ids[-1] > ids[0]
    assert [one["next_try_at"] for one in listed(program, endpoint)] == [None] * 3


def test_waits_grow_and_after_three_days_it_is_given_up_and_the_owner_told(
    program, endpoint, receiver, work, services, mailbox
):
    receiver.status = 503
    path = f"/webhook-endpoints/{endpoint['id']}"
    program.post(f"{path}/test", {}, status=200)
    work()
    [first] = listed(program, endpoint)
    assert (first["status"], first["tries"], first["taken_at"]) == (503, 1, None)
    all_due(services)
    deliver_event(services, endpoint_id=endpoint["id"])
    assert listed(program, endpoint)[0]["tries"] == 2
    with services.sessions.begin() as session:
        session.execute(update(Endpoint).values(failing_since=real_time() - GIVES_UP))
    all_due(services, wanted_at=real_time() - GIVES_UP)
    deliver_event(services, endpoint_id=endpoint["id"])
    work()
    [last] = listed(program, endpoint)
    assert (last["tries"], last["next_try_at"]) == (3, None)
    assert not program.get(f"/webhook-endpoints/{endpoint['id']}").json["enabled"]
    assert [mail.subject for mail in mailbox.mails if "127.0.0.1" in mail.subject] == [
        "We stopped sending events to 127.0.0.1"
    ]


def test_an_endpoint_that_is_gone_is_switched_off_at_once_and_can_be_switched_on(
    program, endpoint, receiver, ours, world, work
):
    receiver.status = 410
    world.text(CALLER, ours, "Hello")
    work()
    path = f"/webhook-endpoints/{endpoint['id']}"
    found = program.get(path)
    assert not found.json["enabled"]
    program.refused("POST", f"{path}/test", "conflict", 409, json={})
    receiver.status = 200
    enabled = program("PATCH", path, json={"enabled": True}, headers={"If-Match": found.headers["ETag"]}).json
    assert (enabled["enabled"], enabled["failing_since"], enabled["events"]) == (True, None, sorted(ALL))
    program.post(f"{path}/test", {}, status=200)
    work()
    assert receiver.types()[-1] == "test"


def test_a_redirect_is_not_followed(program, endpoint, receiver, work):
    receiver.status = 307
    program.post(f"/webhook-endpoints/{endpoint['id']}/test", {}, status=200)
    work()
    assert len(receiver.got) == 1
    assert listed(program, endpoint)[0]["status"] == 307


def test_an_event_is_replayed_under_its_own_id(program, endpoint, receiver, work):
    path = f"/webhook-endpoints/{endpoint['id']}"
    program.post(f"{path}/test", {}, status=200)
    work()
    [delivery] = listed(program, endpoint)
    program.post(f"{path}/deliveries/{delivery['id']}/replay", {}, status=200)
    work()
    first, again = (headers["webhook-id"] for headers, _ in receiver.got)
    assert first == again
    program.refused("POST", f"{path}/deliveries/999/replay", "not_found", 404)


def test_the_events_of_a_span_are_replayed_in_order_and_no_others(
    program, endpoint, receiver, ours, world, work, services
):
    path = f"/webhook-endpoints/{endpoint['id']}"
    for words in ("One", "Two", "Three"):
        world.text(CALLER, ours, words)
        work()
    old, first, second = reversed(listed(program, endpoint))
    with services.sessions.begin() as session:
        session.get(Delivery, old["id"]).happened_at -= timedelta(hours=1)
    receiver.got.clear()
    end = datetime.fromisoformat(second["happened_at"]) + timedelta(seconds=1)
    span = {"since": first["happened_at"], "until": end.isoformat()}
    assert program.post(f"{path}/replay", span, status=200).json == {"count": 2}
    assert [one["tries"] for one in listed(program, endpoint)] == [0, 0, 1]
    work()
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [first["event_id"], second["event_id"]]


def test_a_span_that_ends_before_it_begins_or_is_too_long_is_refused(program, endpoint, monkeypatch, work):
    path = f"/webhook-endpoints/{endpoint['id']}"
    program.post(f"{path}/test", {}, status=200)
    work()
    monkeypatch.setattr(deliveries, "MOST_AT_ONCE", 0)
    for since, until in (
        ("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"),
    ):
        wanted = {"since": since, "until": until}
        refused = program.refused("POST", f"{path}/replay", "invalid", 422, json=wanted)
        assert refused.json["errors"][0]["at"] == "/until"
    assert listed(program, endpoint)[0]["tries"] == 1, "nothing was sent again"


def test_what_is_done_with_endpoints_stands_in_the_change_history(program, endpoint, alice):
    path = f"/webhook-endpoints/{endpoint['id']}"
    found = program.get(path)
    program("PATCH", path, json={"events": ["call.ended"]}, headers={"If-Match": found.headers["ETag"]})
    program.post(f"{path}/rotate", {}, status=200)
    program("DELETE", path, status=204)
    page = alice.get("changes.listing")
    for done in ("Added the webhook to", "Changed the webhook to", "Made a new secret for", "Removed the webhook to"):
        assert page.says(done), done
    assert endpoint["url"] not in str(page), "a path may hold a secret"


def test_after_a_rotation_both_secrets_verify_for_a_day(program, endpoint, receiver, work, services):
    path = f"/webhook-endpoints/{endpoint['id']}"
    secret = program.post(f"{path}/rotate", {}, status=200).json["secret"]
    program.post(f"{path}/test", {}, status=200)
    work()
    assert receiver.events(secret)
    assert receiver.events(endpoint["secret"])
    with services.sessions.begin() as session:
        row = session.scalars(select(Endpoint)).one()
        row.old_secret_until -= OLD_SECRET_SIGNS
    receiver.got.clear()
    program.post(f"{path}/test", {}, status=200)
    work()
    with pytest.raises(WebhookVerificationError):
        receiver.events(endpoint["secret"])
    assert receiver.events(secret)


def test_a_secret_is_shown_once_and_kept_nowhere_in_clear(program, receiver, services):
    wanted = {"url": receiver.url, "events": ["call.ended"]}
    once = {"headers": {"Idempotency-Key": "one"}}
    made = program.post("/webhook-endpoints", wanted, **once)
    assert made.json["secret"].startswith("whsec_")
    program.refused(
        "POST", "/webhook-endpoints", "answer_not_kept", 409, json=wanted, headers={"Idempotency-Key": "one"}
    )
    assert len(program.get("/webhook-endpoints").json["data"]) == 1
    assert "secret" not in program.get(made.headers["Location"].removeprefix("/api/v1")).json
    with services.sessions.begin() as session:
        assert session.scalars(select(ApiAnswer.body)).all() == [""]
        connection = session.connection()
        stored = connection.exec_driver_sql("SELECT secret, url FROM webhook_endpoints").one()
    assert made.json["secret"].encode() not in stored[0]
    assert receiver.url.encode() not in stored[1]


UNREACHABLE = (
    "http://shop.example/x",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "ftp://shop.example",
    "x",
    "https://u:p@shop.example/",
    "https://shop.example:99999/",
    "https://shop example/",
)


@pytest.mark.parametrize("url", UNREACHABLE)
def test_an_address_that_is_not_reached_from_here_is_refused(app, program, url, services):
    app.extensions["services"] = replace(
        services, settings=replace(services.settings, notices_into_private_networks=False)
    )
    wanted = {"url": url, "events": ["call.ended"]}
    refused = program.refused("POST", "/webhook-endpoints", "invalid", 422, json=wanted)
    assert refused.json["errors"][0]["at"] == "/url"


def test_a_name_that_leads_into_a_private_network_is_not_reached(program, endpoint, receiver, work, services):
    guarded = replace(services, settings=replace(services.settings, notices_into_private_networks=False))
    program.post(f"/webhook-endpoints/{endpoint['id']}/test", {}, status=200)
    deliver_event(guarded, endpoint_id=endpoint["id"])
    assert receiver.got == []
    [delivery] = listed(program, endpoint)
    assert (delivery["status"], delivery["answer"]) == (0, "This address is in a private network.")


@pytest.mark.parametrize("events", [[], ["test"], ["text.eaten"], "text.sent"])
def test_unknown_events_are_refused(program, receiver, events):
    program.refused("POST", "/webhook-endpoints", "invalid", 422, json={"url": receiver.url, "events": events})


def test_a_workspace_has_ten_endpoints_at_most(program, receiver):
    wanted = {"url": receiver.url, "events": ["call.ended"]}
    for _ in range(MOST):
        program.post("/webhook-endpoints", wanted)
    program.refused("POST", "/webhook-endpoints", "invalid", 422, json=wanted)
    first = program.get("/webhook-endpoints").json["data"][0]
    program("DELETE", f"/webhook-endpoints/{first['id']}", status=204)
    program.post("/webhook-endpoints", wanted)


def test_the_owner_alone_manages_them(program, endpoint, services):
    with services.sessions.begin() as session:
        session.scalars(select(Member).join(Member.user).where(User.name == "Alice")).one().role = Membership.ADMIN
    program.refused("GET", "/webhook-endpoints", "forbidden", 403)
    program.refused("DELETE", f"/webhook-endpoints/{endpoint['id']}", "forbidden", 403)


def test_deliveries_are_forgotten_after_a_month(program, endpoint, work, services):
    program.post(f"/webhook-endpoints/{endpoint['id']}/test", {}, status=200)
    work()
    with services.sessions.begin() as session:
        session.execute(update(Delivery).values(wanted_at=real_time() - KEPT))
        forget_deliveries(session)
    assert listed(program, endpoint) == []


def test_each_state_of_a_transfer_has_its_event():
    told = {kind.removeprefix("transfer.") for kind in EventKind if kind.startswith("transfer.")}
    assert told == set(State) - {State.DRAFT}


def test_the_waits_fill_three_days():
    assert sum(delivering.WAITS[:-1], timedelta()) < GIVES_UP
