"""A program that takes our events over HTTP, as a stranger's does."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from standardwebhooks import Webhook


class Receiver:
    """A program that takes events, and answers with a status."""

    def __init__(self):
        self.status, self.answer, self.got = 200, b"thanks", []
        receiver = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(receiver.status)
                self.send_header("Location", receiver.url)
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *_):
                """Log nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Taking)
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"

    def events(self, secret):
        """What came, verified as strangers do."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.got]

    def types(self):
        return [json.loads(body)["type"] for _, body in self.got]


@contextmanager
def receiving():
    """A receiver that listens until the end of the test."""
    taking = Receiver()
    thread = Thread(target=taking.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield taking
    finally:
        taking.server.shutdown()
        taking.server.server_close()
        thread.join()
