"""A request with an `Idempotency-Key` that is sent again gets the answer of the first, and does nothing.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from flask import Response, request
from sqlalchemy.orm import Session

from service.accounts.api_keys import ApiAnswer, ApiKey, answer_kept, try_to_lock
from service.api.problems import Code, Refused
from service.errors import Invalid

_LONGEST: Final = 255
_REPLAYED: Final = "Idempotency-Replayed"
_REPEATED: Final = ("Content-Type", "ETag", "Location")
"""Headers of an answer that are given again. The others are those of each request."""


def answered_once(session: Session, key: ApiKey, answer: Callable[[], Response], *, secret: bool) -> Response:
    """The answer to the request, kept if it is a POST with an idempotency key: in the transaction of what it did.

    A refused request did nothing and is not kept, so it can be corrected and sent again with the same key. Of an
    answer with a `secret` only that it was given is kept.

    Raises:
        Refused: another request with the key is in flight, it was used for another one, or its answer is not kept.
        Invalid: the idempotency key is too long.
    """
    idempotency_key = request.headers.get("Idempotency-Key", "").strip()
    if request.method != "POST" or not idempotency_key:
        return answer()
    if len(idempotency_key) > _LONGEST:
        raise Invalid({"header Idempotency-Key": ["This is too long."]})
    if not try_to_lock(session, key, idempotency_key):
        raise Refused(Code.IN_FLIGHT, headers={"Retry-After": "1"})
    kept = answer_kept(session, key, idempotency_key)
    if kept:
        return _again(kept)
    made = answer()
    session.add(_kept(key, idempotency_key, made, secret=secret))
    return made


def is_repeated(answer: Response) -> bool:
    """Whether an answer is that of an earlier request."""
    return isinstance(answer, Response) and _REPLAYED in answer.headers


def _again(kept: ApiAnswer) -> Response:
    if kept.fingerprint != _fingerprint():
        raise Refused(Code.KEY_REUSED)
    if not kept.body:
        raise Refused(Code.ANSWER_NOT_KEPT)
    again = Response(kept.body, kept.status, [(name, value) for name, value in kept.headers])
    again.headers[_REPLAYED] = "true"
    return again


def _kept(key: ApiKey, idempotency_key: str, made: Response, *, secret: bool) -> ApiAnswer:
    headers = [[name, made.headers[name]] for name in _REPEATED if name in made.headers]
    return ApiAnswer(
        api_key_id=key.id,
        key=idempotency_key,
        fingerprint=_fingerprint(),
        status=made.status_code,
        headers=headers,
        body="" if secret else made.get_data(as_text=True),
    )


def _fingerprint() -> str:
    return sha256(b"\n".join([request.method.encode(), request.full_path.encode(), request.get_data()])).hexdigest()
