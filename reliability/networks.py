"""A network of the harness's own, in which machines can be cut off: Linux's namespaces, gone with their processes.

The harness and what it starts are one machine, HERE, with a loopback of its own; every other machine is joined to it by
a cable. Nothing of the real network is seen or touched.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HERE: Final = "10.0.0.1"
"""The harness's own address beside its loopback."""

_ENTERED: Final = "PORTLINE_OWN_NETWORK"
_BRIDGE: Final = "nodes"


def trouble() -> str:
    """Why no such network can be made here, in a sentence; "" if it can."""
    missing = [program for program in ("unshare", "nsenter", "ip", "setpriv") if shutil.which(program) is None]
    if missing:
        return f"there is no {', '.join(missing)} on this machine (Linux has them in util-linux and iproute2)."
    tried = [*_apart(), "ip", "link", "add", _BRIDGE, "type", "bridge"]
    if subprocess.run(tried, capture_output=True, check=False).returncode:  # noqa: S603 -- our own words
        return "this machine allows no network namespaces here."
    return ""


def enter(module: str, arguments: Sequence[str]) -> None:
    """Begin this command anew in a network of its own; returns there."""
    if os.environ.pop(_ENTERED, None) is None:
        command = [*_apart(), sys.executable, "-m", module, *arguments]
        os.execvpe(command[0], command, os.environ | {_ENTERED: "1"})  # noqa: S606 -- ourselves
    _ip("link", "set", "lo", "up")
    _ip("link", "add", _BRIDGE, "type", "bridge")
    _ip("address", "add", f"{HERE}/24", "dev", _BRIDGE)
    _ip("link", "set", _BRIDGE, "up")


class Machine:
    """A machine at an address; its processes are children of the harness."""

    def __init__(self, name: str, address: str, holder: int) -> None:
        self.name, self.address = name, address
        self._cable, self._holder = f"to-{name}", holder
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", str(holder))
        _ip("link", "set", self._cable, "master", _BRIDGE)
        for words in (["address", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "lo", "up"]):
            subprocess.run([*self._inside(), "ip", *words], check=True)  # noqa: S603 -- our own words
        subprocess.run([*self._inside(), "ip", "link", "set", "eth0", "up"], check=True)  # noqa: S603
        self.mend()

    def command(self, command: Sequence[str]) -> list[str]:
        """The words that run a command there; whatever it starts ends with it."""
        return [*self._inside(), "unshare", "--pid", "--fork", "--mount-proc", *command]

    def cut(self) -> None:
        """Pull the cable: nothing is refused or reset, there is only silence."""
        _ip("link", "set", self._cable, "down")

    def mend(self) -> None:
        """Put the cable in again."""
        _ip("link", "set", self._cable, "up")

    def _inside(self) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._holder}/ns/net"]


@contextmanager
def machine(name: str, address: str) -> Iterator[Machine]:
    """A machine that is there while the block runs, and no longer than the harness."""
    kept = [sys.executable, "-m", "laptop.watchdog", "unshare", "--net", "sleep", "infinity"]
    holder = subprocess.Popen(kept, start_new_session=True)  # noqa: S603 -- our own words
    try:
        _wait_until_apart(holder.pid)
        yield Machine(name, address, holder.pid)
    finally:
        holder.kill()
        holder.wait()


def _apart() -> list[str]:
    """The words that run a command in a network of its own; without root, in which our own user may make it."""
    own_user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    return ["unshare", *own_user, "--net", "--mount"]


def _wait_until_apart(pid: int, patience: float = 10.0) -> None:
    until = time.monotonic() + patience
    while Path(f"/proc/{pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink():
        if time.monotonic() > until:
            raise TimeoutError("the machine's network was not made")
        time.sleep(0.02)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)  # noqa: S603, S607 -- our own words
