"""An application on a socket, for what speaks to it from outside: browsers, and programs in processes of their own."""

from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server


class Silent(WSGIRequestHandler):
    """A request handler without access logs, which would hide the message of a failed test."""

    def log_request(self, *_):
        pass


@contextmanager
def served(app):
    """Serve an application while the block runs; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
