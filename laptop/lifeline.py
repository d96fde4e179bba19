"""What a process started ends with it, even when it is killed: a lock on a file tells whether it lives.

A lock of this kind is let go when its process ends, however it ends, and no child inherits it.
`python -m laptop.lifeline COMMAND` becomes a command that holds on to the lifeline.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SETTING: Final = "PORTLINE_LIFELINE"
_LOOK_SECONDS: Final = 0.3
_PATIENCE_SECONDS: Final = 15.0


@contextmanager
def held(path: Path) -> Iterator[None]:
    """While the block runs and this process lives, those whom it starts can hold on to it."""
    with path.open("w") as line:
        fcntl.lockf(line, fcntl.LOCK_EX)
        before = {name: os.environ[name] for name in [_SETTING] if name in os.environ}
        os.environ[_SETTING] = str(path.resolve())
        try:
            yield
        finally:
            path.unlink()
            del os.environ[_SETTING]
            os.environ.update(before)


def hold_on() -> None:
    """From now on this process's whole group ends with whoever holds the lifeline: asked to at first, then killed.

    The process must lead its group. Where nobody has ever held one, nothing happens.
    """
    path, leader = os.environ.get(_SETTING), os.getpid()
    if path and os.fork() == 0:
        _watch(Path(path), leader)
        os._exit(0)


def wait_until_cut(path: Path) -> None:
    """Return once whoever holds this lifeline is gone."""
    while not _is_cut(path):
        time.sleep(_LOOK_SECONDS)


def _watch(path: Path, leader: int) -> None:
    """In a process of the group, beside its leader; it ends with them."""
    while not _is_cut(path):
        if os.getppid() != leader:
            return
        time.sleep(_LOOK_SECONDS)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while os.getppid() == leader and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _is_cut(path: Path) -> bool:
    """A lock that many may share can be had once nobody holds it alone."""
    try:
        with path.open() as line:
            fcntl.lockf(line, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


if __name__ == "__main__":
    hold_on()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- a command of our own
