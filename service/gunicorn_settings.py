"""How gunicorn serves pages and callbacks here. `--workers` and the address come from its command line."""

import gc
import os
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final

from service.balance import BalancedWorker

logger_class: Final = "service.server_log.ServerLog"
worker_class: Final = "service.server.BufferingWorker"
threads: Final = 8
worker_connections: Final = 2000

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(_server: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Make a folder in which all workers count their requests; none has imported the library yet, which reads it."""
    os.environ[_FOLDER] = mkdtemp(prefix="portline-requests-")


def on_exit(_server: Any) -> None:  # noqa: ANN401 -- gunicorn has no types
    """Leave no folder behind."""
    rmtree(os.environ[_FOLDER], ignore_errors=True)


def post_worker_init(worker: BalancedWorker) -> None:
    """Take the connections that callbacks need before others take all, and look through what was loaded for garbage.

    That is done once and never again: it takes 0.2 s, in which nobody is answered.
    """
    if door := getattr(worker.wsgi, "extensions", {}).get("webhooks"):
        door.open()
    gc.collect()
    gc.freeze()


def child_exit(_server: Any, worker: BalancedWorker) -> None:  # noqa: ANN401 -- gunicorn has no types
    """The others no longer leave connections to a worker that has ended."""
    worker.leave()
