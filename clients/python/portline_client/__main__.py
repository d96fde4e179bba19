"""`portline-api`: every operation of the API as a command, whose answer is printed as JSON.

    portline-api messages send --to +14155550123 --text "Your cake is ready."
    portline-api messages conversations --view open --every
    portline-api drafts bill TRANSFER --content bill.pdf --media-type application/pdf

The key and the address of Portline stand in the environment, as PORTLINE_KEY and PORTLINE_URL.
"""

import argparse
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import requests

from portline_client import areas
from portline_client.areas import OPERATIONS, Areas
from portline_client.client import Portline, every
from portline_client.transport import UNSET, Answer, Problem

REFUSED: Final = 1
NOT_REACHED: Final = 3
_NOT_SET: Final = 2
_FLAGS: Final = {"true": True, "false": False}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0: it was done; 1: refused; 2: written wrongly, or no key; 3: Portline was not reached."""
    chosen = vars(_parser().parse_args(arguments))
    if missing := [name for name in ("PORTLINE_KEY", "PORTLINE_URL") if not os.environ.get(name)]:
        print(f"Set {' and '.join(missing)} in the environment.", file=sys.stderr)  # noqa: T201 -- a command speaks
        return _NOT_SET
    try:
        for answer in _done(Portline(), f"{chosen.pop('area')}.{chosen.pop('operation')}", chosen):
            _print(answer)
    except Problem as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return REFUSED
    except requests.RequestException as error:
        print(f"Portline doesn’t answer: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        return NOT_REACHED
    return 0


def _done(portline: Portline, name: str, given: dict[str, Any]) -> Iterator[Answer | bytes | None]:
    """What an operation answers, or everything in its list."""
    call, method = _of(portline, name), OPERATIONS[name][0]
    follow = given.pop("every", False)
    sent = {key: value for key, value in given.items() if value is not None and value is not UNSET}
    nulls = {key: None for key, value in given.items() if value is UNSET}
    path = [sent.pop(one) for one in _path(call)]
    if method == "PATCH" and "etag" not in sent:
        sent["etag"] = _shown(portline, name)(*path).etag
    if follow:
        yield from map(Answer, every(call, *path, **sent))
    else:
        yield call(*path, **sent, **nulls)


def _shown(portline: Portline, name: str) -> Callable[..., Answer]:
    """The operation that gets what another one changes."""
    path = OPERATIONS[name][1]
    [found] = [one for one, (method, other, _) in OPERATIONS.items() if (method, other) == ("GET", path)]
    return _of(portline, found)


def _of(portline: Areas, name: str) -> Callable[..., Any]:
    area, _, operation = name.partition(".")
    call: Callable[..., Any] = getattr(getattr(portline, area), operation)
    return call


def _print(answer: Answer | bytes | None) -> None:
    if isinstance(answer, bytes):
        sys.stdout.buffer.write(answer)
    elif answer is not None:
        print(json.dumps(answer, ensure_ascii=False))  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portline-api", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    shelves = parser.add_subparsers(dest="area", required=True, metavar="AREA")
    grouped: dict[str, Any] = {}
    for name in OPERATIONS:
        area, _, operation = name.partition(".")
        if area not in grouped:
            told = shelves.add_parser(area, help=f"operations on {area.replace('_', ' ')}")
            grouped[area] = told.add_subparsers(dest="operation", required=True, metavar="OPERATION")
        _add(grouped[area], operation, _method(area, operation))
    return parser


def _method(area: str, operation: str) -> Callable[..., Any]:
    """A method, without a client that it belongs to."""
    named = "".join(map(str.capitalize, area.split("_")))
    found: Callable[..., Any] = getattr(getattr(areas, named), operation)
    return found


def _add(shelf: Any, operation: str, method: Callable[..., Any]) -> None:  # noqa: ANN401 -- argparse's own, private
    about = inspect.getdoc(method) or ""
    command = shelf.add_parser(operation, help=about.partition("\n")[0], description=about)
    for one in list(inspect.signature(method).parameters.values())[1:]:
        kind = str(one.annotation if isinstance(one.annotation, str) else inspect.formatannotation(one.annotation))
        if one.kind is one.POSITIONAL_OR_KEYWORD:
            command.add_argument(one.name, type=_reader(kind), metavar=one.name.upper())
        else:
            needed = one.default is one.empty and one.name != "etag"
            more = {"nargs": "+"} if kind.startswith("list[") and "dict" not in kind else {}
            command.add_argument(f"--{one.name.replace('_', '-')}", type=_reader(kind), required=needed, **more)
    if "cursor" in inspect.signature(method).parameters:
        command.add_argument("--every", action="store_true", help="all pages, an entry on each line")


def _path(call: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(call).parameters.values()
    return [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]


def _reader(kind: str) -> Callable[[str], Any]:
    """How a value of a type is read: text as it is, files by their names, what has parts as JSON."""
    if "bytes" in kind:
        return lambda name: Path(name).read_bytes()
    plain = _plain(kind)
    nullable = "None" in kind
    return lambda typed: UNSET if nullable and typed == "null" else plain(typed)


def _plain(kind: str) -> Callable[[str], Any]:
    if "dict" in kind:
        return json.loads
    if "bool" in kind:
        return lambda typed: _FLAGS[typed]
    return int if "int" in kind else str


if __name__ == "__main__":
    sys.exit(main())
