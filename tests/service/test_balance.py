"""Each of a web server's workers takes its share of the connections, which routers keep for long."""

import contextlib
import os
import signal
import time
from collections import Counter
from http.client import HTTPConnection

import pytest

from tests.service.test_server import LONG, serving


@pytest.fixture
def server():
    with serving(workers=2) as (port, _process), contextlib.ExitStack() as still_open:

        def shares(count, workers=2):
            """Open so many connections, one after the other; how many each worker has of them, by process id."""
            _wait_for(workers, port)
            return Counter(_worker(port, still_open) for _ in range(count))

        yield shares


def _wait_for(workers, port):
    until = time.monotonic() + LONG
    while len({_worker(port) for _ in range(workers)}) < workers:
        assert time.monotonic() < until, "not all of them answer"


def _worker(port, still_open=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=LONG)
    with contextlib.ExitStack() as closed_at_once:
        (still_open or closed_at_once).callback(connection.close)
        connection.request("GET", "/worker")
        return int(connection.getresponse().read())


def test_workers_have_as_many_connections_as_each_other(server):
    assert min(server(16).values()) >= 7


def test_a_worker_that_hangs_holds_nobody_up(server):
    stopped, *_ = server(2)
    os.kill(stopped, signal.SIGSTOP)
    try:
        others = server(3, workers=1)
    finally:
        os.kill(stopped, signal.SIGCONT)
    assert stopped not in others


def test_a_worker_that_was_killed_is_left_nothing(server):
    killed, *_ = server(2)
    os.kill(killed, signal.SIGKILL)
    shares = server(16)
    assert killed not in shares
    assert min(shares.values()) >= 7
