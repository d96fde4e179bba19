"""The process that says to open pages what has changed, in a thread of a test."""

import asyncio
import socket
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

from service.live.__main__ import serve

LONG = 10
"""Seconds in which it ends."""


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f"127.0.0.1:{found.getsockname()[1]}"


class Running:
    """The process while it runs: where it listens, and how it is stopped."""

    def __init__(self, settings, sessions):
        self.port = int(settings.live_bind.rpartition(":")[2])
        self._loop, self._stop = asyncio.new_event_loop(), asyncio.Event()
        served = serve(settings, sessions, self._stop)
        self._thread = Thread(target=self._loop.run_until_complete, args=[served])
        self._thread.start()

    def stop(self):
        self._loop.call_soon_threadsafe(self._stop.set)

    def end(self):
        self.stop()
        self._thread.join(LONG)
        assert not self._thread.is_alive()
        rest = Thread(target=self._loop.run_until_complete, args=[self._loop.shutdown_default_executor()])
        rest.start()  # not here, where the loop of a browser may run
        rest.join()
        self._loop.close()


@contextmanager
def running(settings, sessions, **changes):
    process = Running(replace(settings, **{"live_bind": free_address(), **changes}), sessions)
    try:
        yield process
    finally:
        process.end()
