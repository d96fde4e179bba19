"""The drill of a dying leader says why it cannot be played, and counts what the database had said yes to."""

from types import SimpleNamespace

import pytest
from sqlalchemy import update

from reliability import cluster, failover, networks
from reliability.failover import Journeys
from reliability.rig import SKIPPED
from service.lines.models import PhoneNumber
from service.time import now
from tests.factories import a_line


@pytest.fixture
def rig(services, world):
    return SimpleNamespace(services=services, world=world)


def test_a_machine_without_the_programs_says_which_to_install(monkeypatch, capsys):
    monkeypatch.setattr(cluster, "_DAEMONS", "/nowhere")
    assert failover.main([]) == SKIPPED
    assert "there is no patroni, etcd, haproxy" in capsys.readouterr().out


def test_a_machine_that_allows_no_networks_of_our_own_says_so(monkeypatch):
    monkeypatch.setattr(networks, "_apart", lambda: ["false"])
    monkeypatch.setattr(networks.shutil, "which", lambda program: f"/usr/bin/{program}")
    assert networks.trouble() == "this machine allows no network namespaces here."


def test_a_text_that_never_left_and_a_customer_without_a_number_are_missing(rig, services):
    with services.sessions.begin() as session:
        lost, served = a_line(session, services).id, a_line(session, services).id
        session.execute(update(PhoneNumber).where(PhoneNumber.line_id == served).values(held_at=now()))
    journeys = Journeys(rig, "+14155550100", texts={"Hello": 1.0}, lines=[lost, served])
    assert failover._missing(rig, journeys) == ["'Hello' did not leave", f"line {lost} has no number"]


def test_a_text_that_left_twice_is_seen(rig):
    one = SimpleNamespace(body=f"{failover._WORDS} 7")
    rig.world = SimpleNamespace(state=SimpleNamespace(messages={"SM1": one, "SM2": one}))
    assert failover._sent_twice(rig) == [f"'{failover._WORDS} 7' left 2 times"]


def test_only_a_text_that_was_written_afterwards_tells_that_texts_leave_again(rig):
    rig.world = SimpleNamespace(state=SimpleNamespace(messages={"SM1": SimpleNamespace(body="before")}))
    journeys = Journeys(rig, "+14155550100", texts={"before": 1.0, "after": 3.0})
    assert not journeys.left_since(2.0)
    rig.world.state.messages["SM2"] = SimpleNamespace(body="after")
    assert journeys.left_since(2.0)
