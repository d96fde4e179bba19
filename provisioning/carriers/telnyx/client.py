"""Requests to the carrier's API, which takes and answers JSON: {"data", "meta"}.

This does not use the SDK, which repeats a POST whose answer was lost and lets an answer of any shape pass.
https://developers.telnyx.com/api-reference
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Unpack

import requests

from provisioning.carriers.telnyx.error_answers import read_error
from provisioning.carriers.telnyx.json_parts import Json, as_object, objects_of
from provisioning.carriers.telnyx.settings import Settings
from provisioning.contract.errors import Broken
from provisioning.http import Outgoing, Parts, raise_for_answer

BASE = "https://api.telnyx.com/v2"
PAGE = 250

# our clock and the carrier's may differ
LEEWAY = timedelta(minutes=1)


class Client:
    """Sends requests with our key. Every method may raise any `CarrierError`; `path` begins with a slash."""

    def __init__(self, outgoing: Outgoing, settings: Settings) -> None:
        self._outgoing = outgoing
        self._key = {"Authorization": f"Bearer {settings.api_key}"}

    def fetch(self, path: str, params: Mapping[str, Any] | None = None) -> Json:
        """Fetch one thing."""
        return _data(self.ask("GET", path, params=params))

    def fetch_each(self, path: str, filters: Mapping[str, str] | None = None) -> Iterator[Json]:
        """Fetch a list, page by page: `filters` are by what stands in brackets, as in {"phone_number][contains": "5"}.

        The first page tells how many there are, so that the list ends though a page came twice.
        """
        wanted = {f"filter[{name}]": value for name, value in (filters or {}).items()}
        number, pages = 1, 1
        while number <= pages:
            answer = self.ask("GET", path, params=wanted | {"page[number]": number, "page[size]": PAGE})
            with understood():
                pages = pages if number > 1 else int(as_object(answer["meta"])["total_pages"])
                found = objects_of(answer, "data")
            yield from found
            number += 1

    def fetch_records(
        self,
        path: str,
        filters: Mapping[str, str] | None = None,
        *,
        size: str = "recordsPerPage",
        total: str = "totalRecords",
    ) -> Iterator[Json]:
        """Fetch a list about registrations, which name the `size` of a page and the `total` in ways of their own.

        The list ends though a page came twice.
        """
        seen, number, all_of_them = 0, 1, 1
        while seen < all_of_them:
            answer = self.ask("GET", path, params=dict(filters or {}) | {"page": number, size: PAGE})
            with understood():
                all_of_them, found = int(answer[total]), objects_of(answer, "records")
            yield from found
            seen, number = seen + (len(found) or all_of_them), number + 1

    def create(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Json:
        """Create something, and return it."""
        return _data(self.ask("POST", path, json=body, headers=headers))

    def change(self, path: str, body: Json) -> Json:
        """Change what is in the body of something, and return it."""
        return _data(self.ask("PATCH", path, json=body))

    def delete(self, path: str) -> None:
        """Delete something. Raises `NotFound` if it is gone."""
        self._answer("DELETE", path)

    def fetch_with_headers(self, path: str) -> tuple[Json, Mapping[str, str]]:
        """Fetch one thing, with the headers of the answer."""
        answer = self._answer("GET", path)
        with understood():
            return as_object(as_object(answer.json())["data"]), answer.headers

    def ask(self, method: str, path: str, **parts: Unpack[Parts]) -> Json:
        """Send a request and return the JSON object that it was answered with."""
        answer = self._answer(method, path, **parts)
        with understood():
            return as_object(answer.json())

    def _answer(self, method: str, path: str, **parts: Unpack[Parts]) -> requests.Response:
        parts["headers"] = self._key | dict(parts.get("headers") or {})
        answer = self._outgoing.send(method, BASE + path, **parts)
        raise_for_answer(answer, read_error)
        return answer


def clock_of(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was made by the carrier's clock (UTC), None if it does not say."""
    date = headers.get("Date")
    return parsedate_to_datetime(date).astimezone(UTC) if date else None


@contextmanager
def understood() -> Iterator[None]:
    """Raise `Broken` for an answer that cannot be read; nothing may be concluded from it."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Broken(f"answer not understood: {type(error).__name__}") from error


def _data(answer: Json) -> Json:
    with understood():
        return as_object(answer["data"])
