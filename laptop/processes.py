"""The Procfile's processes on one machine, with the sandbox as their carrier."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

ROOT = Path(__file__).parent.parent
SANDBOX = f"{sys.executable} -m sandbox"


def run_once(name: str, environ: Mapping[str, str]) -> None:
    """Run one command of the Procfile to its end. Raises `CalledProcessError` when it fails."""
    subprocess.run(commands()[name], shell=True, check=True, cwd=ROOT, env=environ)  # noqa: S602 -- our own Procfile


def run_all(environ: Mapping[str, str], welcome: str) -> int:
    """Run everything but the release command, and the sandbox, until one ends or we are told to; the exit code."""
    manager = Manager()
    for name, command in {"sandbox": SANDBOX, **commands()}.items():
        if name != "release":
            tied = shlex.join([sys.executable, "-m", "laptop.lifeline", "sh", "-c", command])
            manager.add_process(name, tied, env=dict(environ), cwd=str(ROOT))
    sys.stdout.write(welcome)
    sys.stdout.flush()
    manager.loop()
    return int(manager.returncode or 0)


def commands() -> dict[str, str]:
    """The Procfile's commands by name."""
    return dict(parse_procfile((ROOT / "Procfile").read_text()).processes)
