"""gunicorn reads this file by itself where it is started beside it, as by the Procfile."""

from service.gunicorn_settings import (
    child_exit,
    logger_class,
    on_exit,
    on_starting,
    post_worker_init,
    threads,
    worker_class,
    worker_connections,
)

__all__ = [
    "child_exit",
    "logger_class",
    "on_exit",
    "on_starting",
    "post_worker_init",
    "threads",
    "worker_class",
    "worker_connections",
]
