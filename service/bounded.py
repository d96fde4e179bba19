"""Reading files of strangers in a process of its own, which ends when it takes too much time or memory.

A PDF or a workbook of a few kilobytes can keep the libraries that read it busy for hours, or fill the memory. The
process has neither our settings nor our database.

    with metered() as meter:
        words = read_apart(words_of, content)
    meter.seconds
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar, cast


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take.

    `seconds` is how long it may take on a busy machine, and how long it may wait for others; `processor_seconds` is how
    much of a processor it gets, `memory` how many bytes. One file of each of `slots` is read at a time.
    """

    seconds: float
    processor_seconds: int
    memory: int
    slots: BoundedSemaphore


USUAL: Final = Bounds(seconds=20, processor_seconds=10, memory=512 * 1024 * 1024, slots=BoundedSemaphore(2))
"""What a text, a list or a picture may take. Two of them are read at a time, so that many fill no memory either."""

_TRUSTED: Final = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Settings of the machine that such a process keeps: which certificates are trusted."""

_OPEN_FILES: Final = 64
_LARGEST_ANSWER: Final = 16 * 1024 * 1024

_TOO_MUCH: Final = 3
"""With this the process ends where memory was too little, or what it read too large."""

_ENDED_BY_A_BOUND: Final = {_TOO_MUCH, -signal.SIGXCPU, -signal.SIGKILL}
_ROOT: Final = Path(__file__).parents[1]

Read = TypeVar("Read")


@dataclass(slots=True)
class Meter:
    """How many seconds of a processor the reading of files has taken."""

    seconds: float = 0


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


class TooMuch(Exception):
    """Reading a file took more time or memory than it may."""


class Busy(TooMuch):
    """Other files took all the time that a file may wait. A job is tried again; a request is refused as any other."""


class NotRead(Exception):
    """Reading a file failed. Why is not told, since that may quote the file."""


def read_apart(reader: Callable[[bytes], Read], content: bytes, bounds: Bounds | None = None) -> Read:
    """What a function of a module makes of a file, as JSON carries it, within `USUAL` or other bounds.

    Raises `TooMuch`, of these `Busy` where it was not begun, or `NotRead`.
    """
    within = bounds or USUAL
    if not within.slots.acquire(timeout=within.seconds):
        raise Busy
    seconds: float = within.processor_seconds
    try:
        read, seconds = _answer(_run(f"{reader.__module__}:{reader.__qualname__}", content, within))
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    finally:
        within.slots.release()
        _count(seconds)
    return cast("Read", read)


@contextmanager
def metered() -> Iterator[Meter]:
    """Count what this thread has read while the block runs; a file that could not be read counts as its bounds."""
    meter = Meter()
    before = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(before)


def _count(seconds: float) -> None:
    if meter := _meter.get():
        meter.seconds += seconds


def _run(reader: str, content: bytes, bounds: Bounds) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-s", "-m", __name__, reader, str(bounds.processor_seconds), str(bounds.memory)],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={name: os.environ[name] for name in _TRUSTED if name in os.environ},
        timeout=bounds.seconds,
        start_new_session=True,
        check=False,
    )


def _answer(ended: subprocess.CompletedProcess[bytes]) -> tuple[Any, float]:
    """What was read, and the seconds of a processor that it took. Raises `TooMuch` or `NotRead`."""
    if ended.returncode in _ENDED_BY_A_BOUND:
        raise TooMuch
    if ended.returncode:
        raise NotRead
    told = json.loads(ended.stdout)
    return told["read"], told["seconds"]


def _main() -> None:
    """Read standard input with the function that is named `module:function`, and write what it returns."""
    name, processor_seconds, memory = sys.argv[1:]
    _bind(int(processor_seconds), int(memory))
    module, _, function = name.partition(":")
    try:
        read = getattr(import_module(module), function)(sys.stdin.buffer.read())
        answer = json.dumps({"read": read, "seconds": time.process_time()})
    except MemoryError:
        sys.exit(_TOO_MUCH)
    if len(answer) > _LARGEST_ANSWER:
        sys.exit(_TOO_MUCH)
    sys.stdout.write(answer)


def _bind(processor_seconds: int, memory: int) -> None:
    os.nice(5)
    bounds = {
        resource.RLIMIT_CPU: processor_seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for bound, most in bounds.items():
        _, hardest = resource.getrlimit(bound)
        resource.setrlimit(bound, (most, hardest))


if __name__ == "__main__":
    _main()
