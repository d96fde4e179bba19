"""Requests to the API: the key, trying again without doing twice, and refusals as exceptions."""

import time
import uuid
from base64 import b64encode
from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests

SECONDS: Final = 30
"""How long an answer may take."""

TRIES: Final = 4
LONGEST_WAIT: Final = 60
"""Seconds. A refusal that asks for a longer wait is raised."""

_REPEATABLE: Final = frozenset({"GET", "POST", "PUT"})
"""What can be sent again if no answer came. A change by its tag can't: its second try would find it changed."""

_LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_IN_FLIGHT: Final = "in_flight"
_LIMIT_REACHED: Final = "limit_reached"


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
"""What is left out, so that None can say null."""


class Answer(dict[str, Any]):
    """What was answered. `etag` says which state of a thing this is: a change of it has to name it."""

    etag: str = ""


class Problem(Exception):
    """A refusal (RFC 9457). Decide by its `code`, which never changes; `errors` say which values are wrong, and why.

    `page` explains the code. Nothing is half done.
    """

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        """Raised by the client alone."""
        self.status, self.code, self.title = status, told.get("code", ""), told.get("title", "")
        self.detail, self.page, self.errors = told.get("detail", ""), told.get("type", ""), told.get("errors", [])
        wrong = [f"{one['at']}: {one['detail']}" for one in self.errors]
        super().__init__("; ".join([f"{self.title or status}", *(wrong or [self.detail])]))


class Transport:
    """Sends requests with a key to an address."""

    def __init__(self, key: str, url: str, session: requests.Session) -> None:
        """`url` is the address of a Portline, such as https://app.portline.example."""
        self._key, self._api, self._session = key, f"{url.rstrip('/')}/api/v1", session

    def send(  # noqa: PLR0913 -- it names all that a request can have
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        media_type: str = "",
        etag: str = "",
        idempotency_key: str = "",
    ) -> requests.Response:
        """Send a request, again if nothing was done: with the same idempotency key, so that it is done once.

        Raises:
            Problem: it was refused.
            requests.RequestException: no answer came.
        """
        # the key as a header of its own: a netrc file of the machine would take its place as `auth`
        headers = {"Authorization": f"Bearer {self._key}"}
        headers |= {"Idempotency-Key": idempotency_key or str(uuid.uuid4())} if method == "POST" else {}
        headers |= {"If-Match": etag} if etag else {}
        headers |= {"Content-Type": media_type} if media_type else {}
        sent = {"params": _given(query), "json": None if body is None else _given(body), "data": content}
        for left in reversed(range(TRIES)):
            answer = self._tried(method, path, headers, sent, left)
            if answer is not None:
                return answer
        raise AssertionError("the last try answers or raises")

    def _tried(
        self, method: str, path: str, headers: Mapping[str, str], sent: Mapping[str, Any], left: int
    ) -> requests.Response | None:
        """An answer; None after a wait if it can be tried again."""
        try:
            answer = self._session.request(
                method, self._api + path, headers=dict(headers), auth=_as_it_is, timeout=SECONDS, **sent
            )
        except (requests.ConnectionError, requests.Timeout):
            if not left or method not in _REPEATABLE:
                raise
            time.sleep(1)
            return None
        if answer.ok:
            return answer
        problem = Problem(answer.status_code, _told(answer))
        wait = float(answer.headers.get("Retry-After", "1"))
        if not left or not _passes(problem) or wait > LONGEST_WAIT:
            raise problem
        time.sleep(wait)
        return None


class Area:
    """Operations on one kind of resource."""

    def __init__(self, transport: Transport) -> None:
        """The operations go through this transport."""
        self._transport = transport

    def _answered(self, method: str, path: str, **sent: Any) -> Answer:  # noqa: ANN401 -- as `send` takes it
        got = self._transport.send(method, path, **sent)
        answer = Answer(got.json())
        answer.etag = got.headers.get("ETag", "")
        return answer

    def _file(self, method: str, path: str, **sent: Any) -> bytes:  # noqa: ANN401
        return self._transport.send(method, path, **sent).content

    def _done(self, method: str, path: str, **sent: Any) -> None:  # noqa: ANN401
        self._transport.send(method, path, **sent)


def part(name: str) -> str:
    """A name as one part of a path, whatever is in it."""
    return quote(name, safe="")


def _given(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: _written(value) for name, value in (values or {}).items() if value is not UNSET}


def _written(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON has, and bytes
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return [_written(one) for one in value] if isinstance(value, list) else value


def _told(answer: requests.Response) -> dict[str, Any]:
    """The problem in an answer; what stands between may answer with something else."""
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return {"detail": answer.reason}
    return told if isinstance(told, dict) else {}


def _passes(problem: Problem) -> bool:
    """Whether the same request may be taken in a moment."""
    return problem.code == _IN_FLIGHT or (problem.status in _LATER and problem.code != _LIMIT_REACHED)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
