"""Debian's PgBouncer in transaction mode, in front of a database of the tests."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from laptop.postgres import _as_owner

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
CONNECTIONS = 2
"""To the database; those to PgBouncer take turns at them."""

SETTINGS = """
[databases]
pooled = {database}
[pgbouncer]
pool_mode = transaction
default_pool_size = {connections}
auth_type = any
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
logfile = {folder}/log
"""


@contextmanager
def in_front_of(url):
    """Run one while the block runs; the URL of the database through it."""
    with TemporaryDirectory(prefix="portline-pgbouncer-", dir="/tmp") as folder:
        database = " ".join(f"{name}={value}" for name, value in conninfo_to_dict(url).items())
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(database=database, folder=folder, connections=CONNECTIONS))
        if os.geteuid() == 0:  # it does not run as root, nor does a server of the tests' own
            shutil.chown(folder, "nobody")
        running = subprocess.Popen([*_as_owner(Path(folder)), PROGRAM, "-q", settings])  # noqa: S603 -- Debian's own
        try:
            pooled = f"postgresql://portline@/pooled?host={quote(folder, safe='')}&port=6432"
            _wait_for(pooled)
            yield pooled
        finally:
            running.terminate()
            running.wait(10)


def _wait_for(url, patience=10):
    deadline = monotonic() + patience
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert monotonic() < deadline, "PgBouncer did not start"
            sleep(0.05)
        else:
            return
