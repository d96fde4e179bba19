"""The door of the process: opens a stream to the page of a person who is signed in, and sends what concerns them.

A stream has a beat, so that a page notices when it is cut off, and ends after a while, so that it is opened anew with
what the person may see by then. https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import socket
from collections.abc import Sequence
from http import HTTPStatus
from random import uniform
from typing import Final

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from service.config import Settings
from service.db import Sessions
from service.live.changes import Journal
from service.live.listeners import Cookies, Listener, listener_of
from service.live.listening import Listening
from service.live.streams import AGAIN, Stream, Streams, TooMany
from service.web.shell.security import network_of

BEAT: Final = 15.0
"""Seconds without a hint after which a beat is sent; pages that hear nothing for longer come back."""

LONGEST: Final = 600.0
"""About how many seconds a stream lasts."""

WRITES_WITHIN: Final = 10.0
"""Seconds that a page may take to read what waits for it."""

KNOWN_WITHIN: Final = 5.0
"""Seconds in which the database has to say who a cookie belongs to."""

_HEADERS: Final = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx passes on what comes at once
    "X-Content-Type-Options": "nosniff",
}


class Door:
    """Answers each request with a stream, or with a status that says why not."""

    def __init__(self, settings: Settings, sessions: Sessions, streams: Streams, listening: Listening) -> None:
        self._settings, self._sessions = settings, sessions
        self._streams, self._listening = streams, listening
        self._cookies = Cookies(settings)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a page. Its address has the snapshot of its reading (`since`), none if it comes back."""
        network = network_of(self._address(request))
        journal = self._listening.journal
        if (refused := self._refused(request, network)) is not None or journal is None:
            return web.Response(status=refused or HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            listener = await self._listener(request.cookies.get(self._cookies.name, ""))
        except (TimeoutError, SQLAlchemyError):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if listener is None:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            return await self._stream(request, Stream(listener, network), journal)
        except TooMany:
            return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS)

    async def _listener(self, cookie: str) -> Listener | None:
        """Who a cookie belongs to, None if to nobody. Raises `TimeoutError`, and SQLAlchemy's errors."""
        known = self._cookies.read(cookie)
        if not known:
            return None
        async with asyncio.timeout(KNOWN_WITHIN):
            return await asyncio.to_thread(listener_of, self._sessions, known)

    def _refused(self, request: web.BaseRequest, network: str) -> HTTPStatus | None:
        """Why nobody gets a stream by this request, whoever it is."""
        if request.method != "GET":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if not self._is_ours(request):
            return HTTPStatus.FORBIDDEN
        try:
            self._streams.must_have_room(network)
        except TooMany:
            return HTTPStatus.TOO_MANY_REQUESTS
        return None

    def _is_ours(self, request: web.BaseRequest) -> bool:
        """Whether it comes from a page of ours: at the domain of a platform that is the host which it asks."""
        origin = request.headers.get("Origin", self._settings.public_base_url)
        return origin in {self._settings.public_base_url, f"https://{request.host}"}

    async def _stream(self, request: web.BaseRequest, stream: Stream, journal: Journal) -> web.StreamResponse:
        self._streams.add(stream)
        try:
            _catch_up(stream, journal, request.query.get("since", ""))
            if journal is not self._listening.journal:  # the database was away meanwhile
                stream.end()
            answer = web.StreamResponse(headers=_HEADERS | self._to_other_port(request))
            answer.force_close()
            _end_with_its_reader(request)
            await answer.prepare(request)
            await _send(answer, stream)
        except (TimeoutError, ConnectionError):  # the page is gone, or reads nothing
            request.protocol.force_close()
        finally:
            self._streams.remove(stream)
        return answer

    def _address(self, request: web.BaseRequest) -> str:
        """Where a request comes from: what the outermost of our own routers says, as for pages.

        A router adds to the header's value (nginx), or a header of its own behind the sender's (haproxy).
        """
        said = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
        routers = self._settings.trusted_proxies
        return said[-routers].strip() if 0 < routers <= len(said) else request.remote or ""

    def _to_other_port(self, request: web.BaseRequest) -> dict[str, str]:
        """Where no router puts both under one address, as on a laptop, a browser asks whether the page may read us."""
        if "Origin" not in request.headers:
            return {}
        allowed = {"Access-Control-Allow-Origin": self._settings.public_base_url, "Vary": "Origin"}
        return allowed | {"Access-Control-Allow-Credentials": "true"}


def _catch_up(stream: Stream, journal: Journal, since: str) -> None:
    """Say what has changed since a page was read; end the stream if the person lost something while we asked for it."""
    listener = stream.listener
    if any(map(listener.may_have_ended, journal.after(listener.seen))):
        stream.end()
    missed = journal.after_page(since)
    for hint in [AGAIN] if missed is None else [change.hint for change in missed if listener.sees(change)]:
        stream.say(hint)


async def _send(answer: web.StreamResponse, stream: Stream) -> None:
    """Send hints and beats until the stream is to end or has lasted long enough."""
    until = asyncio.get_running_loop().time() + uniform(0.9, 1.1) * LONGEST  # noqa: S311 -- so that not all end at once
    await _write(answer, ["event: beat\ndata:\n\n"])
    while not stream.ended and asyncio.get_running_loop().time() < until:
        hints = await stream.hints(BEAT)
        await _write(answer, [f"event: changed\ndata: {hint}\n\n" for hint in hints] or ["event: beat\ndata:\n\n"])
    await _write(answer, ["event: end\ndata:\n\n"])


async def _write(answer: web.StreamResponse, events: Sequence[str]) -> None:
    async with asyncio.timeout(WRITES_WITHIN):
        await answer.write("".join(events).encode())


def _end_with_its_reader(request: web.BaseRequest) -> None:
    """Have the kernel give up a connection whose other end takes nothing, and keep little for it meanwhile."""
    if request.transport is None:
        raise ConnectionError
    request.transport.set_write_buffer_limits(4096)
    connection = request.transport.get_extra_info("socket")
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
