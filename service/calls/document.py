"""The stored form of a call plan: one JSON document for each line, written and read only here."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from service.calls.nodes import Node, Plan, usual

VERSION: Final = 1
"""Version of the document's form. When the form changes, this module has to read the older one too."""

_BEFORE: Final = "before"

_converter = make_converter(forbid_extra_keys=True, omit_if_default=True)
configure_tagged_union(Node, _converter, tag_name="kind", tag_generator=lambda node: node.__name__.lower())


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan before the current one, replaced at `until` (aware UTC)."""

    plan: Plan
    until: datetime


def written(plan: Plan, earlier: Earlier | None = None) -> dict[str, Any]:
    """A plan as a document, with the plan before it if there is one."""
    document: dict[str, Any] = {"version": VERSION, **_converter.unstructure(plan)}
    if earlier:
        document[_BEFORE] = {"until": earlier.until.isoformat(), "plan": written(earlier.plan)}
    return document


@lru_cache(maxsize=2048)
def read(document: str | None) -> Plan:
    """The plan in a document (JSON text); for None or an empty document the usual plan.

    Cached, because a line's plan is read with every call. Raises `ValueError` for a document that is no plan, or
    is of another version.
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
    """The earlier plan in a document (JSON text); None if the plan was never changed. Raises as `read` does."""
    before = json.loads(document or "{}").get(_BEFORE)
    return Earlier(read(json.dumps(before["plan"])), datetime.fromisoformat(before["until"])) if before else None
