"""Paging by number, as in the 2010 API and on the v1 hosts; port_answers.py has the token pages of porting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from sandbox.twilio.bodies import whole_number

Row = TypeVar("Row")
Json = dict[str, object]
USUAL_SIZE = 50
LARGEST_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """The requested page."""

    number: int
    size: int
    total: int

    @classmethod
    def wanted(cls, total: int) -> "Page":
        """Read the page from the query."""
        size = whole_number(request.args.get("PageSize"), USUAL_SIZE, 1, LARGEST_SIZE)
        return cls(whole_number(request.args.get("Page"), 0, 0, 10**6), size, total)

    @property
    def start(self) -> int:
        """The index of the first row."""
        return self.number * self.size

    def link(self, number: int) -> str:
        """The path and query of another page, with the same filters."""
        query = request.args.to_dict() | {"PageSize": str(self.size), "Page": str(number)}
        return f"{path()}?{urlencode(query)}"

    @property
    def previous(self) -> int | None:
        """The number of the page before, or None."""
        return self.number - 1 if self.number > 0 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, or None."""
        return self.number + 1 if self.start + self.size < self.total else None


def path() -> str:
    """The path on the carrier's host, without the sandbox's prefix."""
    return request.path.partition(".twilio.com")[2]


def host() -> str:
    """The carrier's host."""
    return request.path.split("/")[1]


def page_2010(key: str, rows: Sequence[Row], render: Callable[[Row], Json]) -> Json:
    """A page of the 2010 API: relative links beside the rows."""
    page = Page.wanted(len(rows))
    shown = rows[page.start : page.start + page.size]
    return {
        key: [render(row) for row in shown],
        "page": page.number,
        "page_size": page.size,
        "start": page.start,
        "end": page.start + max(0, len(shown) - 1),
        "uri": page.link(page.number),
        "first_page_uri": page.link(0),
        "previous_page_uri": None if page.previous is None else page.link(page.previous),
        "next_page_uri": None if page.next is None else page.link(page.next),
    }


def page_v1(key: str, rows: Sequence[Row], render: Callable[[Row], Json]) -> Json:
    """A page of a v1 host: absolute links in `meta`."""
    page = Page.wanted(len(rows))
    base = f"https://{host()}"
    meta: Json = {
        "key": key,
        "page": page.number,
        "page_size": page.size,
        "url": base + page.link(page.number),
        "first_page_url": base + page.link(0),
        "previous_page_url": None if page.previous is None else base + page.link(page.previous),
        "next_page_url": None if page.next is None else base + page.link(page.next),
    }
    return {key: [render(row) for row in rows[page.start : page.start + page.size]], "meta": meta}
