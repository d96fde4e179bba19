"""A small application behind our server, with deadlines so short that a test can await them."""

import hashlib
import os

from service import balance, server
from service.server import BufferingWorker

server.HEAD_SECONDS = 1
server.SEND_SECONDS = 1
server.SLOWEST_BYTES_A_SECOND = 1_000_000
balance.HEAD_START = 0.3  # however busy the machine is, the other worker has time enough

__all__ = ["BufferingWorker", "app"]


def app(environ, start):
    body = environ["wsgi.input"].read()
    match environ["PATH_INFO"]:
        case "/much":
            answer = b"x" * 30_000_000
        case "/worker":
            answer = str(os.getpid()).encode()
        case _:
            answer = hashlib.sha256(body).hexdigest().encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
