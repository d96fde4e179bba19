"""A process on a machine whose clock is wrong alerts operators and does nothing."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from service import node_clocks, probe
from service.alerts import Alert, AlertKind
from service.clockwork import _while_leading
from service.connections import Process
from service.doctor.findings import Patient, Verdict
from service.doctor.house import other_clocks
from service.node_clocks import is_right, seen, wait_until_right
from service.probe import Probe
from service.time import apart, real_time


@pytest.fixture
def skewed(monkeypatch):
    """Have this machine's clock be ahead by so many seconds."""

    def skewed(seconds):
        for module in (node_clocks, probe):
            monkeypatch.setattr(module, "real_time", lambda: real_time() + timedelta(seconds=seconds))

    return skewed


def alerts(services):
    with services.sessions() as session:
        return list(session.scalars(select(Alert).where(Alert.kind == AlertKind.CLOCK_FAR_OFF)))


def clocks(services):
    with services.sessions() as session:
        return seen(session)


def test_a_good_clock_is_written_down_and_right(services):
    assert is_right(services, Process.WORKER)
    [(node, ahead)] = clocks(services).items()
    assert node.endswith("(worker)")
    assert ahead < timedelta(seconds=1)
    assert alerts(services) == []


@pytest.mark.parametrize("seconds", [-600, 600])
def test_a_clock_that_is_ten_minutes_off_is_told_to_operators_once_in_an_hour(services, skewed, seconds):
    skewed(seconds)
    assert not is_right(services, Process.CLOCK)
    assert not is_right(services, Process.CLOCK)
    [alert] = alerts(services)
    assert alert.about.startswith("node:")
    assert abs(alert.details["seconds_ahead"] - seconds) <= 1


def test_the_doctor_names_the_machine_whose_clock_is_off(services, skewed):
    is_right(services, Process.CLOCK)
    assert other_clocks(Patient(services, None)).verdict is Verdict.OK
    skewed(20)
    assert is_right(services, Process.WORKER)
    finding = other_clocks(Patient(services, None))
    assert finding.verdict is Verdict.PROBLEM
    assert "(worker) by 20 s" in finding.what or "(worker) by 19 s" in finding.what
    assert "(clock)" not in finding.what


def test_a_process_waits_until_its_clock_is_right(services, skewed, monkeypatch):
    skewed(600)
    slept = []

    def mended(seconds):
        slept.append(seconds)
        skewed(0)

    monkeypatch.setattr(node_clocks.time, "sleep", mended)
    wait_until_right(services, Process.WORKER)
    assert slept == [30]


def test_a_clock_process_leads_no_more_when_its_clock_is_set_wrong(services, skewed):
    skewed(-600)
    with psycopg.connect(services.settings.database_url, autocommit=True) as leading:
        _while_leading(leading, services)


def test_a_web_process_with_a_wrong_clock_is_not_ready(services, skewed):
    assert Probe(services.settings.database_url).trouble() == ""
    skewed(600)
    assert "ahead of the database's" in Probe(services.settings.database_url).trouble()


def test_a_slow_answer_is_no_difference():
    asked, answered = real_time(), real_time() + timedelta(minutes=5)
    there = asked + timedelta(minutes=2)
    assert apart(there, asked, answered) == timedelta()
    assert apart(asked - timedelta(seconds=3), asked, answered) == timedelta(seconds=3)
    assert apart(answered + timedelta(seconds=3), asked, answered) == timedelta(seconds=-3)
