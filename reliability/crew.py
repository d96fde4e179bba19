"""The processes of a deployment, each in a group of its own, killed without warning and started again.

They run the same code as the Procfile's commands, but are forked from a process that has imported everything, so that
a start costs a fraction of a second and a thousand kills fit into a quarter of an hour.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from multiprocessing.context import ForkServerProcess
from typing import Final, NamedTuple

from laptop import watchdog

_forks: Final = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["reliability.roles", "reliability.troubled"])


class Role(StrEnum):
    """What a process does."""

    WEB = "web"
    WORKER = "worker"
    NAIVE_WORKER = "naive_worker"
    STOPPED_WORKER = "stopped_worker"
    FROZEN_WORKER = "frozen_worker"
    SKEWED_WORKER = "skewed_worker"
    CLOCK = "clock"
    LIVE = "live"


class _Member(NamedTuple):
    role: Role
    changes: Mapping[str, str]
    process: ForkServerProcess


class Crew:
    """The running processes, by name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._members: dict[str, _Member] = {}
        self.killed = 0
        self.died = 0

    @property
    def names(self) -> list[str]:
        """The names of the processes."""
        return list(self._members)

    def start(self, name: str, role: Role, **changes: str) -> None:
        """Start a process under a name; `changes` are settings of its own."""
        process = _forks.Process(target=_live, args=[role, self._environ | changes], name=name)
        process.start()
        self._members[name] = _Member(role, changes, process)

    def kill(self, name: str) -> None:
        """Send SIGKILL to the process and its children, and wait until it has ended."""
        process = self._members[name].process
        _signal_group(process, signal.SIGKILL)
        process.join()
        self.killed += 1

    def remove(self, name: str) -> None:
        """Kill a process that is not wanted any more, so that nothing starts it again."""
        self.kill(name)
        del self._members[name]

    def restart(self, name: str) -> None:
        """Start a process again in the same role, as a platform does when one dies."""
        member = self._members[name]
        self.start(name, member.role, **member.changes)

    def wake(self, name: str) -> None:
        """Have a process go on that was stopped with SIGSTOP."""
        _signal_group(self._members[name].process, signal.SIGCONT)

    def kill_and_restart(self, name: str) -> None:
        """Kill a process, and start it again at once."""
        self.kill(name)
        self.restart(name)

    def replace_the_dead(self) -> list[str]:
        """Start processes again that ended by themselves; their names."""
        dead = [name for name, member in self._members.items() if not member.process.is_alive()]
        for name in dead:
            self.restart(name)
        self.died += len(dead)
        return dead

    def dismiss(self) -> None:
        """Send SIGTERM to every process, and SIGKILL to those that run after 25 seconds."""
        for member in self._members.values():
            _signal_group(member.process, signal.SIGTERM)
            _signal_group(member.process, signal.SIGCONT)
        for member in self._members.values():
            member.process.join(25)
            _signal_group(member.process, signal.SIGKILL)


@contextmanager
def hired(environ: Mapping[str, str]) -> Iterator[Crew]:
    """A crew whose processes are stopped when the block ends."""
    crew = Crew(environ)
    try:
        yield crew
    finally:
        crew.dismiss()


def _signal_group(process: ForkServerProcess, what: signal.Signals) -> None:
    if process.pid:
        try:
            os.killpg(process.pid, what)
        except ProcessLookupError:
            """The process has ended, or does not lead a group yet."""
            process.kill() if what is signal.SIGKILL else process.terminate()


def _live(role: Role, environ: Mapping[str, str]) -> None:
    """Run a role; called in the new process."""
    from reliability import roles, troubled

    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    watchdog.follow()
    lives: Mapping[Role, Callable[[], None]] = {
        Role.WEB: roles.web,
        Role.WORKER: roles.worker,
        Role.NAIVE_WORKER: roles.naive_worker,
        Role.STOPPED_WORKER: troubled.stopped_worker,
        Role.FROZEN_WORKER: troubled.frozen_worker,
        Role.SKEWED_WORKER: troubled.skewed_worker,
        Role.CLOCK: roles.clock,
        Role.LIVE: roles.live,
    }
    sys.stdout = sys.stderr
    lives[role]()
