"""The HTTP client of all carriers: time limits, neutral errors, nothing private in messages and logs."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from provisioning import deadline
from provisioning.contract.errors import Broken, CarrierError, Conflict, Fault, NotFound, Refused, Unavailable
from provisioning.sent import Sent, note

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
READ_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """A carrier's error answer, read by its folder. `conflict`, `later` and `refused` override the HTTP status.

    `refused`: the code says what is wrong with this request alone, whichever status below 500 it comes with.
    `not_permitted`: our credentials are good, but this request is forbidden, such as a call to some country.
    `credentials`: they are wrong, whatever the status.
    """

    text: str
    code: str = ""
    faults: tuple[Fault, ...] = ()
    conflict: bool = False
    later: bool = False
    refused: bool = False
    not_permitted: bool = False
    credentials: bool = False


class Parts(TypedDict, total=False):
    """The parts of a request, as `requests` names them."""

    params: Mapping[str, Any] | None
    headers: Mapping[str, str] | None
    auth: tuple[str, str] | None
    data: Mapping[str, Any] | None
    json: Mapping[str, Any] | None
    files: Mapping[str, tuple[str, bytes, str]]


class Outgoing:
    """Sends the requests to one carrier.

    With a `base_url` (rehearsal) no request goes to the real hosts: `https://HOST/path` goes to
    `<base_url>/HOST/path` instead.
    """

    def __init__(self, session: requests.Session, base_url: str = "") -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")

    def send(self, method: str, url: str, *, stream: bool = False, **parts: Unpack[Parts]) -> requests.Response:
        """Send a request and return the answer, whatever its status. Follows no redirect.

        Raises:
            TooLate: the deadline is over (`provisioning/deadline.py`), and nothing was sent.
            Unavailable: there was no answer.
        """
        there = self._mapped(url)
        prepared = self._session.prepare_request(requests.Request(method, there, **parts))
        settings = self._session.merge_environment_settings(there, {}, stream, None, None)
        started = time.monotonic()
        deadline.insist()
        try:
            response = self._session.send(
                prepared, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **settings
            )
        except requests.RequestException as error:
            _note(method, url, 0, time.monotonic() - started)
            # "from None": the library's message holds the whole URL, and with it the customer's number
            raise _no_answer(urlsplit(url).hostname or "", error) from None
        _note(method, url, response.status_code, time.monotonic() - started)
        return response

    def _mapped(self, url: str) -> str:
        if not self._base_url:
            return url
        return f"{self._base_url}/{url.removeprefix('https://')}"


def raise_for_answer(response: requests.Response, read: Callable[[requests.Response], ErrorAnswer]) -> None:
    """Raise the contract's error for an answer other than 2xx. `read` reads the carrier's error body."""
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status < HTTPStatus.BAD_REQUEST:
        raise Broken(f"unexpected redirect ({status})")
    raise _error(status, read(response), _retry_after(response))


def redacted(text: str) -> str:
    """Replace everything that may be a phone number, an account number or an e-mail address."""
    return _PRIVATE.sub("…", text)


_PRIVATE = re.compile(r"(?<!\w)[+(]{0,2}\d(?:[\s().-]{0,2}\d){5,}(?!\w)|[^\s@<>]+@[^\s@<>]+")


def _no_answer(host: str, error: requests.RequestException) -> Unavailable:
    return Unavailable(f"no answer from {host}: {type(error).__name__}", not_made=_never_arrived(error))


def _never_arrived(error: requests.RequestException) -> bool:
    """Whether the request certainly did not arrive: only a connection that was never made proves that."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _error(status: int, error_answer: ErrorAnswer, retry_after: float | None) -> CarrierError:
    text = f"{redacted(error_answer.text)} ({status}{f', code {error_answer.code}' if error_answer.code else ''})"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} or error_answer.later:
        return Unavailable(text, not_made=True, retry_after=retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unavailable(text)
    return _refusal(status, error_answer, text)


def _refusal(status: int, error_answer: ErrorAnswer, text: str) -> CarrierError:
    refused = Refused(text, code=error_answer.code, faults=error_answer.faults)
    if error_answer.refused:
        return refused
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and not error_answer.not_permitted:
        return _forbidden(text, credentials=status == HTTPStatus.UNAUTHORIZED or error_answer.credentials)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(text, code=error_answer.code)
    if status == HTTPStatus.CONFLICT or error_answer.conflict:
        return Conflict(text, code=error_answer.code)
    return refused


def _forbidden(text: str, *, credentials: bool) -> Broken:
    """The error for wrong credentials, or an account without permission. An operator must look."""
    reason = "the carrier does not accept our credentials" if credentials else "the carrier does not permit this"
    error = Broken(f"{reason}: {text}")
    error.not_made = True
    return error


def _retry_after(response: requests.Response) -> float | None:
    """The seconds to wait that the carrier asks for. The header's other form, a date, is ignored."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


def _note(method: str, url: str, status: int, seconds: float) -> None:
    """Note and log a request, whose status is 0 without an answer; the log has no path, which holds phone numbers."""
    there = urlsplit(url)
    one = Sent(method, there.hostname or "", there.path, status, round(seconds, 3))
    note(one)
    told = {"verb": one.verb, "host": one.host, "status": status, "seconds": one.seconds}
    if status:
        log.info("carrier answered", extra=told)
    else:
        log.warning("carrier did not answer", extra=told)
