"""Measure what each process costs at rest: its processor time and its statements in the database, in a minute.

All processes of `make run` are started, with nothing to do; the first seconds, in which they load, are not counted.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from benchmarks.rig import free_port, postmaster, process, processor_seconds, wait_for
from laptop import database, processes, rehearsal

SECONDS: Final = 60
_UNTIL_QUIET: Final = 15.0

# each statement is a line of the server's log that begins with the name that its process connects by
_LOGGED: Final = ("log_line_prefix = '%a '", "log_statement = 'all'")
_STATEMENT: Final = re.compile(r"^(\w+) LOG:  (?:statement|execute)\b", re.MULTILINE)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, _running(Path(name)) as pids:
        log = Path(name) / "database.log"
        time.sleep(_UNTIL_QUIET)
        spent, asked = _spent(pids), _statements(log)
        time.sleep(SECONDS)
        spent, asked = _spent(pids) - spent, _statements(log) - asked
    print(f"at rest, in {SECONDS} seconds  (load of the machine {os.getloadavg()[0]:.1f})")
    for process_name in pids:
        share = spent[process_name] / SECONDS
        print(
            f"  {process_name:10} {spent[process_name]:6.2f} s of processor ({share:5.1%} of a core)"
            f"  {asked[process_name]:6} statements"
        )


@contextmanager
def _running(home: Path) -> Iterator[dict[str, int]]:
    """Run everything while the block runs; the process ids by name."""
    ports = rehearsal.Ports(*(free_port() for _ in range(4)))
    with database.serving(home / "database") as server, ExitStack() as running:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for setting in _LOGGED:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        environ = {**os.environ, **rehearsal.environ(home, server.url, ports), "LOG_LEVEL": "WARNING"}
        processes.run_once("release", environ)
        pids = {}
        for name, command in processes.of_one_machine().items():
            words = ["sh", "-c", f"exec {command}"]
            pids[name] = running.enter_context(process(words, environ | {"PGAPPNAME": name})).pid
        wait_for(ports.web)
        yield pids | {"postgres": postmaster(home / "database")}


def _spent(pids: Mapping[str, int]) -> Counter[str]:
    """Seconds of processor that each process has taken until now, its children included."""
    return Counter({name: processor_seconds(pid) for name, pid in pids.items()})


def _statements(log: Path) -> Counter[str]:
    """How many statements each process has sent until now."""
    return Counter(_STATEMENT.findall(log.read_text()))


if __name__ == "__main__":
    main()
