"""Who gets in: each operation needs a key with its scope, and no key sees what belongs to others."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from service.accounts.access import grant
from service.accounts.api_keys import ApiKey, Scope, forget_answers, revoke_key
from service.accounts.models import Member, Membership, User
from service.accounts.platforms import appoint
from service.accounts.team import hand_over, remove
from service.api import rates
from tests.factories import a_bill

BODIES = {
    "/transfers/{transfer_id}/embedded-page": {"page": "status"},
    "/platform": {"name": "Mine", "frames": []},
    "/contacts": {"number": "+14155550188"},
    "/contacts/{contact_id}": {"name": "Mine"},
    "/messages": {"to": "+14155550188", "text": "Hi"},
    "/number-searches": {"area": "415"},
    "/numbers/{number_id}": {"name": "Desk"},
    "/numbers": {"search_id": 1, "number": "+14155550188", "line_name": "Mine"},
    "/transfers": {"numbers": ["+14155552003"]},
    "/transfers/{transfer_id}": {"city": "Reno"},
    "/transfers/{transfer_id}/numbers": {"numbers": ["+14155552003"]},
    "/transfers/{transfer_id}/contact-code": {"way": "text"},
    "/transfers/{transfer_id}/confirm-contact": {"code": "123456"},
    "/transfers/{transfer_id}/code": {"number": "+14155552000"},
    "/transfers/{transfer_id}/confirm": {"code": "123456"},
    "/transfers/{transfer_id}/submit": dict.fromkeys(("keep_service", "other_services", "fees", "authority"), True),
    "/workspaces": {"name": "Mine", "email": "dora@mine.example"},
    "/webhook-endpoints": {"url": "https://shop.example/events", "events": ["call.ended"]},
    "/webhook-endpoints/{endpoint_id}": {"enabled": False},
    "/webhook-endpoints/{endpoint_id}/replay": {"since": "2026-03-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"},
    "/lines/{line_id}/call-plan": {"recorded": False},
    "/registration/business": {"city": "Reno"},
    "/registration/submit": {"agreed": True, "fee_cents": 0},
    "/transfers/{transfer_id}/correct": {},
    "/transfers/{transfer_id}/reschedule": {"wished": None},
}
"""A valid body for each path that takes one in JSON."""

ITS_OWN = {"/workspace", "/members", "/registration", "/registration/business", "/event-samples", "/platform"}
"""What tells every key something of its own workspace, or the same."""


@pytest.fixture
def settings(settings):
    """Each business registers itself, so that there is something to see."""
    return replace(settings, single_business=False)


FILES = {"/transfers/{transfer_id}/bill"}


def operations(app):
    """Method, path and scope of each operation."""
    for path, methods in app.extensions["api"].to_dict()["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield method.upper(), path, next(iter(operation["security"][0]["key"]), None)


def sent_to(path, method):
    if path in FILES:
        return {"data": a_bill(), "content_type": "image/png"}
    return {"json": BODIES[path]} if method != "GET" and path in BODIES else {}


def filled(path, things):
    return re.sub(r"\{(\w+)\}", lambda found: str(things[found[1]]), path)


def test_every_operation_needs_a_key(app, program, things, monkeypatch):
    monkeypatch.setattr(rates, "STRANGERS", rates.Rate("strangers", rates.RateLimitItemPerMinute(1000)))
    for method, path, _ in operations(app):
        for key in ("pl_unknown", ""):
            sent = sent_to(path, method)
            answer = program.refused(method, filled(path, things), "unauthenticated", 401, key=key, **sent)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_is_taken_from_no_address_and_no_cookie(app, alice, program):
    assert alice.client.get("/api/v1/workspace").status_code == 401, "signed in, without a key"
    assert app.test_client().get(f"/api/v1/workspace?key={program.key}").status_code == 401


def test_no_key_opens_a_page(app, program):
    answer = app.test_client().get("/inbox/", headers={"Authorization": f"Bearer {program.key}"})
    assert answer.location == "/sign-in"


def test_every_operation_needs_its_scope(app, program, things, key_of):
    for method, path, scope in operations(app):
        if scope:
            key = key_of("Alice", *(one for one in Scope if one != scope))
            sent = sent_to(path, method)
            answer = program.refused(method, filled(path, things), "missing_scope", 403, key=key, **sent)
            assert scope in answer.json["detail"]
            with app.extensions["services"].sessions.begin() as session:
                session.execute(delete(ApiKey).where(ApiKey.ending == key[-4:]))


def test_no_key_sees_what_belongs_to_others(app, program, other, things, services):
    with services.sessions.begin() as session:
        appoint(session, "charlie@charlie.example", 1)
    for method, path, _ in operations(app):
        if "{" in path:
            sent = sent_to(path, method) | {"headers": {"If-Match": '"x"'}}
            other.refused(method, filled(path, things), "not_found", 404, **sent)
        elif method == "GET" and path not in ITS_OWN:
            assert other.get(path).json["data"] == [], path
    assert other.get("/workspace").json["id"] != program.get("/workspace").json["id"]
    assert [one["name"] for one in other.get("/members").json["data"]] == ["Charlie"]
    assert other.get("/registration").json["state"] == "not_begun"
    program.get("/registration/business")
    assert other.get("/registration/business").json["trade_name"] == "charlie's"
    other.refused("POST", "/messages", "not_found", 404, json=BODIES["/messages"] | {"line_id": 1})


def test_its_owner_sees_it_all(app, program, things):
    for method, path, _ in operations(app):
        if method == "GET":
            program.get(filled(path, things))


def test_a_key_works_with_the_rights_that_its_maker_has_now(program, bob, services, line, things):
    with services.sessions.begin() as session:
        team = select(Member).join(Member.user).where(Member.workspace_id == line.workspace_id)
        alice, bobs = session.scalars(team.order_by(User.id)).all()
        hand_over(session, alice, bobs)
        session.flush()
        alice.role = Membership.MEMBER
        grant(session, alice, [])
    assert program.get("/lines").json["data"] == []
    program.refused("GET", f"/messages/{things['message_id']}", "not_found", 404)
    program.refused("POST", "/transfers", "forbidden", 403, json=BODIES["/transfers"])


def test_a_key_ends_when_its_maker_leaves(program, bob, services):
    with services.sessions.begin() as session:
        alice, bobs = session.scalars(select(Member).join(Member.user).order_by(User.id)).all()
        hand_over(session, alice, bobs)
        remove(session, bobs, alice)
    program.refused("GET", "/workspace", "unauthenticated", 401)


def test_a_key_ends_with_its_makers_account(program, services):
    with services.sessions.begin() as session:
        session.execute(update(User).values(active=False))
    program.refused("GET", "/workspace", "unauthenticated", 401)


def test_a_revoked_key_ends_at_once_and_its_last_use_was_noted(program, services):
    program.get("/workspace")
    with services.sessions.begin() as session:
        key = session.scalars(select(ApiKey)).one()
        assert key.used_at is not None
        assert program.key not in str(vars(key)), "only its digest is stored"
        revoke_key(session, key.member, key.id)
    program.refused("GET", "/workspace", "unauthenticated", 401)


def test_old_answers_are_forgotten(services):
    with services.sessions.begin() as session:
        forget_answers(session)
