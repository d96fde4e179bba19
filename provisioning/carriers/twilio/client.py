"""The official SDK on our way out: every answer is judged here, before the SDK sees it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

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


def connect(settings: Settings, outgoing: Outgoing) -> Client:
    """An SDK client whose every failure is one of the contract's errors.

    The environment is handed over explicitly, because the SDK would otherwise read region and edge from the
    process's own and call other hosts than we believe.
    """
    return Client(
        *settings.credentials,
        http_client=_Judge(outgoing),
        environment={"TWILIO_ACCOUNT_SID": settings.account_sid},
    )


@contextmanager
def understood() -> Iterator[None]:
    """An answer that cannot be read is the carrier's breach: `Broken`, and nothing may be concluded from it."""
    try:
        yield
    except (TwilioException, KeyError, TypeError, ValueError) as error:
        raise Broken(f"answer not understood: {type(error).__name__}") from error


class _Judge(HttpClient):
    """Sends what the SDK asks for, with our time limits, and raises for what is no good answer.

    Not the SDK's own `TwilioHttpClient`: that one writes every URL and query into the log, keeps the last request
    (with its PIN) on itself, and lets a failing list page end in an exception without a status. The time limits and
    the redirects the SDK may ask for are not its business but `Outgoing`'s.
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
