"""Faults in the carrier's answers: lost, slow, refused. They apply to every request on the carrier's hosts."""

import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

from sandbox.exchange import Exchange
from sandbox.faults import AnswerLost, FaultKind
from sandbox.telnyx import errors as telnyx
from sandbox.twilio import errors as twilio

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Fault = Callable[[int, str], dict[str, object]]
HOSTS: dict[str, Fault] = {
    ".twilio.com/": twilio.fault,
    ".telnyx.com/": telnyx.fault,
    "/s3.amazonaws.com/": telnyx.fault,
}
"""What is in the paths of a carrier's hosts, and how it words an answer that a fault refuses."""


class CarrierGate:
    """WSGI middleware: the carrier's hosts answer one request at a time, with the faults that are switched on."""

    def __init__(self, app: "WSGIApplication", exchange: Exchange) -> None:
        self._app = app
        self._exchange = exchange

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, unless a fault refuses it or loses the answer."""
        path = environ["PATH_INFO"]
        fault = next((fault for host, fault in HOSTS.items() if host in path), None)
        if fault is None:
            return self._app(environ, start_response)
        faults = self._exchange.faults
        if slow := faults.strike(FaultKind.SLOW, path):
            time.sleep(slow.seconds)
        if faults.strike(FaultKind.LOSE_BEFORE, path):
            raise AnswerLost
        if status := self._refusal(path):
            return _refuse(status, fault, start_response)
        answer = self._work(environ, start_response)
        if faults.strike(FaultKind.LOSE_AFTER, path):
            raise AnswerLost
        return answer

    def _refusal(self, path: str) -> int | None:
        faults = self._exchange.faults
        if faults.strike(FaultKind.OUTAGE, path):
            return 503
        if faults.strike(FaultKind.THROTTLE, path):
            return 429
        error = faults.strike(FaultKind.ERROR, path)
        return error.status if error else None

    def _work(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        with self._exchange.lock:
            answer = self._app(environ, start_response)
            return list(ClosingIterator(answer, getattr(answer, "close", None)))


def _refuse(status: int, fault: Fault, start_response: "StartResponse") -> list[bytes]:
    why = HTTPStatus(status).phrase
    headers = [("Content-Type", "application/json")]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers += [("Retry-After", "1"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")]
    start_response(f"{status} {why}", headers)
    return [json.dumps(fault(status, why)).encode()]
