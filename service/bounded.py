"""Reading files of strangers in a process of its own, which ends when it takes too much time or memory.

A PDF or a workbook of a few kilobytes can keep the libraries that read it busy for hours, or fill the memory. The
process has neither our settings nor our database.

    words = read_apart(words_of, content)
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final, TypeVar

SECONDS: Final = 20
"""How long a file may take to be read, on a busy machine too, and how long it may wait for others."""

_PROCESSOR_SECONDS: Final = 10
_MEMORY: Final = 512 * 1024 * 1024
_OPEN_FILES: Final = 64
_LARGEST_ANSWER: Final = 16 * 1024 * 1024

_TOO_MUCH: Final = 3
"""With this the process ends where memory was too little, or what it read too large."""

_ENDED_BY_A_BOUND: Final = {_TOO_MUCH, -signal.SIGXCPU, -signal.SIGKILL}
_ROOT: Final = Path(__file__).parents[1]
_SLOTS: Final = BoundedSemaphore(2)
"""Of which each file takes one, so that many at once fill no memory either."""

Read = TypeVar("Read")


class TooMuch(Exception):
    """Reading a file took more time or memory than it may."""


class NotRead(Exception):
    """Reading a file failed. Why is not told, since that may quote the file."""


def read_apart(reader: Callable[[bytes], Read], content: bytes) -> Read:
    """What a function of a module makes of a file, as JSON carries it. Raises `TooMuch` or `NotRead`."""
    if not _SLOTS.acquire(timeout=SECONDS):
        raise TooMuch
    try:
        ended = _run(f"{reader.__module__}:{reader.__qualname__}", content)
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    finally:
        _SLOTS.release()
    if ended.returncode in _ENDED_BY_A_BOUND:
        raise TooMuch
    if ended.returncode:
        raise NotRead
    read: Read = json.loads(ended.stdout)
    return read


def _run(reader: str, content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-s", "-m", __name__, reader],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={},
        timeout=SECONDS,
        start_new_session=True,
        check=False,
    )


def _main() -> None:
    """Read standard input with the function that is named `module:function`, and write what it returns."""
    _bind()
    module, _, name = sys.argv[1].partition(":")
    try:
        answer = json.dumps(getattr(import_module(module), name)(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(_TOO_MUCH)
    if len(answer) > _LARGEST_ANSWER:
        sys.exit(_TOO_MUCH)
    sys.stdout.write(answer)


def _bind() -> None:
    os.nice(5)
    bounds = {
        resource.RLIMIT_CPU: _PROCESSOR_SECONDS,
        resource.RLIMIT_AS: _MEMORY,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for bound, most in bounds.items():
        _, hardest = resource.getrlimit(bound)
        resource.setrlimit(bound, (most, hardest))


if __name__ == "__main__":
    _main()
