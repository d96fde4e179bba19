"""Files are read in a process of their own, which ends when it takes too much."""

import os
import resource
import time
from dataclasses import replace
from threading import BoundedSemaphore

import pytest

from service.bounded import USUAL, Busy, NotRead, TooMuch, metered, read_apart


def length(content):
    return {"bytes": len(content), "settings": sorted(os.environ), "parent": os.getppid()}


def busy(content):
    while True:
        time.process_time()


def bounds(content):
    return [resource.getrlimit(bound)[0] for bound in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]


def greedy(content):
    return len(bytes(10**9))


def talkative(content):
    return "x" * 20_000_000


def broken(content):
    raise ValueError(content)


def killed(content):
    os.abort()


def test_what_a_function_makes_of_a_file_comes_back_from_a_process_without_our_settings():
    read = read_apart(length, b"x" * 1_000_000)
    assert read["bytes"] == 1_000_000
    assert read["parent"] == os.getpid()
    assert not {"DATABASE_URL", "SECRET_KEYS", "HOME"} & set(read["settings"])


@pytest.mark.parametrize("reader", [greedy, talkative])
def test_what_takes_too_much_memory_is_given_up(reader):
    with pytest.raises(TooMuch):
        read_apart(reader, b"")


def test_what_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr("service.bounded.USUAL", replace(USUAL, seconds=0.5))
    with pytest.raises(TooMuch):
        read_apart(busy, b"")


def test_what_never_got_its_turn_is_told_from_what_takes_too_long():
    taken = replace(USUAL, seconds=0.01, slots=BoundedSemaphore(1))
    with taken.slots, pytest.raises(Busy):
        read_apart(length, b"", taken)


def test_a_process_may_use_ten_seconds_of_a_processor():
    assert read_apart(bounds, b"") == [10, 512 * 1024 * 1024]


@pytest.mark.parametrize("reader", [broken, killed])
def test_what_fails_is_told_from_what_takes_too_long(reader):
    with pytest.raises(NotRead) as told:
        read_apart(reader, b"a secret")
    assert "secret" not in repr(told.value) + str(told.value.__cause__)


def test_what_a_file_takes_of_a_processor_is_counted_and_one_that_fails_counts_as_its_bounds():
    with metered() as meter:
        read_apart(length, b"")
        assert 0 < meter.seconds < 5
        with pytest.raises(NotRead):
            read_apart(broken, b"")
    assert meter.seconds > USUAL.processor_seconds
