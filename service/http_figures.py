"""Metrics of requests: how many, how they were answered, and how long that took.

A server of several processes counts in files of a folder of its own (`gunicorn_settings.py`), so that each of its
processes shows the sum of all: https://prometheus.github.io/client_python/multiprocess/
"""

import os
from typing import Final

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder; the library reads it when it is imported."""

BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""

_PARTS: Final = {"/webhooks/": "callbacks", "/api/": "api"}


class HttpFigures:
    """The requests that a server has answered."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._seconds = Histogram(
            "portline_http_seconds",
            "Seconds until requests were answered.",
            ["part", "status"],
            buckets=BUCKETS,
            registry=None,
        )

    def show_in(self, registry: CollectorRegistry) -> None:
        """Show them among the metrics of a registry."""
        if FOLDER in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(self._seconds)

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count a request by the part of the service that answered it, and the class of its status, such as `5xx`."""
        part = next((part for start, part in _PARTS.items() if path.startswith(start)), "pages")
        self._seconds.labels(part, f"{status // 100}xx").observe(seconds)
