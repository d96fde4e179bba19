"""How gunicorn serves pages and callbacks here. `--workers` and the address come from its command line."""

import gc
from typing import Any, Final

from service.balance import BalancedWorker

logger_class: Final = "service.server_log.ServerLog"
worker_class: Final = "service.server.BufferingWorker"
threads: Final = 8
worker_connections: Final = 2000


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
