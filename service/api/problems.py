"""Refusals as programs read them: problem details (RFC 9457) with a stable code. One table has all of them."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask import Flask, Response, current_app, json
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from service.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, ServiceError, TooMany
from service.media import MediaAway
from service.web.shell.context import services

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"


class Code(StrEnum):
    """What went wrong, for programs to decide on. Codes are never renamed."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    MISSING_SCOPE = "missing_scope"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    WRONG_STATE = "wrong_state"
    IN_FLIGHT = "in_flight"
    ANSWER_NOT_KEPT = "answer_not_kept"
    CHANGED_MEANWHILE = "changed_meanwhile"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    INVALID = "invalid"
    KEY_REUSED = "key_reused"
    IF_MATCH_REQUIRED = "if_match_required"
    TOO_MANY_REQUESTS = "too_many_requests"
    LIMIT_REACHED = "limit_reached"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of refusal: its status, its title, and what the program's author can do."""

    status: int
    title: str
    advice: str


KINDS: Final[Mapping[Code, Kind]] = {
    Code.MALFORMED: Kind(400, "The request can’t be read", "Send valid JSON, and no NUL characters."),
    Code.UNAUTHENTICATED: Kind(
        401, "The key is missing or unknown", "Send `Authorization: Bearer` and a key that was not revoked."
    ),
    Code.MISSING_SCOPE: Kind(403, "The key may not do this", "Make a key with the scope that `detail` names."),
    Code.FORBIDDEN: Kind(
        403, "Your role may not do this", "The key works with the rights of the member who made it; they have too few."
    ),
    Code.NOT_FOUND: Kind(404, "There is no such thing", "Check the path and the id. Those of others look the same."),
    Code.METHOD_NOT_ALLOWED: Kind(405, "The path doesn’t take this method", "`Allow` lists the methods."),
    Code.CONFLICT: Kind(409, "That can’t be done now", "`detail` says what would have to change first."),
    Code.WRONG_STATE: Kind(409, "The transfer’s state refuses this", "Fetch the transfer and look at its `state`."),
    Code.IN_FLIGHT: Kind(
        409, "The same request is being answered", "Wait a second, then send it again with the same key."
    ),
    Code.ANSWER_NOT_KEPT: Kind(
        409,
        "It was done, and its answer is not kept",
        "The answer had a secret, which is shown once. Get a new one with `rotate`.",
    ),
    Code.CHANGED_MEANWHILE: Kind(
        412, "It was changed since you fetched it", "Fetch it again, and send your change with the new `ETag`."
    ),
    Code.TOO_LARGE: Kind(
        413, "The body is too large", "A body can have 64 KB; a bill, or the pictures of a text, 10 MB."
    ),
    Code.NOT_JSON: Kind(415, "The body isn’t JSON", "Send `Content-Type: application/json`."),
    Code.INVALID: Kind(422, "Some values are wrong", "`errors` says which, and what to change."),
    Code.KEY_REUSED: Kind(
        422, "The idempotency key was used for another request", "Use a new `Idempotency-Key` for each request."
    ),
    Code.IF_MATCH_REQUIRED: Kind(
        428, "The change needs `If-Match`", "Send the `ETag` of what you fetched, so that no one’s change is lost."
    ),
    Code.TOO_MANY_REQUESTS: Kind(429, "Too many requests", "Wait as many seconds as `Retry-After` says."),
    Code.LIMIT_REACHED: Kind(429, "A limit is reached", "`detail` says which, and when to try again."),
    Code.INTERNAL: Kind(
        500, "Something broke on our side", "Nothing is half done. Send it again with the same `Idempotency-Key`."
    ),
    Code.UNAVAILABLE: Kind(503, "Part of the service is away", "Nothing is lost. Send it again in a few seconds."),
}

_OF_REFUSALS: Final[Sequence[tuple[type[ServiceError], Code]]] = (
    (NotFound, Code.NOT_FOUND),
    (Forbidden, Code.FORBIDDEN),
    (IllegalTransition, Code.WRONG_STATE),
    (Conflict, Code.CONFLICT),
    (Invalid, Code.INVALID),
    (TooMany, Code.LIMIT_REACHED),
)

