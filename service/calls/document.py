"""A call plan as it is kept: one JSON document for each line, read and checked here and nowhere else."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from service.calls.nodes import Node, Plan, usual

VERSION: Final = 1
"""Of the document's form. A reader of an older one goes here when it changes."""

_BEFORE: Final = "before"

_converter = make_converter(forbid_extra_keys=True, omit_if_default=True)
configure_tagged_union(Node, _converter, tag_name="kind", tag_generator=lambda node: node.__name__.lower())


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan before this one, which somebody replaced at `until` (aware UTC)."""

    plan: Plan
    until: datetime


def written(plan: Plan, earlier: Earlier | None = None) -> dict[str, Any]:
    """The plan as a document, with the one before it where that is to be kept."""
    document: dict[str, Any] = {"version": VERSION, **_converter.unstructure(plan)}
    if earlier:
        document[_BEFORE] = {"until": earlier.until.isoformat(), "plan": written(earlier.plan)}
    return document


@lru_cache(maxsize=2048)
def read(document: str | None) -> Plan:
    """The plan of a document, as JSON text; without one, or an empty one, it is the usual plan.

    Remembered, since a busy line's is read with every ring. Raises `ValueError` for what is no plan, or one of a
    later version than this program knows.
    """
    found = json.loads(document or "{}")
    found.pop(_BEFORE, None)
    if not found:
        return usual()
    if found.pop("version", None) != VERSION:
        raise ValueError("a call plan of another version")
    try:
        return _converter.structure(found, Plan)
    except ExceptionGroup as errors:
        raise ValueError(f"not a call plan: {errors}") from errors


def read_earlier(document: str | None) -> Earlier | None:
    """The plan before, of a document as JSON text; None where nobody has changed it. Raises as `read`."""
    before = json.loads(document or "{}").get(_BEFORE)
    return Earlier(read(json.dumps(before["plan"])), datetime.fromisoformat(before["until"])) if before else None
