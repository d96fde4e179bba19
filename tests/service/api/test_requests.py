"""What every operation keeps to: answered once, changed by those who know what they change, refused clearly."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.accounts import api_keys
from service.accounts.api_keys import ApiAnswer, ApiKey, forget_answers, try_to_lock
from service.api import rates
from service.api.problems import KINDS
from service.inbox.models import Contact
from service.time import real_time

ANNA = {"number": "+14155550123", "name": "Anna"}


def count(services, table):
    with services.sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def once(value="one"):
    return {"headers": {"Idempotency-Key": value}}


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(program, services):
    first, again = program.post("/contacts", ANNA, **once()), program.post("/contacts", ANNA, **once())
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(services, Contact) == 1


def test_what_was_made_is_found_where_its_answer_says(program):
    made = program.post("/contacts", ANNA, **once())
    assert program.get(made.headers["Location"].removeprefix("/api/v1")).json == made.json
    assert program.post("/contacts", ANNA, **once()).headers["Location"] == made.headers["Location"]
    draft = program.post("/transfers", {"numbers": ["+14155552000"]})
    assert draft.headers["Location"] == f"/api/v1/transfers/{draft.json['id']}"


def test_a_key_is_looked_up_once(program, queries):
    with queries() as made:
        program.get("/workspace")
    assert len([one for one in made if "FROM api_keys" in one]) == 1


def test_another_request_with_the_same_key_is_refused(program, services):
    program.post("/contacts", ANNA, **once())
    program.refused("POST", "/contacts", "key_reused", 422, json=ANNA | {"number": "+14155550124"}, **once())
    program.refused("POST", "/transfers", "key_reused", 422, json={"numbers": ["+14155552003"]}, **once())
    assert count(services, Contact) == 1


def test_a_request_whose_twin_is_in_flight_waits_for_its_turn(program, services):
    with services.sessions.begin() as session:
        assert try_to_lock(session, session.scalars(select(ApiKey)).one(), "one")
        answer = program.refused("POST", "/contacts", "in_flight", 409, json=ANNA, **once())
        assert answer.headers["Retry-After"] == "1"
    program.post("/contacts", ANNA, **once())


def test_what_was_refused_can_be_corrected_and_sent_with_the_same_key(program):
    program.refused("POST", "/contacts", "invalid", 422, json={"number": "+1"}, **once())
    program.post("/contacts", ANNA, **once())


def test_two_workspaces_may_use_the_same_idempotency_key(program, other, services):
    program.post("/contacts", ANNA, **once())
    other.post("/contacts", ANNA | {"name": "Berta"}, **once())
    assert count(services, Contact) == 2


def test_answers_are_kept_for_a_day(program, services, monkeypatch):
    program.post("/contacts", ANNA, **once())
    tomorrow = real_time() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(api_keys, "real_time", lambda: tomorrow)
    program.refused("POST", "/contacts", "invalid", 422, json=ANNA, **once())
    with services.sessions.begin() as session:
        forget_answers(session)
    assert count(services, ApiAnswer) == 0


def test_a_key_that_is_too_long_is_refused(program):
    answer = program.refused("POST", "/contacts", "invalid", 422, json=ANNA, **once("x" * 256))
    assert answer.json["errors"][0]["at"] == "header Idempotency-Key"


def test_a_change_says_what_it_changes(program):
    made = program.post("/contacts", ANNA)
    path, tag = f"/contacts/{made.json['id']}", made.headers["ETag"]
    assert program.get(path).headers["ETag"] == tag
    program("GET", path, status=304, headers={"If-None-Match": tag})
    program.refused("PATCH", path, "if_match_required", 428, json={"name": "Anne"})
    changed = program("PATCH", path, json={"name": "Anne"}, headers={"If-Match": tag})
    assert (changed.json["name"], changed.json["number"]) == ("Anne", ANNA["number"])
    program.refused("PATCH", path, "changed_meanwhile", 412, json={"name": "Anja"}, headers={"If-Match": tag})
    assert program.get(path).json["name"] == "Anne"


def test_answers_say_how_many_requests_are_left(program, monkeypatch):
    answer = program.get("/workspace")
    assert answer.headers["RateLimit-Policy"] == '"requests";q=300;w=60'
    assert answer.headers["RateLimit"].startswith('"requests";r=299;t=')
    monkeypatch.setattr(rates, "REQUESTS", rates.Rate("requests", rates.RateLimitItemPerMinute(2)))
    program.get("/workspace")
    program.get("/workspace")
    refused = program.refused("GET", "/workspace", "too_many_requests", 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_strangers_are_limited_by_their_network_and_keys_are_not(program, monkeypatch):
    monkeypatch.setattr(rates, "STRANGERS", rates.Rate("strangers", rates.RateLimitItemPerMinute(1)))
    program.refused("GET", "/workspace", "unauthenticated", 401, key="pl_x")
    program.refused("GET", "/workspace", "too_many_requests", 429, key="pl_x")
    program.get("/workspace")


@pytest.mark.parametrize(
    ("sent", "code", "status"),
    [
        ({"data": "{", "content_type": "application/json"}, "malformed", 400),
        ({"data": '{"number": "\\u0000"}', "content_type": "application/json"}, "malformed", 400),
        ({"data": b"\xff", "content_type": "application/json"}, "malformed", 400),
        ({"data": "[" * 60_000, "content_type": "application/json"}, "malformed", 400),
        ({"data": "number=1"}, "not_json", 415),
        ({"json": ["a"]}, "invalid", 422),
        ({"json": {"number": 5}}, "invalid", 422),
        ({"json": {"number": "4155550123"}}, "invalid", 422),
        ({"json": ANNA | {"name": 5}}, "invalid", 422),
        ({"json": ANNA | {"name": "x" * 101}}, "invalid", 422),
        ({"json": ANNA | {"unknown": "x"}}, "invalid", 422),
        ({"json": {"notes": "x" * 70_000}}, "too_large", 413),
    ],
)
def test_a_wrong_body_is_refused_and_leaves_nothing(program, services, sent, code, status):
    program.refused("POST", "/contacts", code, status, **sent)
    assert count(services, Contact) == 0


def test_a_refusal_says_where_and_why(program):
    answer = program.refused("POST", "/contacts", "invalid", 422, json={"number": "415", "nme": "Anna"})
    assert {one["at"] for one in answer.json["errors"]} == {"/nme"}
    answer = program.refused("POST", "/contacts", "invalid", 422, json={"number": "(415) 555-0123"})
    assert answer.json["errors"] == [
        {"at": "/number", "detail": "Write it in E.164, with + and the country code, like +12125550123."}
    ]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%21", "cursor=eA", "nonsense=1"])
def test_a_wrong_query_is_refused(program, query):
    answer = program.refused("GET", f"/contacts?{query}", "invalid", 422)
    assert answer.json["errors"][0]["at"] == f"?{query.partition('=')[0]}"


def test_paths_and_methods_that_are_not_there_are_problems_too(program, app):
    for path, method, status in (("/nothing", "GET", 404), ("/contacts", "DELETE", 405), ("/contacts/0", "GET", 404)):
        answer = app.test_client().open(f"/api/v1{path}", method=method)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert "POST" in app.test_client().delete("/api/v1/contacts").headers["Allow"]


def test_pages_go_on_where_the_last_one_ended(program):
    numbers = [f"+1415555012{digit}" for digit in range(5)]
    for number in numbers:
        program.post("/contacts", {"number": number})
    found, cursor = [], ""
    while cursor is not None:
        page = program.get(f"/contacts?limit=2&cursor={cursor}").json
        found, cursor = [*found, *(one["number"] for one in page["data"])], page["next_cursor"]
    assert found == numbers


def test_the_description_is_served_and_every_refusal_is_explained(app, reader):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert json.loads(answer.text) == app.extensions["api"].to_dict()
    page = reader.get("api_reference.show")
    assert all(page.select_one(f"#{code}") for code in KINDS)
    for path, methods in answer.json["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                assert page.says(f"{method.upper()} {path}"), operation["operationId"]
    assert not page.select("[src^=http], link[href^=http]"), "nothing from elsewhere"


def test_each_operation_is_described_on_the_page_of_its_area(app, reader):
    spec = app.extensions["api"].to_dict()
    for area in spec["tags"]:
        page = reader.get("api_reference.about", area=area["name"])
        theirs = [one for methods in spec["paths"].values() for one in methods.values() if area["name"] in _tags(one)]
        assert theirs
        assert all(page.select_one(f"#{one['operationId']}") for one in theirs)
    assert reader.get("api_reference.about", area="weather", status=404)


def _tags(operation):
    return operation.get("tags", ()) if isinstance(operation, dict) else ()
