"""The web server's worker: it gives a request to a thread once the whole of it has come.

gunicorn's threads read from the connection themselves, so that as many slow senders as there are threads stop
everything for as long as they like. Here one loop reads from all connections, with a deadline for each, and a slow
sender costs a connection and no thread. TLS ends at the router before it.
"""

import re
import selectors
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn

from service.balance import BalancedWorker

HEAD_SECONDS: Final = 10
"""How long the head of a request may take, and how long a connection may stay silent before it."""

SLOWEST_BYTES_A_SECOND: Final = 16_000
"""A body takes as long as it would at this rate, after the seconds of the head."""

LARGEST_HEAD: Final = 64 * 1024
LARGEST_BODY: Final = 64 * 1024 * 1024
"""A longer body is not read at all; the application has limits of its own below this one and words for them."""

LARGEST_IN_MEMORY: Final = 64 * 1024
LARGEST_TOGETHER: Final = 512 * 1024 * 1024
"""The bodies that are coming in at one time take at most this much of the disk in a worker."""

SEND_SECONDS: Final = 10
"""How long a reader may take nothing of an answer."""

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTANT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_AT_ONCE: Final = 64 * 1024


class Refused(Exception):
    """The request is answered with this status, and its connection closed."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Arrival:
    """One request as it comes in: its head is looked for, then as many bytes as that says are awaited."""

    def __init__(self) -> None:
        self.deadline = time.monotonic() + HEAD_SECONDS
        self.awaited: int | None = None
        self.wants_a_word = False
        self._taken = 0
        self._head = bytearray()
        self._kept = SpooledTemporaryFile[bytes](max_size=LARGEST_IN_MEMORY)

    def take(self, data: bytes) -> None:
        """Keep what has come, the beginning of a next request included. Raises `Refused`."""
        self._taken += len(data)
        self._kept.write(data)
        if self.awaited is None:
            self._head += data
            self._look_for_the_end()

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self.awaited is not None and self._taken >= self.awaited

    @property
    def silent(self) -> bool:
        """Whether nothing of it has come."""
        return not self._taken

    def pieces(self) -> Iterator[bytes]:
        """What was kept, in order; can be read once."""
        self._kept.seek(0)
        while piece := self._kept.read(_AT_ONCE):
            yield piece
        self.close()

    def close(self) -> None:
        """Let go of what was kept."""
        self._kept.close()

    def _look_for_the_end(self) -> None:
        """A whole head says how much is awaited, and whether its sender waits for a word before the body."""
        end = self._head.find(_END_OF_HEAD)
        if end < 0 and self._taken > LARGEST_HEAD:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if end < 0:
            return
        head, self._head = self._head[: end + 2], bytearray()
        length = _length(head)
        self.awaited = end + len(_END_OF_HEAD) + length
        self.wants_a_word = bool(_EXPECTANT.search(head)) and not self.whole
        self.deadline += length / SLOWEST_BYTES_A_SECOND


def _length(head: bytearray) -> int:
    """The length of the body as the head says it; whatever else is wrong with a head is gunicorn's to refuse."""
    if _CHUNKED.search(head):
        raise Refused(HTTPStatus.LENGTH_REQUIRED)
    stated = _LENGTH.search(head)
    length = int(stated[1]) if stated else 0
    if length > LARGEST_BODY:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return length


class BufferingWorker(BalancedWorker):
    """gunicorn's worker with threads, in which only whole requests reach a thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as gunicorn calls it
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, Arrival] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Take up a connection that is new, or on which the next request begins; maybe it came with the last one."""
        conn.sock.setblocking(False)
        if conn.parser is None:
            # in seconds and microseconds; a write then raises, where it would wait for its reader for ever
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_SECONDS, 0))
        self._arriving[conn] = Arrival()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read, conn))
        begun = conn.parser.unreader.take_buffered() if conn.parser else b""
        self._take(conn, begun) if begun else self._read(conn, conn.sock)

    def murder_pending(self) -> None:
        """Close the connections whose requests did not come in time; gunicorn calls this every second at least."""
        now = time.monotonic()
        for conn, arrival in [*self._arriving.items()]:
            if arrival.deadline < now or (arrival.silent and not self.alive):
                self._turn_away(conn, None if arrival.silent else HTTPStatus.REQUEST_TIMEOUT)

    def _read(self, conn: TConn, sock: socket.socket) -> None:
        try:
            data = sock.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._take(conn, data) if data else self._turn_away(conn)

    def _take(self, conn: TConn, data: bytes) -> None:
        arrival = self._arriving[conn]
        begun = arrival.awaited is not None
        try:
            arrival.take(data)
            if not begun:
                self._keep_within_bounds(arrival)
        except Refused as refused:
            self._turn_away(conn, refused.status)
            return
        if arrival.wants_a_word:
            arrival.wants_a_word = False
            _say(conn.sock, HTTPStatus.CONTINUE)
        if arrival.whole:
            self._hand_over(conn)

    def _keep_within_bounds(self, arrival: Arrival) -> None:
        """Refuse a large body while others that are coming in fill the space."""
        if (arrival.awaited or 0) > LARGEST_IN_MEMORY and not arrival.whole:
            together = sum(other.awaited or 0 for other in self._arriving.values())
            if together > LARGEST_TOGETHER:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)

    def _hand_over(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        conn.parser = get_parser(self.cfg, self._arriving.pop(conn).pieces(), conn.client)
        conn.initialized = True
        super().enqueue_req(conn)

    def _turn_away(self, conn: TConn, status: HTTPStatus | None = None) -> None:
        self.poller.unregister(conn.sock)
        self._arriving.pop(conn).close()
        self.nr_conns -= 1
        if status:
            _say(conn.sock, status)
        conn.close()


def _say(sock: socket.socket, status: HTTPStatus) -> None:
    """Send a status without a body, if the connection takes it at once."""
    rest = "" if status is HTTPStatus.CONTINUE else "Connection: close\r\nContent-Length: 0\r\n"
    with suppress(OSError):
        sock.send(f"HTTP/1.1 {status.value} {status.phrase}\r\n{rest}\r\n".encode())
