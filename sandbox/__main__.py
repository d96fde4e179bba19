"""Serves the sandbox: `python -m sandbox` (settings in README.md)."""

import logging
import os
import signal
import sys
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.app import create_app
from sandbox.clock import RehearsalClock
from sandbox.exchange import TELNYX_KEY
from sandbox.outgoing import direct_session
from sandbox.save import load, save
from sandbox.smtp import listen
from sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

TICK = 0.2
BETWEEN_SAVES = 1.0
log = logging.getLogger("sandbox")


class Handler(WSGIRequestHandler):
    """Werkzeug's request handler, but it closes the connection when an answer is lost instead of keeping it alive."""

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        """Close the connection without a word: an answer was lost on purpose, or the client has gone."""
        self.close_connection = True


def main() -> None:
    """Serve requests until stopped, while a second thread carries out what is due."""
    host, port = os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8001"))
    public_url = os.environ.get("SANDBOX_PUBLIC_URL", f"http://127.0.0.1:{port}")
    saved = Path(os.environ.get("SANDBOX_STATE", "var/sandbox/world"))
    world = _world(saved)
    app = create_app(world, public_url=public_url)
    listen(app.extensions["received_mail"], host, int(os.environ.get("SANDBOX_SMTP_PORT", "8025")))
    server = make_server(host, port, app, threaded=True, request_handler=Handler)
    Thread(target=_run, args=(world, saved), daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    sys.stdout.write(f"The sandbox's console is at {public_url}/console\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    finally:
        with world.exchange.lock:
            save(saved, world.state)


def _world(saved: Path) -> World:
    session = direct_session()
    world = World(
        RehearsalClock(Path(os.environ.get("REHEARSAL_CLOCK", "var/rehearsal-clock.json"))),
        account_sid=os.environ.get("SANDBOX_ACCOUNT_SID", "AC000000000000000000000000000000aa"),
        auth_token=os.environ.get("SANDBOX_AUTH_TOKEN", "rehearsal-auth-token"),
        session=session,
        telnyx_key=os.environ.get("SANDBOX_TELNYX_KEY", TELNYX_KEY),
    )
    state = load(saved)
    if state is not None:
        world.exchange.adopt(state)
    return world


def _run(world: World, saved: Path) -> None:
    """Carry out what is due and save what has changed. An error in one step is logged and does not end the thread."""
    kept, next_save = world.exchange.changes, 0.0
    while True:
        try:
            world.run_due()
            if world.exchange.changes != kept and time.monotonic() >= next_save:
                with world.exchange.lock:
                    save(saved, world.state)
                    kept = world.exchange.changes
                next_save = time.monotonic() + BETWEEN_SAVES
        except Exception:
            log.exception("a step of the world failed")
        time.sleep(TICK)


if __name__ == "__main__":
    main()
