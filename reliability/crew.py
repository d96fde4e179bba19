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
from typing import Final

from laptop import watchdog

_forks: Final = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["reliability.roles"])


class Role(StrEnum):
    """What a process does."""

    WEB = "web"
    WORKER = "worker"
    NAIVE_WORKER = "naive_worker"
    PAUSED_WORKER = "paused_worker"
    CLOCK = "clock"


class Crew:
    """The running processes, by name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._members: dict[str, tuple[Role, ForkServerProcess]] = {}
        self.killed = 0

    @property
    def names(self) -> list[str]:
        """The names of the processes."""
        return list(self._members)

    def start(self, name: str, role: Role) -> None:
        """Start a process under a name."""
        member = _forks.Process(target=_live, args=[role, self._environ], name=name)
        member.start()
        self._members[name] = (role, member)

    def kill(self, name: str) -> None:
        """Send SIGKILL to the process and its children, and wait until it has ended."""
        _, member = self._members[name]
        _signal_group(member, signal.SIGKILL)
        member.join()
        self.killed += 1

    def restart(self, name: str) -> None:
        """Start a process again in the same role, as a platform does when one dies."""
        self.start(name, self._members[name][0])

    def kill_and_restart(self, name: str) -> None:
        """Kill a process, and start it again at once."""
        self.kill(name)
        self.restart(name)

    def replace_the_dead(self) -> list[str]:
        """Start processes again that ended by themselves; their names."""
        dead = [name for name, (_, member) in self._members.items() if not member.is_alive()]
        for name in dead:
            self.restart(name)
        return dead

    def dismiss(self) -> None:
        """Send SIGTERM to every process, and SIGKILL to those that run after 25 seconds."""
        for _, member in self._members.values():
            _signal_group(member, signal.SIGTERM)
        for _, member in self._members.values():
            member.join(25)
            _signal_group(member, signal.SIGKILL)


@contextmanager
def hired(environ: Mapping[str, str]) -> Iterator[Crew]:
    """A crew whose processes are stopped when the block ends."""
    crew = Crew(environ)
    try:
        yield crew
    finally:
        crew.dismiss()


def _signal_group(member: ForkServerProcess, what: signal.Signals) -> None:
    if member.pid:
        try:
            os.killpg(member.pid, what)
        except ProcessLookupError:
            """The process has ended, or does not lead a group yet."""
            member.kill() if what is signal.SIGKILL else member.terminate()


def _live(role: Role, environ: Mapping[str, str]) -> None:
    """Run a role; called in the new process."""
    from reliability import roles

    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    watchdog.follow()
    lives: Mapping[Role, Callable[[], None]] = {
        Role.WEB: roles.web,
        Role.WORKER: roles.worker,
        Role.NAIVE_WORKER: roles.naive_worker,
        Role.PAUSED_WORKER: roles.paused_worker,
        Role.CLOCK: roles.clock,
    }
    sys.stdout = sys.stderr
    lives[role]()