_OF_STATUSES: Final[Mapping[int, Code]] = {
    kind.status: code for code, kind in reversed(list(KINDS.items())) if code is not Code.LIMIT_REACHED
} | {409: Code.CONFLICT, 422: Code.INVALID, 403: Code.FORBIDDEN}

_PLACES: Final[Mapping[str, str]] = {"json": "/", "query": "?", "headers": "header "}
"""How the place of a wrong value begins: a JSON pointer (RFC 6901), or the name of a parameter."""


class Refused(ServiceError):
    """A refusal of the API itself."""

    def __init__(self, code: Code, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.code, self.detail, self.headers = code, detail, dict(headers or {})
        super().__init__(detail)


def add_problems(api: Flask) -> None:
    """Answer every refusal of an application with problem details."""
    api.register_error_handler(ServiceError, _refused)
    api.register_error_handler(HTTPException, _http)
    api.register_error_handler(RecursionError, _too_deep)
    api.register_error_handler(OperationalError, _away)
    api.register_error_handler(MediaAway, _away)


def page_of(code: Code) -> str:
    """The address of the page that explains a code."""
    return f"{services().settings.public_base_url}/api/#{code}"


def _refused(refusal: ServiceError) -> Response:
    if isinstance(refusal, Refused):
        return _problem(refusal.code, refusal.detail, headers=refusal.headers)
    code = next(code for kind, code in _OF_REFUSALS if isinstance(refusal, kind))
    if isinstance(refusal, Invalid):
        return _problem(code, errors=list(_places("json", refusal.fields)))
    return _problem(code, str(refusal))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004 -- redirects and 304 are no refusals
        return Response(status=error.code or 500)
    code = _OF_STATUSES.get(error.code, Code.INTERNAL if error.code >= 500 else Code.MALFORMED)  # noqa: PLR2004
    wrong: Mapping[str, Any] = (getattr(error, "data", None) or {}).get("messages", {})
    if wrong.get("json") == ["Invalid JSON body."] or "_schema" in str(wrong.get("json", "")):
        code = Code.MALFORMED if wrong.get("json") == ["Invalid JSON body."] else code
    errors = [place for where, fields in wrong.items() for place in _places(where, fields)]
    allowed = getattr(error, "valid_methods", None)
    return _problem(code, errors=errors, headers={"Allow": ", ".join(sorted(allowed))} if allowed else {})


def _too_deep(_: RecursionError) -> Response:
    return _problem(Code.MALFORMED, "The JSON is nested too deep.")


def _away(error: Exception) -> Response:
    log.error("request without database or stored files", exc_info=error)
    return _problem(Code.UNAVAILABLE, headers={"Retry-After": "5"})


def _places(where: str, wrong: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 -- what marshmallow found
    """Each wrong value: where it is, and what to change."""
    if not isinstance(wrong, Mapping):
        sentences = wrong if isinstance(wrong, list) else [wrong]
        yield from ({"at": _PLACES.get(where, where), "detail": str(sentence)} for sentence in sentences)
        return
    for name, inner in wrong.items():
        own = "" if name in {"", "_schema"} else str(name)
        start = "" if own.startswith(("?", "header ")) else _PLACES.get(where, f"{where}/")
        if isinstance(inner, Mapping):
            yield from _places(f"{start}{own}", inner)
        else:
            yield from ({"at": f"{start}{own}", "detail": str(one)} for one in inner)


def _problem(
    code: Code,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    kind = KINDS[code]
    body = {"type": page_of(code), "title": kind.title, "status": kind.status, "code": code}
    body |= {"detail": detail or kind.advice} | ({"errors": list(errors)} if errors else {})
    answer = current_app.response_class(json.dumps(body), kind.status, mimetype=MEDIA_TYPE)
    answer.headers.update(headers or {})
    return answer
