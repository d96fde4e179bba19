"""Metrics of requests: how many, how they were answered, and how long that took.

They are counted in memory, and a process shows its own: `worker` is its id. Prometheus meets each of a server's
processes now and then, and adds up their rates.
"""

import os
from typing import Final

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics

BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""

_PARTS: Final = {"/webhooks/": "callbacks", "/api/": "api"}


class HttpFigures:
    """The requests that a process has answered."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._seconds = Histogram(
            "portline_http_seconds",
            "Seconds until requests were answered.",
            ["part", "status", "worker"],
            buckets=BUCKETS,
            registry=None,
        )

    def show_in(self, registry: CollectorRegistry) -> None:
        """Show them among the metrics of a registry."""
        registry.register(self._seconds)

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count a request by the part of the service that answered it, and the class of its status, such as `5xx`."""
        part = next((part for start, part in _PARTS.items() if path.startswith(start)), "pages")
        self._seconds.labels(part, f"{status // 100}xx", os.getpid()).observe(seconds)
