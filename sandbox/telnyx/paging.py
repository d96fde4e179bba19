"""Pages by number, and filters in brackets: `filter[phone_number][contains]=555`, `page[size]=20`."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import request

from sandbox.current import the_world
from sandbox.faults import FaultKind
from sandbox.telnyx.errors import INVALID, Denied, Json, Problem

Row = TypeVar("Row")
USUAL_SIZE, LARGEST_SIZE = 20, 250
BRACKETS = re.compile(r"\[([^]]*)\]")


def page(rows: Sequence[Row], render: Callable[[Row], Json]) -> Json:
    """The page that the query asks for, with `meta`."""
    repeats = the_world().faults.strike(FaultKind.REPEAT_PAGE, request.path)
    number, size = 1 if repeats else _whole("page[number]", 1), min(_whole("page[size]", USUAL_SIZE), LARGEST_SIZE)
    start = (number - 1) * size
    meta = {
        "total_pages": -(-len(rows) // size),
        "total_results": len(rows),
        "page_number": number,
        "page_size": size,
    }
    return {"data": [render(row) for row in rows[start : start + size]], "meta": meta}


def filters() -> dict[str, str]:
    """The filters of the query by their path: `phone_number.contains`. Repeated ones are joined with a comma."""
    found: dict[str, str] = {}
    for name, values in request.args.lists():
        head, _, _ = name.partition("[")
        if head == "filter":
            path = ".".join(each for each in BRACKETS.findall(name) if each)
            found[path] = ",".join([*([found[path]] if path in found else []), *values])
    return found


def known_filters(*names: str) -> dict[str, str]:
    """The filters of the query. Raises `Denied` for others than these."""
    found = filters()
    unknown = [
        Problem(INVALID, f"{name} is not a filter.", parameter=f"filter[{name}]") for name in set(found) - {*names}
    ]
    if unknown:
        raise Denied(*unknown, status=400)
    return found


def texml_page(name: str, rows: Sequence[Row], render: Callable[[Row], Json]) -> Json:
    """The page that `Page` (from 0) and `PageSize` ask for, as TeXML's lists are written."""
    number, size = _whole("Page", 0, least=0), min(_whole("PageSize", USUAL_SIZE), LARGEST_SIZE)
    start, path = number * size, request.path.removeprefix("/api.telnyx.com")
    shown = rows[start : start + size]
    more = {"next_page_uri": f"{path}?Page={number + 1}&PageSize={size}"} if len(rows) > start + size else {}
    return more | {
        name: [render(row) for row in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "uri": f"{path}?Page={number}&PageSize={size}",
        "first_page_uri": f"{path}?Page=0&PageSize={size}",
    }


def records_page(
    rows: Sequence[Row], render: Callable[[Row], Json], size: str = "recordsPerPage", total: str = "totalRecords"
) -> Json:
    """The page that `page` (from 1) and `size` ask for, as lists of registrations are written."""
    number, length = _whole("page", 1), min(_whole(size, USUAL_SIZE), LARGEST_SIZE)
    start = (number - 1) * length
    return {"records": [render(row) for row in rows[start : start + length]], "page": number, total: len(rows)}


def _whole(name: str, default: int, least: int = 1) -> int:
    value = request.args.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise Denied(Problem(INVALID, f"A number from {least} on was expected.", parameter=name), status=400)
    return int(value)
