"""An operation of the API: who may call it, how often, in which transaction, and what it takes and answers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, NamedTuple, TypeVar

from flask import Response, g, request
from flask_limiter.util import get_remote_address
from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE, Schema
from sqlalchemy.orm import Session

from service.accounts.api_keys import ApiKey, Scope, find_key, note_use
from service.accounts.members import must_be_in_charge
from service.accounts.models import Member
from service.api import rates
from service.api.answered_once import answered_once, is_repeated
from service.api.files import StoredFile
from service.api.problems import Code, Refused
from service.web.shell.context import services
from service.web.shell.security import network_of

View = TypeVar("View", bound=Callable[..., Any])

_BEARER: Final = "Bearer "

_FOUND_LATER: Final = frozenset({201, 202})
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_LOCATION: Final = {"Location": {"description": "Where it can be fetched.", "schema": {"type": "string"}}}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls an operation: the member in whose name the key works. `session` is the request's transaction."""

    session: Session
    key: ApiKey

    @property
    def member(self) -> Member:
        """The member who made the key."""
        return self.key.member

    @property
    def workspace_id(self) -> int:
        """The id of their workspace."""
        return self.member.workspace_id

    def in_charge(self) -> Member:
        """The member, if they are an owner or admin. Raises `Forbidden` for other members."""
        must_be_in_charge(self.member)
        return self.member


class Area(Blueprint):
    """Operations on one kind of resource."""

    def operation(  # noqa: PLR0913 -- it names all that differs between operations
        self,
        method: str,
        path: str,
        answers: type[Schema] | None = None,
        *,
        scope: Scope | None = None,
        status: int = 200,
        body: type[Schema] | Schema | None = None,
        query: type[Schema] | None = None,
        tagged: bool = False,
        limits: Sequence[rates.Rate] = (),
        upload: Sequence[str] = (),
        prepared: Callable[[Caller], Any] | None = None,
        unused: Callable[[Any], None] | None = None,
        file: str = "",
        secret: bool = False,
    ) -> Callable[[View], View]:
        """Make a view of a function, which gets the caller, the query, the body, and what stands in the path.

        It needs a key with the `scope` (None: any key), and is counted against `limits` besides that of all requests.
        What it returns is answered as `answers` writes it, or is the `StoredFile` that is answered, if `file` has its
        media type (`audio/*`). With the status 201 or 202, `Location` says where it is. If `tagged`, the answer has an
        ETag, by which a PATCH must say what it changes. With `upload` the body is a file of one of these media types.
        What is slow is `prepared` before the transaction, and given after the caller; what was prepared in vain, as the
        request was refused or is a repeated one, is given to `unused`. An answer with a `secret` is not
        kept to be given again.
        """

        def decorate(view: View) -> View:
            call = self._answering(view, status, answers, file)
            call = self.etag(call) if tagged else call
            for schema, place in ((body, "json"), (query, "query")):
                call = self.arguments(schema, location=place, unknown=RAISE)(call) if schema else call
            guarded = _guarded(call, scope, limits, _Preparation(prepared, unused), secret=secret)
            self.route(path, methods=[method])(self.doc(**self._described(view, method, scope, upload))(guarded))
            return view

        return decorate

    def _answering(self, view: View, status: int, answers: type[Schema] | None, file: str) -> Callable[..., Any]:
        """A view that answers as is described of it."""
        if file:
            described: Callable[..., Any] = self.doc(responses={str(status): _file(file)})(_called(view))
            return described
        found_later = status in _FOUND_LATER
        call = self.response(status, answers, headers=_LOCATION if found_later else None)(_called(view))
        return _located(call) if found_later else call

    def _described(self, view: View, method: str, scope: Scope | None, upload: Sequence[str]) -> dict[str, Any]:
        """What the description says of an operation besides what it takes and answers."""
        return {
            **({"requestBody": {"required": True, "content": dict.fromkeys(upload, _BINARY)}} if upload else {}),
            "operationId": f"{self.name}_{view.__name__}",
            "security": [{"key": [scope] if scope else []}],
            **({"parameters": [_IDEMPOTENCY_KEY]} if method == "POST" else {}),
        }


def _file(media_type: str) -> dict[str, Any]:
    # what is binary has no schema in OpenAPI 3.1
    return {"description": "The file", "content": {media_type: {}}}


def _called(view: View) -> Callable[..., Any]:
    @wraps(view)
    def call(*given: Any, **path: Any) -> Any:  # noqa: ANN401 -- whatever the view takes and returns
        return view(g.caller, *given, **path)

    return call


def _located(call: Callable[..., Response]) -> Callable[..., Response]:
    """Say where a thing is that was made in a list: under its id there."""

    @wraps(call)
    def located(*given: Any, **path: Any) -> Response:  # noqa: ANN401 -- whatever the view takes
        answer = call(*given, **path)
        made: Mapping[str, Any] = answer.get_json()
        answer.headers["Location"] = f"{request.script_root}{request.path}/{made['id']}"
        return answer

    return located


class _Preparation(NamedTuple):
    """What an operation prepares before its transaction, and what becomes of it if it was in vain."""

    prepared: Callable[[Caller], Any] | None
    unused: Callable[[Any], None] | None

    def made(self, caller: Caller, in_vain: ExitStack) -> list[Any]:
        """What the operation is given after the caller; `in_vain` is closed if it was not used."""
        if self.prepared is None:
            return []
        ready = self.prepared(caller)
        if self.unused:
            in_vain.callback(self.unused, ready)
        return [ready]


def _guarded(
    call: Callable[..., Any],
    scope: Scope | None,
    limits: Sequence[rates.Rate],
    preparation: _Preparation,
    *,
    secret: bool,
) -> Callable[..., Any]:
    """A view behind its key and its limits, in one transaction with what is kept of its answer.

    The key is looked up once, in a transaction before it: no connection is held while the request is counted.
    """

    @wraps(call)
    def guard(**path: Any) -> Response:  # noqa: ANN401 -- ids and names
        with services().sessions() as session:
            with session.begin():
                found = find_key(session, _secret())
            key = _permitted(found, scope)
            g.caller = Caller(session, key)
            rates.count(services(), [rates.REQUESTS, *limits], f"workspace {g.caller.workspace_id}")
            with ExitStack() as in_vain:
                ready = preparation.made(g.caller, in_vain)
                with session.begin():
                    note_use(session, key)
                    answer = answered_once(session, key, lambda: call(*ready, **path), secret=secret)
                if not is_repeated(answer):
                    in_vain.pop_all()
            return answer.answer() if isinstance(answer, StoredFile) else answer

    guard._apidoc = deepcopy(getattr(call, "_apidoc", {}))  # type: ignore[attr-defined] # noqa: SLF001 -- the library's
    return guard


def _secret() -> str:
    """The key that was sent, as `Authorization: Bearer`; "" if there is none."""
    sent = request.headers.get("Authorization", "")
    return sent.removeprefix(_BEARER).strip() if sent.startswith(_BEARER) else ""


def _permitted(key: ApiKey | None, scope: Scope | None) -> ApiKey:
    """The key that was found. Strangers are counted by their network.

    Raises:
        Refused: there is none, or it may not do this.
    """
    if key is None:
        rates.count(services(), [rates.STRANGERS], network_of(get_remote_address()))
        raise Refused(Code.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="Portline"'})
    if scope and scope not in key.scopes:
        raise Refused(Code.MISSING_SCOPE, f"This needs a key with the scope {scope}.")
    return key


_IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "A new value for each request, such as a UUID. The same request with the same value, sent again "
    "within 24 hours, gets the same answer and does nothing.",
}
