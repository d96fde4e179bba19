"""Debian's PgBouncer in transaction mode, in front of a database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from laptop.postgres import as_owner
from reliability.database import wait_for

PROGRAM: Final = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
CONNECTIONS: Final = 2
"""To the database; those to PgBouncer take turns at them."""

_SETTINGS: Final = """
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
def in_front_of(url: str) -> Iterator[str]:
    """Run one while the block runs; the URL of the database through it. Needs `PROGRAM`."""
    with TemporaryDirectory(prefix="portline-pgbouncer-", dir="/tmp") as folder:
        database = " ".join(f"{name}={value}" for name, value in conninfo_to_dict(url).items())
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(_SETTINGS.format(database=database, folder=folder, connections=CONNECTIONS))
        if os.geteuid() == 0:  # it does not run as root, nor does a server of our own
            shutil.chown(folder, "nobody")
        # it ends with us where a harness guards what it starts
        following = [sys.executable, "-m", "laptop.watchdog"]
        running = subprocess.Popen(  # noqa: S603 -- Debian's own
            [*following, *as_owner(Path(folder)), PROGRAM or "", "-q", str(settings)], start_new_session=True
        )
        try:
            pooled = f"postgresql://portline@/pooled?host={quote(folder, safe='')}&port=6432"
            wait_for(pooled)
            yield pooled
        finally:
            running.terminate()
            running.wait(10)
