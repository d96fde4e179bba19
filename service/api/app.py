"""The application of the API, which stands beside the pages: it knows no cookies, forms or languages."""

from typing import Any, Final

from apispec import APISpec
from flask import Flask, Response, abort, g, json, request
from flask_smorest import Api
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from service.api import (
    call_plans,
    calls,
    contact_codes,
    contacts,
    draft_numbers,
    drafts,
    messages,
    notices,
    numbers,
    reference,
    registration,
    team,
    transfers,
    underway,
    webhooks,
    workspace,
    workspaces,
)
from service.api.problems import KINDS, MEDIA_TYPE, add_problems
from service.porting.bill_files import LARGEST_BILL
from service.web.shell.fields import Typed
from service.web.shell.requests import RowId

PATH: Final = "/api/v1"

LARGEST_BODY: Final = 64 * 1024
"""Bytes."""

FILES: Final = frozenset({"drafts.bill"})
"""Operations whose body is a file."""

LARGER: Final = {"drafts.bill": LARGEST_BILL + 1024, "messages.send": 14 * 1024 * 1024}
"""Bytes of operations with files: slightly more than a bill can have, so that one slightly too large is refused in
words, and 10 MB of pictures in base64."""

AREAS: Final = (
    workspace.area,
    team.area,
    contacts.area,
    messages.area,
    calls.area,
    call_plans.area,
    numbers.area,
    registration.area,
    transfers.area,
    drafts.area,
    draft_numbers.area,
    underway.area,
    contact_codes.area,
    notices.area,
    webhooks.area,
    workspaces.area,
)

_EXTENSION: Final = "api"


class _Described(Api):
    """The library, which answers refusals of its own in our way."""

    def _register_error_handlers(self) -> None:
        pass


def register(app: Flask) -> None:
    """Add the API and the page that describes it to an application, whose services and settings it shares."""
    api = Flask("service.api", static_folder=None, template_folder=None)
    api.config, api.extensions = app.config, app.extensions
    api.url_map.converters["int"] = RowId
    api.before_request(_must_be_sane)
    api.after_request(_with_headers)
    add_problems(api)
    described = _Described(api, spec_kwargs=_about())
    described.register_field(Typed, "string", None)
    described.ma_plugin.converter.add_attribute_function(_longest)  # type: ignore[union-attr]
    for area in AREAS:
        described.register_blueprint(area)
    _add_problems_to(described.spec)
    api.add_url_rule("/openapi.json", "openapi", lambda: _served(described.spec))
    app.extensions[_EXTENSION] = described.spec
    app.register_blueprint(reference.blueprint)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PATH: api})  # type: ignore[method-assign]


def _about() -> dict[str, Any]:
    key = {"type": "http", "scheme": "bearer", "description": "A key that the owner made under Settings, API keys."}
    return {
        "title": "Portline",
        "version": "1",
        "openapi_version": "3.1.0",
        "servers": [{"url": PATH}],
        "components": {"securitySchemes": {"key": key}},
    }


def _longest(_: Any, field: Any, **__: Any) -> dict[str, Any]:  # noqa: ANN401 -- the library passes its converter
    """The length of a field of our pages' forms, for the description."""
    return {"maxLength": field.longest} if isinstance(field, Typed) else {}


def _add_problems_to(spec: APISpec) -> None:
    """Describe what every operation answers to what it refuses."""
    statuses = sorted({kind.status for kind in KINDS.values()})
    spec.components.schema("Problem", _PROBLEM)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in spec._paths.values():  # noqa: SLF001 -- the library has no other way to what it has collected
        for operation in (one for method, one in path.items() if method != "parameters"):
            for status in statuses:
                titles = [kind.title for kind in KINDS.values() if kind.status == status]
                operation["responses"][str(status)] = {"description": "; or ".join(titles), "content": content}
            operation["responses"].pop("default", None)


_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "The page that explains the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": [code.value for code in KINDS]},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "detail"],
                "properties": {
                    "at": {"type": "string", "description": "Where: `/text` in the body, `?limit` in the query."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def _served(spec: APISpec) -> Response:
    answer = Response(json.dumps(spec.to_dict()), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _must_be_sane() -> None:
    """Refuse what is too large, and NUL anywhere: the database keeps no text with it."""
    is_file = request.endpoint in FILES
    request.max_content_length = largest = LARGER.get(request.endpoint or "", LARGEST_BODY)
    if request.content_length and request.content_length > largest:
        abort(413)
    if "\0" in request.path or any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)
    body = request.get_data()
    if body and not is_file and not request.is_json:
        abort(415)
    if not is_file and (b"\0" in body or b"\\u0000" in body):
        abort(400)


def _with_headers(answer: Response) -> Response:
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers.update(g.get("rates", {}))
    return answer
