"""An operation of the API: who may call it, how often, in which transaction, and what it takes and answers."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, g, request
from flask_limiter.util import get_remote_address
from flask_smorest.blueprint import Blueprint
from marshmallow import RAISE, Schema
from sqlalchemy.orm import Session

from service.accounts.api_keys import ApiKey, Scope, find_key, note_use
from service.accounts.members import must_be_in_charge
from service.accounts.models import Member
from service.api import rates
from service.api.answered_once import answered_once
from service.api.problems import Code, Refused
from service.web.shell.context import services
from service.web.shell.security import network_of

View = TypeVar("View", bound=Callable[..., Any])

_BEARER: Final = "Bearer "


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
    ) -> Callable[[View], View]:
        """Make a view of a function, which gets the caller, the query, the body, and what stands in the path.

        It needs a key with the `scope` (None: any key), and is counted against `limits` besides that of all requests.
        What it returns is answered as `answers` writes it. If `tagged`, the answer has an ETag, by which a PATCH must
        say what it changes.
        """

        def decorate(view: View) -> View:
            call = self.response(status, answers)(_called(view))
            call = self.etag(call) if tagged else call
            for schema, place in ((body, "json"), (query, "query")):
                call = self.arguments(schema, location=place, unknown=RAISE)(call) if schema else call
            guarded = _guarded(call, scope, limits)
            self.route(path, methods=[method])(self.doc(**_described(view, method, scope))(guarded))
            return view

        return decorate


def _called(view: View) -> Callable[..., Any]:
    @wraps(view)
    def call(*given: Any, **path: Any) -> Any:  # noqa: ANN401 -- whatever the view takes and returns
        return view(g.caller, *given, **path)

    return call


def _guarded(call: Callable[..., Response], scope: Scope | None, limits: Sequence[rates.Rate]) -> Callable[..., Any]:
    """A view behind its key and its limits, in one transaction with what is kept of its answer."""

    @wraps(call)
    def guard(**path: Any) -> Response:  # noqa: ANN401 -- ids and names
        secret = _secret()
        rates.count(services(), [rates.REQUESTS, *limits], f"workspace {_workspace(secret, scope)}")
        with services().sessions.begin() as session:
            g.caller = Caller(session, _found(session, secret))
            note_use(session, g.caller.key)
            return answered_once(session, g.caller.key, lambda: call(**path))

    guard._apidoc = deepcopy(getattr(call, "_apidoc", {}))  # type: ignore[attr-defined] # noqa: SLF001 -- the library's
    return guard


def _secret() -> str:
    """The key that was sent, as `Authorization: Bearer`; "" if there is none."""
    sent = request.headers.get("Authorization", "")
    return sent.removeprefix(_BEARER).strip() if sent.startswith(_BEARER) else ""


def _workspace(secret: str, scope: Scope | None) -> int:
    """The id of the workspace that a key is for. Strangers are counted by their network.

    Raises:
        Refused: the key is unknown, or may not do this.
    """
    with services().sessions() as session:
        key = find_key(session, secret) if secret else None
    if key is None:
        rates.count(services(), [rates.STRANGERS], network_of(get_remote_address()))
        raise _unknown()
    if scope and scope not in key.scopes:
        raise Refused(Code.MISSING_SCOPE, f"This needs a key with the scope {scope}.")
    return key.member.workspace_id


def _found(session: Session, secret: str) -> ApiKey:
    key = find_key(session, secret)
    if key is None:  # revoked at this moment
        raise _unknown()
    return key


def _unknown() -> Refused:
    return Refused(Code.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="Portline"'})


_IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "A new value for each request, such as a UUID. The same request with the same value, sent again "
    "within 24 hours, gets the same answer and does nothing.",
}


def _described(view: View, method: str, scope: Scope | None) -> dict[str, Any]:
    """What the description says of an operation besides what it takes and answers."""
    module = view.__module__.rpartition(".")[2]
    return {
        "operationId": f"{module}_{view.__name__}",
        "security": [{"key": [scope] if scope else []}],
        **({"parameters": [_IDEMPOTENCY_KEY]} if method == "POST" else {}),
    }
