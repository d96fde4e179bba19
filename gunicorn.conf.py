"""How gunicorn serves here; it reads this file by itself. `--workers` and the address come from the environment."""

from typing import Any

from service.balance import BalancedWorker

worker_class = "service.server.BufferingWorker"
threads = 8
worker_connections = 2000


def child_exit(_server: Any, worker: BalancedWorker) -> None:  # noqa: ANN401 -- gunicorn has no types
    """The others no longer leave connections to a worker that has ended."""
    worker.leave()
