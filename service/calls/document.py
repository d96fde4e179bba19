"""A call plan as it is kept: one JSON document for each line, read and checked here and nowhere else."""

import json
from functools import lru_cache
from typing import Any, Final

from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from service.calls.nodes import Node, Plan, usual

VERSION: Final = 1
"""Of the document's form. A reader of an older one goes here when it changes."""

_converter = make_converter(forbid_extra_keys=True, omit_if_default=True)
configure_tagged_union(Node, _converter, tag_name="kind", tag_generator=lambda node: node.__name__.lower())


def written(plan: Plan) -> dict[str, Any]:
    """The plan as a document."""
    document: dict[str, Any] = _converter.unstructure(plan)
    return {"version": VERSION, **document}


@lru_cache(maxsize=2048)
def read(document: str | None) -> Plan:
    """The plan of a document, as JSON text; without one, or an empty one, it is the usual plan.

    Remembered, since a busy line's is read with every ring. Raises `ValueError` for what is no plan, or one of a
    later version than this program knows.
    """
    found = json.loads(document or "{}")
    if not found:
        return usual()
    if found.pop("version", None) != VERSION:
        raise ValueError("a call plan of another version")
    try:
        return _converter.structure(found, Plan)
    except ExceptionGroup as errors:
        raise ValueError(f"not a call plan: {errors}") from errors
