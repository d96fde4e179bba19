"""Start the Procfile's processes on one machine, with the sandbox as their carrier."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

from laptop.errors import CannotStart

ROOT = Path(__file__).parent.parent
# `web` takes callbacks too, where no processes of their own do
_NOT_HERE = ("release", "callbacks")
SANDBOX = shlex.join([sys.executable, "-m", "sandbox"])
GATEWAY = shlex.join([sys.executable, "-m", "sandbox.gateway"])


def run_once(name: str, environ: Mapping[str, str]) -> None:
    """Run one command of the Procfile to its end; only what goes wrong is shown. Raises `CannotStart` when it fails."""
    ended = subprocess.run(  # noqa: S602 -- our own
        commands()[name], shell=True, check=False, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    if ended.returncode:
        raise CannotStart(f"“{commands()[name]}” failed with exit code {ended.returncode}; its own words stand above.")


def run_all(environ: Mapping[str, str], welcome: str) -> int:
    """Run the sandbox and the commands of one machine until one ends or a signal stops all; the exit code.

    `welcome` is printed once they are starting. The sandbox has a gateway for phones in browsers if that has a port.
    """
    manager = Manager()
    gateway = {"gateway": GATEWAY} if environ.get("GATEWAY_PORT") else {}
    for name, command in {**of_one_machine(), **gateway}.items():
        watched = shlex.join([sys.executable, "-m", "laptop.watchdog", "sh", "-c", command])
        manager.add_process(name, watched, env=dict(environ), cwd=str(ROOT))
    sys.stdout.write(welcome)
    sys.stdout.flush()
    manager.loop()
    return int(manager.returncode or 0)


def of_one_machine() -> dict[str, str]:
    """The commands of the processes that run beside one another on one machine, by name."""
    running = {name: command for name, command in commands().items() if name not in _NOT_HERE}
    return {"sandbox": SANDBOX, **running}


def commands() -> dict[str, str]:
    """The Procfile's commands by name."""
    return dict(parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes)
