"""Webhooks: signed, in order, at least once, for three days, and for the owner's eyes alone."""

import json
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import select, text, update
from standardwebhooks import Webhook, WebhookVerificationError

from service.accounts.api_keys import ApiAnswer
from service.accounts.models import Member, Membership, User
from service.events import delivering, endpoints
from service.events.delivering import GIVES_UP, deliver_event
from service.events.endpoints import MOST, OLD_SECRET_SIGNS, forget_deliveries
from service.events.models import CHOSEN, Delivery, Endpoint, EventKind
from service.porting.states import State
from service.time import real_time
from tests.factories import CALLER

ALL = [kind.value for kind in CHOSEN]


class Receiver:
    """A program that takes events, and answers with a status."""

    def __init__(self):
        self.status, self.answer, self.got = 200, b"thanks", []
        receiver = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(receiver.status)
                self.send_header("Location", receiver.url)
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *_):
                """Log nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Taking)
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"

    def events(self, secret):
        """What came, verified as strangers do."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.got]

    def types(self):
        return [json.loads(body)["type"] for _, body in self.got]


@pytest.fixture
def settings(settings):
    return replace(settings, notices_into_private_networks=True)


@pytest.fixture
def receiver():
    taking = Receiver()
    thread = Thread(target=taking.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield taking
    taking.server.shutdown()
    taking.server.server_close()
    thread.join()


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
        session.execute(update(Delivery).values(wanted_at=real_time() - endpoints.KEPT))
        forget_deliveries(session)
    assert listed(program, endpoint) == []


def test_each_state_of_a_transfer_has_its_event():
    told = {kind.removeprefix("transfer.") for kind in EventKind if kind.startswith("transfer.")}
    assert told == set(State) - {State.DRAFT}


def test_the_waits_fill_three_days():
    assert sum(delivering.WAITS[:-1], timedelta()) < GIVES_UP
