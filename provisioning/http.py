"""One way to call out, used by every carrier: time limits, neutral errors, nothing private in a message or a log."""

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

from provisioning.contract.errors import Broken, CarrierError, Conflict, Fault, NotFound, Refused, Unavailable

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
READ_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What a carrier's error answer says, as its folder reads it; `conflict` and `later` overrule the HTTP status.

    `not_permitted`: what was asked is forbidden, such as calls to a country; our credentials are good. `credentials`:
    they are not, whatever the status.
    """

    text: str
    code: str = ""
    faults: tuple[Fault, ...] = ()
    conflict: bool = False
    later: bool = False
    not_permitted: bool = False
    credentials: bool = False


class Parts(TypedDict, total=False):
    """What a request may be made of, as `requests` names it."""

    params: Mapping[str, Any] | None
    headers: Mapping[str, str] | None
    auth: tuple[str, str] | None
    data: Mapping[str, Any] | None
    json: Mapping[str, Any] | None
    files: Mapping[str, tuple[str, bytes, str]]


class Outgoing:
    """The way out to one carrier.

    With a `base_url` (rehearsal) no request leaves for the real hosts: `https://HOST/path` goes to
    `<base_url>/HOST/path` instead.
    """

    def __init__(self, session: requests.Session, base_url: str = "") -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")

    def send(self, method: str, url: str, *, stream: bool = False, **parts: Unpack[Parts]) -> requests.Response:
        """Send; any HTTP status is returned, and no redirect followed. Raises `Unavailable` when no answer came."""
        host = urlsplit(url).hostname or ""
        there = self._mapped(url)
        prepared = self._session.prepare_request(requests.Request(method, there, **parts))
        settings = self._session.merge_environment_settings(there, {}, stream, None, None)
        started = time.monotonic()
        try:
            response = self._session.send(
                prepared, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **settings
            )
        except requests.RequestException as error:
            # "from None": the library's message holds the whole URL, and with it the customer's number
            raise _no_answer(host, error) from None
        _log(method, host, response.status_code, time.monotonic() - started)
        return response

    def _mapped(self, url: str) -> str:
        if not self._base_url:
            return url
        return f"{self._base_url}/{url.removeprefix('https://')}"


def raise_for_answer(response: requests.Response, read: Callable[[requests.Response], ErrorAnswer]) -> None:
    """Turn an answer other than 2xx into the contract's error; `read` puts the carrier's error body into words."""
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status < HTTPStatus.BAD_REQUEST:
        raise Broken(f"unexpected redirect ({status})")
    raise _error(status, read(response), _retry_after(response))


def redacted(text: str) -> str:
    """The text without anything that may be a phone number, an account number or an e-mail address."""
    return _PRIVATE.sub("…", text)


_PRIVATE = re.compile(r"(?<!\w)[+(]{0,2}\d(?:[\s().-]{0,2}\d){5,}(?!\w)|[^\s@<>]+@[^\s@<>]+")


def _no_answer(host: str, error: requests.RequestException) -> Unavailable:
    return Unavailable(f"no answer from {host}: {type(error).__name__}", not_made=_never_arrived(error))


def _never_arrived(error: requests.RequestException) -> bool:
    """Only a connection that was never made proves that nothing was done; a lost answer proves nothing."""
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
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and not error_answer.not_permitted:
        return _forbidden(text, credentials=status == HTTPStatus.UNAUTHORIZED or error_answer.credentials)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(text, code=error_answer.code)
    if status == HTTPStatus.CONFLICT or error_answer.conflict:
        return Conflict(text, code=error_answer.code)
    return Refused(text, code=error_answer.code, faults=error_answer.faults)


def _forbidden(text: str, *, credentials: bool) -> Broken:
    """Wrong credentials, or an account that may not do this: no customer can mend either, so an operator must look."""
    reason = "the carrier does not accept our credentials" if credentials else "the carrier does not permit this"
    error = Broken(f"{reason}: {text}")
    error.not_made = True
    return error


def _retry_after(response: requests.Response) -> float | None:
    """Seconds the carrier asks us to wait; the header's other form, a date, is not used by carriers we know."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


def _log(method: str, host: str, status: int, seconds: float) -> None:
    """Paths and queries stay out: they hold phone numbers."""
    log.info("carrier answered", extra={"verb": method, "host": host, "status": status, "seconds": round(seconds, 3)})
