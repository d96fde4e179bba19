"""What stands around a step of a call plan: the picture of the whole plan, of which one step may be chosen."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy.orm import Session

from service.accounts.models import IN_CHARGE
from service.calls.queries import answering_on, earlier_plan
from service.errors import NotFound
from service.lines.inventory import numbers_of
from service.lines.models import Line
from service.web.lines.plan_drawing import Branch, draw, recording_words, unused
from service.web.lines.plan_words import forwarding_words, opening
from service.web.shell.context import member, services

_WIDEST: Final = 3
"""Columns of a plan that is drawn as a tree; a wider one is an outline, as all are on small screens."""


def studio(session: Session, line: Line, chosen: str = "") -> dict[str, Any]:
    """What `lines/studio.html` shows; `chosen` names a node. Raises `NotFound`."""
    answering = answering_on(session.connection(), line.id)
    if answering is None:
        raise NotFound("There is no such line.")
    answering = answering.within({*services().settings.countries, line.country})
    plan, picture = answering.plan, draw(answering)
    return {
        "line": line,
        "answering": answering,
        "plan": plan,
        "numbers": numbers_of(session, line.id),
        "picture": picture,
        "as_tree": _columns(picture) <= _WIDEST,
        "hours": opening(plan.hours) if plan.hours else "",
        "forwarding": forwarding_words(plan.forwarding) if plan.forwarding else "",
        "recording": recording_words(plan),
        "unused": unused(answering),
        "in_charge": member(session).role in IN_CHARGE,
        "earlier": earlier_plan(session, line.id),
        "chosen": chosen,
    }


def _columns(branches: Collection[Branch]) -> int:
    """How many columns a tree of these branches has."""
    return sum(_columns(branch.box.branches) or 1 for branch in branches)
