"""Limits against abuse: counted in the database, by address, network and mailbox."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.app import create_app
from service.keys import app as keys
from service.limits import Tries, TriesInPostgres, forget_tries
from service.vapid import public_key


@pytest.fixture
def tries(services, clock):
    return TriesInPostgres("", sessions=services.sessions)


def test_tries_are_counted_across_processes(services, tries):
    assert tries.incr("signup/192.0.2.1", 3600) == 1
    assert TriesInPostgres("", sessions=services.sessions).incr("signup/192.0.2.1", 3600) == 2
    assert tries.get("signup/192.0.2.1") == 2
    assert tries.get("signup/192.0.2.2") == 0


def test_many_tries_at_once_are_all_counted(tries):
    with ThreadPoolExecutor(4) as crowd:
        seen = list(crowd.map(lambda _: tries.incr("signup/192.0.2.1", 3600), range(20)))
    assert sorted(seen) == list(range(1, 21))


def test_a_window_that_is_over_begins_anew(tries, clock):
    tries.incr("signup/192.0.2.1", 3600)
    clock.jump(timedelta(minutes=61))
    assert tries.get("signup/192.0.2.1") == 0
    assert tries.incr("signup/192.0.2.1", 3600) == 1


def test_whose_tries_they_were_is_not_kept(services, tries, clock):
    tries.incr("signup/dora@flowers.example", 3600)
    with services.sessions.begin() as session:
        assert "dora" not in session.scalars(select(Tries.key)).one()
        clock.jump(timedelta(hours=2))
        forget_tries(session)
        assert session.scalar(select(func.count()).select_from(Tries)) == 0


@pytest.fixture
def behind_a_router(services):
    app = create_app(replace(services, settings=replace(services.settings, trusted_proxies=1)))
    app.config["TESTING"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def asks(client, count, address):
    data = {"email": f"dora{count}@flowers.example"}
    return client.post("/sign-in", data=data, headers={"X-Forwarded-For": address}).status_code


def test_behind_a_router_each_visitor_is_counted_by_their_own_address(behind_a_router):
    assert {asks(behind_a_router, count, "192.0.2.1") for count in range(30)} == {302}
    assert asks(behind_a_router, 31, "192.0.2.1") == 429
    assert asks(behind_a_router, 31, "198.51.100.1") == 302


def test_what_a_visitor_claims_to_be_forwarded_for_is_not_believed(behind_a_router):
    for count in range(30):
        asks(behind_a_router, count, f"203.0.113.{count}, 192.0.2.1")
    assert asks(behind_a_router, 31, "203.0.113.99, 192.0.2.1") == 429


@pytest.mark.parametrize("network", ["192.0.2.{}", "2001:db8:0:1::{}"])
def test_a_whole_network_is_counted_together(behind_a_router, network):
    for count in range(60):
        assert asks(behind_a_router, count, network.format(count + 1)) == 302
    assert asks(behind_a_router, 61, network.format(99)) == 429


def test_a_sealing_key_is_made_without_any_settings(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = keys.test_cli_runner().invoke(args=["new-sealing-key"])
    assert len(made.output.strip()) == 44


def test_a_vapid_key_is_made_without_any_settings(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = keys.test_cli_runner().invoke(args=["new-vapid-key"])
    assert len(public_key(made.output.strip())) == 87
