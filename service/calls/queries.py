"""Reads for a ringing phone and for the pages."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.calls.models import CallPlan
from service.db import Read
from service.language import Language
from service.lines.models import Line, Phone, PhoneNumber, Standing

RING_SECONDS: Final = 20
"""How long phones ring on a line that nobody has set up."""


@dataclass(frozen=True, slots=True)
class Answering:
    """How a line answers: whom it rings for how long, and what is said. `phones` are E.164, in their order."""

    line_id: int
    language: Language
    business: str
    phones: tuple[str, ...]
    ring_seconds: int
    in_turn: bool
    greeting: str


def answering_at(reads: Connection, number: str) -> Answering | None:
    """How the line answers that holds this number (E.164); None when none does. One statement: a phone is ringing."""
    return _answering(_AT_NUMBER.first(reads, number=number))


def answering_on(reads: Connection, line_id: int) -> Answering | None:
    """How a line answers."""
    return _answering(_ON_LINE.first(reads, line_id=line_id))


def plan_of(session: Session, line_id: int) -> CallPlan:
    """The plan of a line, to be shown or changed; a new one with the usual settings where nobody has set it up."""
    plan = session.get(CallPlan, line_id)
    if plan is None:
        plan = CallPlan(line_id=line_id, ring_seconds=RING_SECONDS, in_turn=False, greeting="")
        session.add(plan)
    return plan


_PHONES = select(Phone.number).where(Phone.line_id == Line.id).order_by(Phone.position, Phone.id)

_ANSWERING = (
    select(
        Line.id,
        Line.language,
        Workspace.name,
        func.array(_PHONES.correlate(Line).scalar_subquery(), type_=ARRAY(String)),
        CallPlan.ring_seconds,
        CallPlan.in_turn,
        CallPlan.greeting,
    )
    .join(Workspace, Workspace.id == Line.workspace_id)
    .outerjoin(CallPlan, CallPlan.line_id == Line.id)
)


_AT_NUMBER = Read(
    _ANSWERING.join(PhoneNumber, PhoneNumber.line_id == Line.id).where(
        PhoneNumber.number == bindparam("number"), PhoneNumber.standing == Standing.HELD
    )
)
_ON_LINE = Read(_ANSWERING.where(Line.id == bindparam("line_id")))


def _answering(found: tuple[Any, ...] | None) -> Answering | None:
    if found is None:
        return None
    line_id, language, business, phones, ring_seconds, in_turn, greeting = found
    return Answering(
        line_id=line_id,
        language=Language(language),
        business=business,
        phones=tuple(phones),
        ring_seconds=RING_SECONDS if ring_seconds is None else ring_seconds,
        in_turn=bool(in_turn),
        greeting=greeting or "",
    )
