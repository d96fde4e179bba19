"""The web server gives threads to whole requests only: slow and silent connections keep nobody waiting."""

import contextlib
import hashlib
import runpy
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.rig import free_port, wait_for

ROOT = Path(__file__).parent.parent.parent
LONG = 10
EMPTY = hashlib.sha256(b"").hexdigest()

SLOW = {
    "silent": b"",
    "half a head": b"POST / HTTP/1.1\r\nHost: a\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345",
}


@pytest.fixture(scope="module")
def server():
    with serving() as (port, _process):
        yield port


@contextlib.contextmanager
def serving(workers=1):
    port = free_port()
    worker = ["--threads", "2", "--worker-class", "tests.service.hasty_server.BufferingWorker"]
    place = ["--workers", f"{workers}", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    place.append("tests.service.hasty_server:app")
    command = [sys.executable, "-m", "gunicorn", *worker, *place]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 -- our own
        try:
            wait_for(port)
            yield port, process
        finally:
            process.terminate()


def connected(port, words=b""):
    connection = socket.create_connection(("127.0.0.1", port), timeout=LONG)
    connection.sendall(words)
    return connection


def answer(connection):
    """All that comes until the server closes."""
    said = b""
    with connection:
        while piece := connection.recv(65536):
            said += piece
    return said


def status(connection):
    return int(answer(connection).split()[1])


def asked(port, body=b"", path="/"):
    connection = HTTPConnection("127.0.0.1", port, timeout=LONG)
    with contextlib.closing(connection):
        connection.request("POST", path, body)
        return connection.getresponse().read().decode()


@pytest.mark.parametrize("words", SLOW.values(), ids=SLOW.keys())
def test_a_hundred_slow_connections_keep_nobody_waiting(server, words):
    with contextlib.ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connected(server, words))
        assert asked(server) == EMPTY


def test_a_connection_that_stays_silent_is_closed_without_a_word(server):
    assert answer(connected(server)) == b""


@pytest.mark.parametrize("words", [SLOW["half a head"], SLOW["half a body"]])
def test_a_request_that_does_not_come_in_time_is_told_so(server, words):
    assert status(connected(server, words)) == 408


def test_bytes_that_trickle_do_not_move_the_deadline(server):
    with connected(server, b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n") as connection:
        connection.settimeout(0.1)
        for _ in range(50):
            connection.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                assert b" 408 " in connection.recv(100)
                return
    pytest.fail("five seconds, where one was allowed")


@pytest.mark.parametrize("size", [0, 1, 70_000, 5_000_000])
def test_a_body_arrives_byte_for_byte(server, size):
    body = bytes(range(256)) * (size // 256 + 1)
    assert asked(server, body[:size]) == hashlib.sha256(body[:size]).hexdigest()


def test_a_connection_takes_one_request_after_another(server):
    connection = HTTPConnection("127.0.0.1", server, timeout=LONG)
    with contextlib.closing(connection):
        for body in (b"one", b"two" * 50_000, b""):
            connection.request("POST", "/", body)
            assert connection.getresponse().read().decode() == hashlib.sha256(body).hexdigest()


def test_requests_that_come_in_one_piece_are_all_answered(server):
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    said = answer(connected(server, one + one + last)).decode()
    assert said.count(hashlib.sha256(b"one").hexdigest()) == 2
    assert said.count(EMPTY) == 1


def test_a_sender_that_waits_for_a_word_gets_it(server):
    connection = connected(server, b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    connection.sendall(b"one")
    connection.shutdown(socket.SHUT_WR)
    assert hashlib.sha256(b"one").hexdigest() in answer(connection).decode()


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000, 431),
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
    ],
)
def test_what_cannot_be_taken_is_refused_at_once(server, words, refused):
    assert status(connected(server, words)) == refused


def test_readers_who_take_nothing_give_their_threads_back(server):
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(connected(server, b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n"))
        assert asked(server) == EMPTY


def test_silent_connections_do_not_keep_the_server_from_stopping():
    with serving() as (port, process), connected(port):
        asked(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0


def test_the_procfile_runs_this_server():
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert settings["worker_class"] == "service.server.BufferingWorker"
    assert {"post_worker_init", "child_exit", "on_starting", "on_exit"} <= set(settings)
