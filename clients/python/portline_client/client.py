"""The client: all areas of the API behind one key."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import requests

from portline_client.areas import Areas
from portline_client.transport import Answer, Transport


class Portline(Areas):
    """A workspace, as its key sees it.

        portline = Portline()
        portline.messages.send(to="+14155550123", text="Your cake is ready.")

    `key` and `url` are by default what the environment has as `PORTLINE_KEY` and `PORTLINE_URL`. One client is for one
    thread, as the session of `requests` is that it keeps.
    """

    def __init__(self, key: str = "", url: str = "", session: requests.Session | None = None) -> None:
        """Raises `KeyError` if neither an argument nor the environment says where and with which key."""
        where = url or os.environ["PORTLINE_URL"]
        super().__init__(Transport(key or os.environ["PORTLINE_KEY"], where, session or requests.Session()))


def every(listing: Callable[..., Answer], *path: Any, **query: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Everything in a list, page after page: `every(portline.messages.conversations, view="open")`."""
    page = listing(*path, **query)
    yield from page["data"]
    while page["next_cursor"]:
        page = listing(*path, **query | {"cursor": page["next_cursor"]})
        yield from page["data"]
