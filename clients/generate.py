"""Write the methods of the Python client out of the API's description: `python -m clients.generate`."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from flask import Flask

from service.api.app import register

AREAS: Final = Path(__file__).parent / "python" / "portline_client" / "areas.py"

_HEAD: Final = '''"""The operations of the API, area by area. `python -m clients.generate` makes them."""

from typing import Any

from portline_client.transport import UNSET, Answer, Area, Transport, Unset, part
'''

_ROOM: Final = 105
"""Characters of a docstring on one line."""

_TYPES: Final[Mapping[str, str]] = {"integer": "int", "number": "float", "boolean": "bool", "object": "dict[str, Any]"}

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """Something that is sent: its name, its type in Python, whether it may be left out, and where it goes."""

    name: str
    type: str
    required: bool
    place: str

    def written(self) -> str:
        """It in the signature of a method."""
        if self.required:
            return f"{self.name}: {self.type}"
        if self.place == "query":
            return f"{self.name}: {self.type.removesuffix(' | None')} | None = None"
        nullable = self.type.endswith(" | None")
        return f"{self.name}: {self.type.removesuffix(' | None')} | Unset{' | None' if nullable else ''} = UNSET"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: what it is called, what it does, what it takes, and what comes back."""

    area: str
    name: str
    method: str
    path: str
    scope: str
    about: str
    arguments: tuple[Argument, ...]
    upload: bool
    answers: str

    def placed(self, place: str) -> list[Argument]:
        """The arguments of one place: those without a default first."""
        found = [one for one in self.arguments if one.place == place]
        return sorted(found, key=lambda one: not one.required)


def module() -> str:
    """The module as it should be, formatted."""
    found = sorted(operations(description()), key=lambda one: (one.area, one.name))
    classes = [_class(area, list(them)) for area, them in groupby(found, key=lambda one: one.area)]
    names = sorted({one.area for one in found})
    every = "\n".join(f"        self.{name} = {_class_name(name)}(transport)" for name in names)
    start = (
        'class Areas:\n    """All areas, each by its name."""\n\n    def __init__(self, transport: Transport) -> None:'
    )
    table = "\n".join(f'    "{one.area}.{one.name}": ("{one.method}", "{one.path}", "{one.scope}"),' for one in found)
    about = '"""Method, path and scope of each operation; without a scope any key may."""'
    text = "\n\n\n".join([_HEAD, *classes, f"{start}\n{every}", f"OPERATIONS = {{\n{table}\n}}\n{about}\n"])
    return subprocess.run(  # noqa: S603 -- ours
        [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", AREAS, "-"],
        input=text,
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def description() -> dict[str, Any]:
    """The description as the service publishes it."""
    app = Flask(__name__)
    register(app)
    described: dict[str, Any] = app.extensions["api"].to_dict()
    return described


def operations(spec: Schema) -> Iterator[Operation]:
    """Every operation of a description."""
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, one in methods.items():
            if method != "parameters":
                yield _operation(
                    spec, method.upper(), path, {**one, "parameters": [*shared, *one.get("parameters", [])]}
                )


def _operation(spec: Schema, method: str, path: str, one: Schema) -> Operation:
    area = one["tags"][0]
    body = one.get("requestBody", {}).get("content", {})
    given = [_resolved(spec, parameter) for parameter in one["parameters"]]
    placed = [
        Argument(each["name"], _type(spec, each["schema"]), each.get("required", False), each["in"])
        for each in given
        if each["in"] in {"path", "query"}
    ]
    return Operation(
        area=area,
        name=one["operationId"].removeprefix(f"{area}_"),
        method=method,
        path=path,
        scope=next(iter(one["security"][0]["key"]), ""),
        about="\n\n".join(filter(None, [one["summary"], one.get("description", "")])),
        arguments=(*placed, *_of_body(spec, body.get("application/json", {}))),
        upload=bool(body) and "application/json" not in body,
        answers=_answer(one["responses"]),
    )


def _of_body(spec: Schema, body: Schema) -> Iterator[Argument]:
    schema = _resolved(spec, body.get("schema", {}))
    for name, value in schema.get("properties", {}).items():
        yield Argument(name, _type(spec, value), name in schema.get("required", ()), "body")


def _answer(responses: Schema) -> str:
    answered = next(one for status, one in responses.items() if status.startswith("2"))
    content = answered.get("content", {})
    if not content:
        return "None"
    return "Answer" if "application/json" in content else "bytes"


def _type(spec: Schema, schema: Schema) -> str:
    found = _resolved(spec, schema)
    kinds = found.get("type", "object" if "properties" in found else "string")
    listed = kinds if isinstance(kinds, list) else [kinds]
    named = [_named(spec, found, kind) for kind in listed if kind != "null"]
    return " | ".join([*named, *(["None"] if "null" in listed else [])])


def _named(spec: Schema, schema: Schema, kind: str) -> str:
    if kind == "array":
        return f"list[{_type(spec, schema['items'])}]"
    return "bytes" if schema.get("format") == "byte" else _TYPES.get(kind, "str")


def _resolved(spec: Schema, schema: Schema) -> Schema:
    """What a `$ref` stands for, alone or beside null."""
    either = [one for one in schema.get("anyOf", ()) if "$ref" in one]
    if either:
        return {**_resolved(spec, either[0]), "type": ["object", "null"]}
    while "$ref" in schema:
        found: Schema = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _class_name(area: str) -> str:
    return "".join(map(str.capitalize, area.split("_")))


def _class(area: str, found: list[Operation]) -> str:
    methods = "\n\n".join(map(_method, found))
    return f'class {_class_name(area)}(Area):\n    """Operations on {area.replace("_", " ")}."""\n\n{methods}'


def _method(one: Operation) -> str:
    ways, query, body = map(one.placed, ("path", "query", "body"))
    files = ["content: bytes", "media_type: str"] if one.upload else []
    # of changes, POST has its key and PATCH its tag
    marked = {"POST": ['idempotency_key: str = ""'], "PATCH": ["etag: str"]}.get(one.method, [])
    named = [*files, *(each.written() for each in [*query, *body]), *marked]
    named.sort(key=lambda each: "=" in each)
    signature = ", ".join(["self", *(each.written() for each in ways), *(["*", *named] if named else [])])
    path = one.path
    for each in ways:
        path = path.replace(f"{{{each.name}}}", f"{{part({each.name})}}") if each.type == "str" else path
    sent = [f'"{one.method}"', f'{"f" if ways else ""}"{path}"']
    sent += [f"query={_dictionary(query)}"] if query else []
    sent += [f"body={_dictionary(body)}"] if body else []
    sent += ["content=content", "media_type=media_type"] if one.upload else []
    sent += [f"{each}={each}" for each in (each.partition(":")[0] for each in marked)]
    call = {"Answer": "_answered", "bytes": "_file", "None": "_done"}[one.answers]
    about = one.about.replace("\n", "\n        ")
    about = about if "\n" in about or len(about) < _ROOM else about.replace(". ", ".\n\n        ", 1)
    end = "\n\n        " if "\n" in about else ""
    return (
        f"    def {one.name}({signature}) -> {one.answers}:\n"
        f'        """{about}{end.rstrip(" ")[:1]}{"        " if end else ""}"""\n'
        f"        {'' if one.answers == 'None' else 'return '}self.{call}({', '.join(sent)})"
    )


def _dictionary(arguments: list[Argument]) -> str:
    return "{" + ", ".join(f'"{each.name}": {each.name}' for each in arguments) + "}"


if __name__ == "__main__":
    AREAS.write_text(module(), encoding="utf-8")
