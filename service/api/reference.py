"""The pages that describe the API: its operations as OpenAPI has them, by what they are about, and its refusals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, current_app, render_template
from werkzeug.exceptions import NotFound as NoSuchPage

from service.api.problems import KINDS
from service.events.samples import sample_data
from service.web.shell.context import services
from service.web.team.words import EVENTS

blueprint = Blueprint("api_reference", __name__, template_folder="templates", url_prefix="/api")

Schema = Mapping[str, Any]

_FEW: Final = 12
"""Fewer values than these are listed each time; the description of others tells where they are."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is sent or answered."""

    name: str
    kind: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class Described:
    """An operation in words."""

    id: str
    area: str
    method: str
    path: str
    summary: str
    more: str
    scope: str
    takes: tuple[Value, ...]
    answers: tuple[Value, ...]


@blueprint.get("/")
def show() -> str:
    """How the API works, what it can do, and its refusals."""
    areas, operations = _areas()
    base = services().settings.public_base_url
    return render_template(
        "api/reference.html",
        areas=areas,
        operations=operations,
        kinds=KINDS,
        base=base,
        events=EVENTS,
        data=sample_data,
    )


@blueprint.get("/reference/<area>")
def about(area: str) -> str:
    """The operations of one area, with what they take and answer."""
    areas, operations = _areas()
    if area not in areas:
        raise NoSuchPage
    chosen = [one for one in operations if one.area == area]
    return render_template("api/area.html", area=area, words=areas[area], operations=chosen)


def _areas() -> tuple[Mapping[str, str], list[Described]]:
    """What each area is about, and all operations."""
    spec = current_app.extensions["api"].to_dict()
    return {tag["name"]: tag["description"] for tag in spec["tags"]}, list(_operations(spec))


def _operations(spec: Schema) -> Iterator[Described]:
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, one in methods.items():
            if method != "parameters":
                yield _described(spec, method, path, {**one, "parameters": [*shared, *one.get("parameters", [])]})


def _described(spec: Schema, method: str, path: str, operation: Schema) -> Described:
    answer = next(_content(found) for status, found in operation["responses"].items() if status.startswith("2"))
    return Described(
        id=operation["operationId"],
        area=operation["tags"][0],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        more=operation.get("description", ""),
        scope=next(iter(operation["security"][0]["key"]), ""),
        takes=(*_parameters(spec, operation), *_values(spec, _content(operation.get("requestBody", {})))),
        answers=tuple(_values(spec, answer)),
    )


def _parameters(spec: Schema, operation: Schema) -> Iterator[Value]:
    """Those of the query. The path is shown, and headers, which are the same everywhere, are told of once."""
    known = (_resolved(spec, given) for given in operation["parameters"])
    for one in (one for one in known if one["in"] == "query"):
        about, required = one.get("description", ""), one.get("required", False)
        yield Value(f"?{one['name']}", _kind(one.get("schema", {})), about, required)


def _content(holder: Schema) -> Schema:
    """The schema of a body; a file has none."""
    return next((kept.get("schema", {}) for kept in holder.get("content", {}).values()), {})


def _values(spec: Schema, schema: Schema) -> Iterator[Value]:
    found = _resolved(spec, schema)
    for name, value in found.get("properties", {}).items():
        inner = _resolved(spec, value)
        needed = name in found.get("required", ())
        yield Value(name, _kind(inner), value.get("description", inner.get("description", "")), needed)
        items = inner.get("items", inner if inner is not value else {})
        yield from (Value(f"{name}.{one.name}", one.kind, one.about, one.required) for one in _values(spec, items))


def _resolved(spec: Schema, schema: Schema) -> Schema:
    """What a `$ref` within the description stands for."""
    while "$ref" in schema:
        found: Schema = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _kind(schema: Schema) -> str:
    """The type of a value, with its format, and the values or lengths it may have."""
    kinds = schema.get("type", "object")
    words = [" or ".join(kinds) if isinstance(kinds, list) else kinds]
    words += [str(schema["format"])] if "format" in schema else []
    words += [", ".join(map(str, schema["enum"]))] if len(schema.get("enum", ())) in range(1, _FEW) else []
    words += [f"at most {schema['maxLength']} characters"] if "maxLength" in schema else []
    return ", ".join(words)
