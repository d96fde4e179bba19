"""The official SDK, with our HTTP client: errors are raised here, before the SDK sees an answer."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

import requests
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from provisioning.carriers.twilio.error_answers import read_error
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.errors import Broken
from provisioning.http import Outgoing, Parts, log, raise_for_answer

Fields = dict[str, object]

# our clock and the carrier's differ, and the carrier writes whole seconds
LEEWAY = timedelta(minutes=1)


def connect(settings: Settings, outgoing: Outgoing, key: tuple[str, str] | None = None) -> Client:
    """An SDK client that raises the contract's errors. It signs in with an API `key` and its secret, or the token.

    It gets its environment explicitly: the SDK would read region and edge from the process's environment and call
    other hosts.
    """
    return Client(
        *(key or settings.credentials),
        account_sid=settings.account_sid,
        http_client=_Judge(outgoing),
        environment={"TWILIO_ACCOUNT_SID": settings.account_sid},
    )


@contextmanager
def understood() -> Iterator[None]:
    """Raise `Broken` for an answer that cannot be read; nothing may be concluded from it."""
    try:
        yield
    except (TwilioException, KeyError, TypeError, ValueError) as error:
        raise Broken(f"answer not understood: {type(error).__name__}") from error


class Friendly(Protocol):
    """What the carrier keeps under a name that we give it, such as our tag."""

    friendly_name: str | None


Kept = TypeVar("Kept", bound=Friendly)


def named(found: Iterable[Kept], name: str) -> Kept | None:
    """The one with exactly this friendly name: what the carrier's filter lets through is compared."""
    return next((one for one in found if one.friendly_name == name), None)


class _Judge(HttpClient):
    """Sends the SDK's requests with our time limits, and raises the contract's errors.

    It replaces the SDK's `TwilioHttpClient`, which logs every URL and query, keeps the last request with its PIN, and
    raises an error without a status for a failing list page. Time limits and redirects are left to `Outgoing`.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__(log, is_async=False)
        self._outgoing = outgoing

    def request(
        self,
        method: str,
        uri: str,
        params: Fields | None = None,
        data: Fields | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        *_limits: object,
        **_further_limits: object,
    ) -> Response:
        parts = Parts(params=params, headers=headers, auth=auth)
        if _is_json(headers):
            parts["json"] = data
        else:
            parts["data"] = data
        answer = self._outgoing.send(method.upper(), uri, **parts)
        raise_for_answer(answer, read_error)
        if method != "DELETE":
            _insist_on_an_object(answer)
        return Response(answer.status_code, answer.text, answer.headers)


def _is_json(headers: Mapping[str, str] | None) -> bool:
    return (headers or {}).get("Content-Type") == "application/json"


def _insist_on_an_object(answer: requests.Response) -> None:
    try:
        found = json.loads(answer.text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Broken(f"an answer {answer.status_code} without a JSON object")
