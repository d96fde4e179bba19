"""The gateway's server: pages connect to `/signal`, and every moment the carrier is asked about their calls."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

import requests
from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.gateway.carrier import Carrier, PageCall, TokenRefused
from sandbox.gateway.page import Page, Payload, refusal

MOMENT: Final = timedelta(milliseconds=150)
BEAT: Final = timedelta(seconds=10)
"""The SDK gives a connection up on which nothing came for 15 seconds."""

COMES_BACK: Final = timedelta(seconds=20)
"""So long a lost page keeps its calls."""


log = logging.getLogger("sandbox.gateway")


class Gateway:
    """The pages that are connected, by identity."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._pages: dict[str, list[Page]] = defaultdict(list)

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application()
        app.router.add_get("/signal", self._signal)
        app.router.add_get("/", _certificate_taken)
        app.router.add_route("*", "/{metrics:.*}", _thanks)
        app.cleanup_ctx.append(self._following)
        return app

    async def _following(self, _: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._beat())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for page in [page for pages in self._pages.values() for page in pages]:
            await page.close()

    async def _follow(self) -> None:
        while True:
            open_now = {identity: list(pages) for identity, pages in self._pages.items() if pages}
            with suppress(requests.RequestException):  # the sandbox starts anew
                calls = await self._carrier.calls(open_now)
                for identity, pages in open_now.items():
                    await self._tell(pages, [call for call in calls if call.identity == identity])
            await asyncio.sleep(MOMENT.total_seconds())

    async def _tell(self, pages: list[Page], calls: list[PageCall]) -> None:
        for page in pages:
            try:
                await page.follow(calls)
            except Exception:  # one page in a strange state keeps no other from its calls
                log.exception("a page was not told of its calls")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            for page in [page for pages in self._pages.values() for page in pages]:
                if page.socket is not None and not page.socket.closed:
                    with suppress(ConnectionError):  # it was lost in this moment
                        await page.socket.send_str("\n")

    async def _signal(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        page: Page | None = None
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.strip():
                frame = json.loads(message.data)
                page = await self._heard(socket, page, frame["type"], frame.get("payload", {}))
        if page is not None:
            await self._lost(page, socket)
        return socket

    async def _heard(
        self, socket: web.WebSocketResponse, page: Page | None, kind: str, payload: Payload
    ) -> Page | None:
        """Act on a frame; the page of this connection, once its token was accepted."""
        if kind == "listen":
            return await self._listen(socket, page, payload)
        if page is not None:
            await page.hear(kind, payload)
        return page

    async def _listen(self, socket: web.WebSocketResponse, page: Page | None, payload: Payload) -> Page | None:
        try:
            identity = await self._carrier.identity_of(str(payload.get("token", "")))
        except TokenRefused as why:
            await Page(self._carrier, "", socket).send("error", refusal(str(why)))
            return page
        page = page or self._page(identity, socket)
        token = {"identity": identity, "ttl": 600}
        place = {"gateway": "sandbox", "region": "us1", "edge": "ashburn", "home": "us1"}
        await page.send("connected", {**place, "token": token})
        return page

    def _page(self, identity: str, socket: web.WebSocketResponse) -> Page:
        """The page that comes back after its connection was lost, or a new one."""
        for page in self._pages[identity]:
            if page.socket is None or page.socket.closed:
                page.socket = socket
                return page
        page = Page(self._carrier, identity, socket)
        self._pages[identity].append(page)
        return page

    async def _lost(self, page: Page, socket: web.WebSocketResponse) -> None:
        """Keep a page whose connection is lost, in case it comes back."""
        if page.socket is not socket:  # it is back already
            return
        page.socket = None
        if socket.close_code == WSCloseCode.OK:  # it said goodbye
            await self._forget(page)
            return
        await asyncio.sleep(COMES_BACK.total_seconds())
        if page.socket is None:
            await self._forget(page)

    async def _forget(self, page: Page) -> None:
        if page in self._pages[page.identity]:
            self._pages[page.identity].remove(page)
        await page.close()


async def _certificate_taken(_: web.Request) -> web.Response:
    return web.Response(text="This browser accepts the certificate of the sandbox's gateway. You can close this page.")


async def _thanks(_: web.Request) -> web.Response:
    """Answer the SDK's reports of quality, from pages of another origin."""
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    return web.json_response({}, headers=headers)
