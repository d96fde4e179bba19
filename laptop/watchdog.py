"""A process that was started here ends when its starter does, even when the starter is killed.

The starter holds an exclusive lock on a file. The kernel releases such a lock when the process ends, however it ends,
and no child inherits it. `python -m laptop.watchdog COMMAND` runs a command that ends as soon as the lock is free.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from laptop.errors import CannotStart

_SETTING: Final = "PORTLINE_WATCHDOG"
_INTERVAL_SECONDS: Final = 0.3
_STOP_SECONDS: Final = 15.0
_LOCK_SECONDS: Final = 2.0
"""A watchdog of an earlier starter tries the lock for a moment before it ends."""


@contextmanager
def guarding(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; the processes it starts can follow it.

    Raises `CannotStart` when another process holds the lock.
    """
    # the file stays: another process may have opened it already
    with path.open("w") as file:
        _lock(file)
        before = {name: os.environ[name] for name in [_SETTING] if name in os.environ}
        os.environ[_SETTING] = str(path.resolve())
        try:
            yield
        finally:
            del os.environ[_SETTING]
            os.environ.update(before)


def follow() -> None:
    """From now on this process's group ends with the process that holds the lock: SIGTERM first, then SIGKILL.

    The process must lead its group. Without a lock in the environment nothing happens.
    """
    path, leader = os.environ.get(_SETTING), os.getpid()
    if path and os.fork() == 0:
        _watch(Path(path), leader)
        os._exit(0)


def wait_until_free(path: Path) -> None:
    """Return once no process holds the lock."""
    while not _is_free(path):
        time.sleep(_INTERVAL_SECONDS)


def _lock(file: TextIO) -> None:
    """Lock a file for as long as it is open. Raises `CannotStart` when another process keeps it."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                folder = Path(file.name).parent
                raise CannotStart(f"{folder} is in use by another one that is running; stop that first.") from None
            time.sleep(0.05)
        else:
            return


def _watch(path: Path, leader: int) -> None:
    """Run beside the leader of a group, as a member of the group, until the leader ends or the lock is free."""
    while not _is_free(path):
        if os.getppid() != leader:
            return
        time.sleep(_INTERVAL_SECONDS)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while os.getppid() == leader and time.monotonic() < deadline:
        time.sleep(_INTERVAL_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _is_free(path: Path) -> bool:
    """Whether a shared lock can be had, which an exclusive one prevents."""
    try:
        with path.open() as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


if __name__ == "__main__":
    follow()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- a command of our own
