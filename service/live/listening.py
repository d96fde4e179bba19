"""Listening to the database: every change is kept in the journal and said to the pages that it concerns."""

import asyncio
import logging
from typing import Final

from psycopg import AsyncConnection, OperationalError
from psycopg.sql import SQL, Identifier

from service.connections import Process, arguments
from service.live.changes import CHANNEL, Journal, change_of
from service.live.streams import Streams

log = logging.getLogger(__name__)

LOOKS_EVERY: Final = 10.0
"""Seconds without a change after which the connection is tried: one whose other end has vanished is silent, too."""

REST: Final = 1.0
"""Seconds before another try to reach the database."""

_NEXT_TRANSACTION: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class Listening:
    """Listens until it is canceled. `journal` is None while the database is away."""

    def __init__(self, database_url: str, streams: Streams) -> None:
        self._url, self._streams = database_url, streams
        self.journal: Journal | None = None

    async def run(self) -> None:
        """Listen, and begin anew when the database comes back. What was missed meanwhile, pages ask for."""
        while True:
            try:
                await self._listen()
            except OperationalError as error:
                log.warning("live lost the database", extra={"trouble": type(error).__name__})
            finally:
                self.journal = None
                self._streams.end_all()
            await asyncio.sleep(REST)

    async def _listen(self) -> None:
        options = arguments(Process.LIVE)
        async with await AsyncConnection.connect(self._url, autocommit=True, **options) as connection:
            await connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
            [since] = await (await connection.execute(_NEXT_TRANSACTION)).fetchone() or [0]
            journal = self.journal = Journal(since)
            while True:
                async for notice in connection.notifies(timeout=LOOKS_EVERY):
                    change = change_of(notice.payload)
                    journal.keep(change)
                    self._streams.spread(change)
                await connection.execute("SELECT 1")
