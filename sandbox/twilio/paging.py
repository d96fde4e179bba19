"""Twilio's two common ways of paging; the token pages of porting stand in porting.py."""

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
    """Which page is wanted."""

    number: int
    size: int
    total: int

    @classmethod
    def wanted(cls, total: int) -> "Page":
        """As the query says."""
        size = whole_number(request.args.get("PageSize"), USUAL_SIZE, 1, LARGEST_SIZE)
        return cls(whole_number(request.args.get("Page"), 0, 0, 10**6), size, total)

    @property
    def start(self) -> int:
        """Index of the first row."""
        return self.number * self.size

    def link(self, number: int) -> str:
        """Path and query of another page, with the same filters."""
        query = request.args.to_dict() | {"PageSize": str(self.size), "Page": str(number)}
        return f"{path()}?{urlencode(query)}"

    @property
    def previous(self) -> int | None:
        """The page before, if there is one."""
        return self.number - 1 if self.number > 0 else None

    @property
    def next(self) -> int | None:
        """The page after, if there is one."""
        return self.number + 1 if self.start + self.size < self.total else None


def path() -> str:
    """The path on the carrier's host, without our prefix."""
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
