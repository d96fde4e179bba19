"""`python -m laptop [home]` keeps everything running until Ctrl-C; what it needs and leaves stands under `home`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from laptop import database, lifeline, ports, processes, rehearsal


def main(home: Path = Path("var/run")) -> int:
    """Start the database, migrate, start all processes; stop all of them. The exit code of the first that ended."""
    lifeline.hold_on()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    face = rehearsal.Ports.from_environ(os.environ)
    try:
        ports.must_be_free(face)
    except ports.Taken as taken:
        sys.stderr.write(f"{taken}\n")
        return 1
    home.mkdir(parents=True, exist_ok=True)
    with lifeline.held(home / "running"), database.running(home / "database") as url:
        environ = {"LOG_LEVEL": "WARNING", **os.environ, **rehearsal.environ(home.resolve(), url, face)}
        processes.run_once("release", environ)
        with _carrier_set_up(environ):
            return processes.run_all(environ, _welcome(face))


@contextmanager
def _carrier_set_up(environ: Mapping[str, str]) -> Iterator[None]:
    """As soon as the sandbox answers, beside the processes that are starting."""
    python = [sys.executable, "-m"]
    command = [*python, "laptop.lifeline", *python, "laptop.carrier_set_up"]
    setting_up = subprocess.Popen(command, env=environ, start_new_session=True)  # noqa: S603 -- our own modules
    try:
        yield
    finally:
        setting_up.terminate()
        setting_up.wait()


def _welcome(face: rehearsal.Ports) -> str:
    return (
        f"Pages at {face.pages}, the carrier's console at {face.console}/console. "
        "Codes and letters arrive on the console's page for mail. Ctrl-C stops everything.\n"
    )


if __name__ == "__main__":
    try:
        sys.exit(main(*map(Path, sys.argv[1:])))
    except KeyboardInterrupt:
        sys.exit(130)
