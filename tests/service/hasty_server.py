"""A small application behind our server, with deadlines so short that a test can await them."""

import hashlib

from service import server
from service.server import BufferingWorker

server.HEAD_SECONDS = 1
server.SEND_SECONDS = 1
server.SLOWEST_BYTES_A_SECOND = 1_000_000

__all__ = ["BufferingWorker", "app"]


def app(environ, start):
    body = environ["wsgi.input"].read()
    answer = b"x" * 30_000_000 if environ["PATH_INFO"] == "/much" else hashlib.sha256(body).hexdigest().encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
