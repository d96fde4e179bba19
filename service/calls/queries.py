"""Reads for a ringing phone and for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.calls.models import CallPlan
from service.language import Language
from service.lines.models import Line, Phone, PhoneNumber, Standing

Reads = Session | Connection
"""Either will do for reading; a ringing phone brings the bare connection, which is quicker."""

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


def answering_at(session: Reads, number: str) -> Answering | None:
    """How the line answers that holds this number (E.164); None when none does. One statement: a phone is ringing."""
    return _answering(session, _AT_NUMBER, {"number": number})


def answering_on(session: Reads, line_id: int) -> Answering | None:
    """How a line answers."""
    return _answering(session, _ON_LINE, {"line_id": line_id})


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
        func.coalesce(CallPlan.ring_seconds, RING_SECONDS),
        func.coalesce(CallPlan.in_turn, False),
        func.coalesce(CallPlan.greeting, ""),
    )
    .join(Workspace, Workspace.id == Line.workspace_id)
    .outerjoin(CallPlan, CallPlan.line_id == Line.id)
)


# put together once: building a statement takes longer than running it
_AT_NUMBER = _ANSWERING.join(PhoneNumber, PhoneNumber.line_id == Line.id).where(
    PhoneNumber.number == bindparam("number"), PhoneNumber.standing == Standing.HELD
)
_ON_LINE = _ANSWERING.where(Line.id == bindparam("line_id"))


def _answering(session: Reads, rows: Select[*tuple[Any, ...]], which: Mapping[str, Any]) -> Answering | None:
    found = session.execute(rows, which).first()
    if found is None:
        return None
    line_id, language, business, phones, *plan = found
    return Answering(line_id, language, business, tuple(phones), *plan)
