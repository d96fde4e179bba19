"""A platform opens workspaces for customers of its own, and nobody else does."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from service.accounts.models import Membership, User, Workspace
from service.accounts.platforms import appoint
from service.errors import NotFound
from service.spending.models import Allowance
from tests.service.api.conftest import Program

SHOP = {"name": "Flower Shop", "email": "dora@flowers.example", "area": "212"}


@pytest.fixture
def platform(program, services):
    """Alice's program, which may open two workspaces."""
    with services.sessions.begin() as session:
        appoint(session, "alice@alice.example", 2)
    return program


@pytest.fixture
def opened(platform):
    return platform.post("/workspaces", SHOP).json


def test_a_customer_gets_a_workspace_a_key_and_a_number(app, platform, opened, work):
    shop = Program(app, opened["key"])
    told = shop.get("/workspace").json
    assert (told["name"], told["role"], told["key_name"]) == ("Flower Shop", "owner", "Alice's Bakery")
    assert "workspaces:write" not in told["scopes"]
    work()
    [number] = shop.get("/numbers").json["data"]
    assert number["number"].startswith("+1212")
    assert [one["email"] for one in shop.get("/members").json["data"]] == ["dora@flowers.example"]


def test_neither_sees_the_other(app, platform, opened, things):
    shop = Program(app, opened["key"])
    shop.refused("GET", f"/contacts/{things['contact_id']}", "not_found", 404)
    assert shop.get("/contacts").json["data"] == []
    contact = shop.post("/contacts", {"number": "+14155550188"}).json
    platform.refused("GET", f"/contacts/{contact['id']}", "not_found", 404)


def test_the_owner_signs_in_with_a_code_and_revokes_the_key(app, opened, reader, mailbox, work):
    work()
    reader.get("signin.ask")
    reader.submit(email=SHOP["email"])
    work()
    reader.submit(code=mailbox.to(SHOP["email"])[-1].subject[:6])
    assert reader.get("api_keys.show").says("Alice's Bakery")
    reader.submit(button="Revoke Alice's Bakery")
    Program(app, opened["key"]).refused("GET", "/workspace", "unauthenticated", 401)


def test_what_a_platform_opened_is_listed_for_it_alone(platform, opened, other, services):
    [listed] = platform.get("/workspaces").json["data"]
    assert (listed["id"], listed["email"], listed["paused_at"]) == (opened["id"], SHOP["email"], None)
    assert platform.get(f"/workspaces/{opened['id']}").json == listed
    platform.refused("GET", "/workspaces/1", "not_found", 404)
    other.refused("GET", "/workspaces", "forbidden", 403)
    with services.sessions.begin() as session:
        appoint(session, "charlie@charlie.example", 1)
    assert other.get("/workspaces").json["data"] == []
    other.refused("GET", f"/workspaces/{opened['id']}", "not_found", 404)


def test_who_is_no_platform_opens_none(program):
    refused = program.refused("POST", "/workspaces", "forbidden", 403, json=SHOP)
    assert "isn’t a platform" in refused.json["detail"]


def test_no_more_are_opened_than_was_agreed_on(platform, opened, services):
    platform.post("/workspaces", SHOP | {"email": "eva@shoes.example"})
    platform.refused("POST", "/workspaces", "limit_reached", 429, json=SHOP | {"email": "fred@cars.example"})
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(User).where(User.email == "fred@cars.example")) == 0
        assert session.scalar(select(func.count()).select_from(Workspace)) == 3


def test_a_person_who_is_known_is_not_given_another_workspace(platform, opened, bob, services):
    for email in (SHOP["email"], "BOB@bob.example"):
        refused = platform.refused("POST", "/workspaces", "invalid", 422, json=SHOP | {"email": email})
        assert refused.json["errors"][0]["at"] == "/email"
    with services.sessions() as session:
        assert {one.role for one in session.scalars(select(User).where(User.name == "Bob")).one().memberships} == {
            Membership.MEMBER
        }


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"email": "dora"}, "/email"),
        ({"name": " "}, "/name"),
        ({"area": "2125"}, "/area"),
        ({"spend_per_day": -1}, "/spend_per_day"),
        ({"spend_per_day": "2"}, "/spend_per_day"),
        ({"scopes": ["workspaces:write"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"plan": "gold"}, "/plan"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_opened(platform, services, wrong, at):
    refused = platform.refused("POST", "/workspaces", "invalid", 422, json=SHOP | wrong)
    assert [one["at"] for one in refused.json["errors"]] == [at]
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Workspace)) == 1


def test_the_same_request_again_opens_one(platform, services):
    once = {"headers": {"Idempotency-Key": "one"}}
    platform.post("/workspaces", SHOP, **once)
    platform.refused("POST", "/workspaces", "answer_not_kept", 409, json=SHOP, headers={"Idempotency-Key": "one"})
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Workspace)) == 2


def test_a_key_does_what_the_platform_chose_and_spends_what_it_said(app, platform, services):
    wanted = SHOP | {"scopes": ["contacts:read"], "spend_per_day": 3}
    made = platform.post("/workspaces", wanted).json
    Program(app, made["key"]).refused("GET", "/numbers", "missing_scope", 403)
    with services.sessions() as session:
        assert session.get(Allowance, made["id"]).most_a_day == Decimal(3)


def test_an_owner_alone_is_appointed(services, alice):
    with services.sessions.begin() as session, pytest.raises(NotFound):
        appoint(session, "nobody@else.example", 5)
