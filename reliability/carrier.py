"""The sandbox on the loopback, served by threads of the harness itself, so that its records can be read at any time."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

import requests
from werkzeug.serving import make_server

from sandbox.__main__ import Handler
from sandbox.app import create_app
from sandbox.clock import RehearsalClock
from sandbox.smtp import listen
from sandbox.world import World

_TICK: Final = 0.1


class Line:
    """The connection to the carrier, which can be cut and mended."""

    def __init__(self, world: World, port: int) -> None:
        self.port = port
        self._app = create_app(world, public_url=f"http://127.0.0.1:{port}")
        self.letters = self._app.extensions["received_mail"]
        self.mend()

    def mend(self) -> None:
        """Answer from now on."""
        self._server = make_server("127.0.0.1", self.port, self._app, threaded=True, request_handler=Handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def cut(self) -> None:
        """Stop listening: connections are refused."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def answering(environ: Mapping[str, str]) -> Iterator[tuple[World, Line]]:
    """Run a carrier that answers, and sends callbacks when they are due, while the block runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    session = requests.Session()
    session.trust_env = False
    world = World(
        RehearsalClock(Path(environ["REHEARSAL_CLOCK"]) if "REHEARSAL_CLOCK" in environ else None),
        account_sid=environ["TWILIO_ACCOUNT_SID"],
        auth_token=environ["TWILIO_AUTH_TOKEN"],
        session=session,
    )
    line, over = Line(world, int(environ["SANDBOX_PORT"])), Event()
    letters = listen(line.letters, "127.0.0.1", int(environ["SANDBOX_SMTP_PORT"]))
    winding = Thread(target=_wind, args=[world, over])
    winding.start()
    try:
        yield world, line
    finally:
        over.set()
        winding.join()
        letters.stop()
        line.cut()


def _wind(world: World, over: Event) -> None:
    while not over.wait(_TICK):
        world.run_due()
