"""A request past its deadline is not sent, whether the process was busy or stopped."""

import socket
import threading
import time

import pytest
from urllib3.connection import HTTPConnection

from provisioning import deadline, deadline_connections
from provisioning.contract.errors import TooLate
from provisioning.deadline_connections import _Adapter
from provisioning.http import Outgoing


@pytest.fixture
def clock(monkeypatch):
    """Seconds since boot, to be set."""
    clock = {"now": 1000.0}
    monkeypatch.setattr(deadline, "since_boot", lambda: clock["now"])
    return clock


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(listener):
    return f"http://127.0.0.1:{listener.getsockname()[1]}/things"


def answer_once(listener, heard):
    def serve():
        connection, _ = listener.accept()
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


def test_a_request_within_its_time_is_sent(clock, listener):
    heard = []
    serving = answer_once(listener, heard)
    with deadline.until(1001.0):
        Outgoing(deadline_connections.session()).send("POST", address(listener))
    serving.join(5)
    assert heard[0].startswith(b"POST /things")


def test_a_request_after_its_time_is_not_sent_and_certainly_not_made(clock, listener):
    with deadline.until(999.0), pytest.raises(TooLate) as caught:
        Outgoing(deadline_connections.session()).send("POST", address(listener))
    assert caught.value.not_made
    listener.settimeout(0.05)
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_process_that_is_stopped_while_it_connects_writes_nothing_on_the_connection(clock, listener, monkeypatch):
    really = _Adapter.send

    def stopped(self, *args, **options):
        clock["now"] += 70
        return really(self, *args, **options)

    monkeypatch.setattr(_Adapter, "send", stopped)
    with deadline.until(1015.0), pytest.raises(TooLate):
        Outgoing(deadline_connections.session()).send("POST", address(listener))
    connection, _ = listener.accept()
    with connection:
        assert connection.recv(65536) == b""


def test_a_process_that_is_stopped_after_the_head_of_a_request_writes_no_body(clock, listener, monkeypatch):
    really = HTTPConnection.send

    def stopped(self, data):
        really(self, data)
        clock["now"] += 70

    monkeypatch.setattr(HTTPConnection, "send", stopped)
    with deadline.until(1015.0), pytest.raises(TooLate):
        Outgoing(deadline_connections.session()).send("POST", address(listener), data={"Body": "On our way"})
    connection, _ = listener.accept()
    with connection:
        written = b"".join(iter(lambda: connection.recv(65536), b""))
    assert written.startswith(b"POST /things")
    assert b"On+our+way" not in written


def test_a_renewed_lease_gives_more_time(clock):
    with deadline.until(999.0):
        deadline.extend(1001.0)
        deadline.insist()
    deadline.insist()


def test_without_a_limit_nothing_is_too_late(clock):
    deadline.extend(1.0)
    deadline.insist()


def test_the_clock_counts_real_seconds():
    began = deadline.since_boot()
    time.sleep(0.01)
    assert 0.009 < deadline.since_boot() - began < 5
