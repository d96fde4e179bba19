"""The process `live`: `python -m service.live` listens until SIGTERM or SIGINT, then lets its pages go."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from service.config import Settings, stopping_on_wrong_settings
from service.connections import POOLS, Process
from service.db import Sessions, connect, sessions_on
from service.live.door import Door
from service.live.listening import Listening
from service.live.streams import Streams
from service.logs import set_up_logs

ASKS_WITHIN: Final = 10.0
"""Seconds in which a connection has to bring the whole of its request."""

STOPS_WITHIN: Final = 5.0
"""Seconds that pages have to take what waits for them."""

_Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server(web.Server):
    """A server that gives a connection one answer, and closes one that does not ask in time."""

    def __init__(self, answer: _Answer) -> None:
        super().__init__(self._answer_in_time, handler_cancellation=True, access_log=None)
        self._answer = answer
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    def __call__(self) -> web.RequestHandler:
        """Take a connection."""
        taken = super().__call__()
        self._silent[taken] = asyncio.get_running_loop().call_later(ASKS_WITHIN, self._close, taken)
        return taken

    async def _answer_in_time(self, request: web.BaseRequest) -> web.StreamResponse:
        self._silent.pop(request.protocol).cancel()
        answer = await self._answer(request)
        answer.force_close()
        return answer

    def _close(self, silent: web.RequestHandler) -> None:
        del self._silent[silent]
        silent.force_close()


async def serve(settings: Settings, sessions: Sessions, stop: asyncio.Event) -> None:
    """Serve until told to stop. Raises `OSError` if the address is taken, and whatever else ends the listening."""
    streams = Streams()
    listening = Listening(settings.direct_url, streams)
    server = Server(Door(settings, sessions, streams, listening).answer)
    runner = web.ServerRunner(server, shutdown_timeout=STOPS_WITHIN)
    await runner.setup()
    host, _, port = settings.live_bind.rpartition(":")
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    try:
        async with asyncio.TaskGroup() as group:
            listens = group.create_task(listening.run())
            await stop.wait()
            listens.cancel()
    finally:
        await runner.cleanup()


async def _until_signalled(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    engine = connect(settings.direct_url, Process.LIVE, POOLS[Process.LIVE])
    await serve(settings, sessions_on(engine), stop)


def main() -> None:
    """Read the settings and serve."""
    with stopping_on_wrong_settings():
        settings = Settings.from_env()
    set_up_logs(settings.log_level, {**os.environ, "SECRET_KEY": ",".join(settings.secret_keys)})
    asyncio.run(_until_signalled(settings))


if __name__ == "__main__":
    main()
