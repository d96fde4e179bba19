"""`python -m laptop [home]` runs a deployment until Ctrl-C; its data stays in the folder `home`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from laptop import database, ports, processes, rehearsal, watchdog
from laptop.errors import CannotStart, using


def main(home: Path = Path("var/run")) -> int:
    """Run a deployment; the exit code of the first process that ended, or 1 with a sentence when it cannot start."""
    watchdog.follow()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with using(home):
            return _run(home)
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _run(home: Path) -> int:
    """Start the database, migrate, start all processes; stop all of them."""
    listening = rehearsal.Ports.from_environ(os.environ)
    ports.must_be_free(listening)
    home.mkdir(parents=True, exist_ok=True)
    _say("Starting a database and its tables, the service, and a carrier to rehearse with.")
    with watchdog.guarding(home / "running"), database.running(home / "database") as url:
        environ = {"LOG_LEVEL": "WARNING", **os.environ, **rehearsal.environ(home.resolve(), url, listening)}
        database.must_be_ours(url)
        processes.run_once("release", environ)
        with _carrier_set_up(environ):
            return processes.run_all(environ, _welcome(listening))


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


@contextmanager
def _carrier_set_up(environ: Mapping[str, str]) -> Iterator[None]:
    """Set up the carrier as soon as the sandbox answers, while the other processes are starting."""
    python = [sys.executable, "-m"]
    command = [*python, "laptop.watchdog", *python, "laptop.carrier_set_up"]
    setting_up = subprocess.Popen(command, env=environ, start_new_session=True)  # noqa: S603 -- our own modules
    try:
        yield
    finally:
        setting_up.terminate()
        setting_up.wait()


def _welcome(listening: rehearsal.Ports) -> str:
    return f"""
Portline runs; in a few seconds these open:
  {listening.pages}          sign up here, with any address
  {listening.console}/console  the carrier's console: sign-up codes and other mail, calls, texts, the clock
Ctrl-C stops everything.

"""


if __name__ == "__main__":
    try:
        sys.exit(main(*map(Path, sys.argv[1:])))
    except KeyboardInterrupt:
        sys.exit(130)
